//! The typed client: one method per use of the contract, each with a deadline, a credential and a
//! request id. Errors come back as `Problem`. Which server answers is decided in `connect`.

mod accounts;
mod memory;
mod practice;
#[cfg(test)]
mod tests;

use std::{future::Future, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use secrecy::{ExposeSecret as _, SecretString};
use tonic::{
    Request, Response, Status, Streaming,
    metadata::{AsciiMetadataValue, MetadataValue},
    transport::Channel,
};
use viva_proto::v1::{
    self, answer_service_client::AnswerServiceClient, auth_service_client::AuthServiceClient,
    interview_service_client::InterviewServiceClient, report_service_client::ReportServiceClient,
};

use crate::{
    access::Access,
    deadline,
    local::Dial,
    problem::{Problem, ProblemKind},
};

/// The deadline for creating an interview: a slow language model needs this long to write the
/// questions.
const CREATION_DEADLINE: Duration = Duration::from_mins(3);

/// How often one call may renew an expired token. The second time is for a token that expired
/// between renewal and call, on a slow machine or because of another process.
const RENEWALS: usize = 2;

/// The client of one server, as one account; clones share the connection.
#[derive(Clone)]
pub(crate) struct Api {
    channel: Channel,
    access: Access,
    dial: Option<Dial>,
}

impl Api {
    /// A client on `channel` with the credentials of `access`.
    pub(crate) fn new(channel: Channel, access: Access) -> Self {
        Self { channel, access, dial: None }
    }

    /// The same client, over a channel made with `dial`.
    pub(crate) fn dialled(self, dial: Dial) -> Self {
        Self { dial: Some(dial), ..self }
    }

    /// The client's credentials.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// A page of the account's interviews, newest first.
    pub(crate) async fn list_interviews(
        &self,
        page_token: String,
    ) -> Result<v1::ListInterviewsResponse, Problem> {
        let request = v1::ListInterviewsRequest { page_size: 50, page_token };
        self.unary(request, |channel, request| async move {
            InterviewServiceClient::new(channel).list_interviews(request).await
        })
        .await
    }

    /// The ready-made interviews of the question bank.
    pub(crate) async fn list_templates(&self) -> Result<Vec<v1::Template>, Problem> {
        let reply = self
            .unary(v1::ListTemplatesRequest::default(), |channel, request| async move {
                InterviewServiceClient::new(channel).list_templates(request).await
            })
            .await?;
        Ok(reply.templates)
    }

    /// Previews an interview without creating it.
    pub(crate) async fn preview_interview(
        &self,
        interview: v1::CreateInterviewRequest,
    ) -> Result<v1::PreviewInterviewResponse, Problem> {
        let request = v1::PreviewInterviewRequest { interview: Some(interview) };
        self.unary(request, |channel, request| async move {
            InterviewServiceClient::new(channel).preview_interview(request).await
        })
        .await
    }

    /// Creates an interview; repeating it with the same key does not create another.
    pub(crate) async fn create_interview(
        &self,
        request: v1::CreateInterviewRequest,
    ) -> Result<v1::CreateInterviewResponse, Problem> {
        self.unary_within(CREATION_DEADLINE, request, |channel, request| async move {
            InterviewServiceClient::new(channel).create_interview(request).await
        })
        .await
    }

    /// Deletes an interview and all that belongs to it.
    pub(crate) async fn delete_interview(&self, interview_id: i64) -> Result<(), Problem> {
        self.unary(v1::DeleteInterviewRequest { interview_id }, |channel, request| async move {
            InterviewServiceClient::new(channel).delete_interview(request).await
        })
        .await
        .map(drop)
    }

    /// The rubric of a question, once one of its answers is evaluated.
    pub(crate) async fn rubric(&self, question_id: i64) -> Result<v1::GetRubricResponse, Problem> {
        self.unary(v1::GetRubricRequest { question_id }, |channel, request| async move {
            ReportServiceClient::new(channel).get_rubric(request).await
        })
        .await
    }

    /// An interview with its questions, their latest answers and the results.
    pub(crate) async fn report(&self, interview_id: i64) -> Result<v1::Report, Problem> {
        let reply = self
            .unary(v1::GetReportRequest { interview_id }, |channel, request| async move {
                ReportServiceClient::new(channel).get_report(request).await
            })
            .await?;
        reply.report.ok_or_else(|| incomplete("report"))
    }

    /// Stores an answer; repeating it with the same key and text does not store another.
    pub(crate) async fn submit_answer(
        &self,
        request: v1::SubmitAnswerRequest,
    ) -> Result<v1::SubmitAnswerResponse, Problem> {
        self.unary(request, |channel, request| async move {
            AnswerServiceClient::new(channel).submit_answer(request).await
        })
        .await
    }

    /// Requests a failed evaluation again.
    pub(crate) async fn retry_evaluation(&self, answer_id: i64) -> Result<v1::Answer, Problem> {
        let reply = self
            .unary(v1::RetryEvaluationRequest { answer_id }, |channel, request| async move {
                AnswerServiceClient::new(channel).retry_evaluation(request).await
            })
            .await?;
        reply.answer.ok_or_else(|| incomplete("answer"))
    }

    /// Opens a stream of an interview's answers as they change. It ends when nothing is pending any more, unless
    /// it is kept open for later answers.
    pub(crate) async fn watch(
        &self,
        interview_id: i64,
        follow: bool,
    ) -> Result<Streaming<v1::WatchInterviewResponse>, Problem> {
        let request = v1::WatchInterviewRequest { interview_id, follow };
        let open = |channel: Channel, mut request: Request<v1::WatchInterviewRequest>| async move {
            // The deadline is for opening the stream, not for its duration.
            request.metadata_mut().remove("grpc-timeout");
            AnswerServiceClient::new(channel).watch_interview(request).await
        };
        self.unary(request, open).await
    }

    /// An interview with its questions.
    pub(crate) async fn interview(&self, interview_id: i64) -> Result<v1::Interview, Problem> {
        let reply = self
            .unary(v1::GetInterviewRequest { interview_id }, |channel, request| async move {
                InterviewServiceClient::new(channel).get_interview(request).await
            })
            .await?;
        reply.interview.ok_or_else(|| incomplete("interview"))
    }

    /// Changes your marks on a question.
    pub(crate) async fn set_question_mark(
        &self,
        request: v1::SetQuestionMarkRequest,
    ) -> Result<v1::QuestionMark, Problem> {
        let reply = self
            .unary(request, |channel, request| async move {
                InterviewServiceClient::new(channel).set_question_mark(request).await
            })
            .await?;
        reply.mark.ok_or_else(|| incomplete("mark"))
    }

    /// A page of the account's marked questions, newest mark first.
    pub(crate) async fn list_question_marks(
        &self,
        page_token: String,
    ) -> Result<v1::ListQuestionMarksResponse, Problem> {
        let request = v1::ListQuestionMarksRequest { page_size: 50, page_token };
        self.unary(request, |channel, request| async move {
            InterviewServiceClient::new(channel).list_question_marks(request).await
        })
        .await
    }

    /// An answer with the current state of its evaluation.
    pub(crate) async fn answer(&self, answer_id: i64) -> Result<v1::Answer, Problem> {
        let reply = self
            .unary(v1::GetAnswerStatusRequest { answer_id }, |channel, request| async move {
                AnswerServiceClient::new(channel).get_answer_status(request).await
            })
            .await?;
        reply.answer.ok_or_else(|| incomplete("answer"))
    }

    /// The report of an interview as a file.
    pub(crate) async fn export_report(
        &self,
        request: v1::ExportReportRequest,
    ) -> Result<v1::ExportReportResponse, Problem> {
        self.unary(request, |channel, request| async move {
            ReportServiceClient::new(channel).export_report(request).await
        })
        .await
    }

    /// The account's scores over at most this many of its newest interviews; 0 means all.
    pub(crate) async fn progress(
        &self,
        max_interviews: i32,
    ) -> Result<v1::GetProgressResponse, Problem> {
        let offset = TimeZone::system().to_offset(Timestamp::now());
        let utc_offset_minutes = offset.seconds() / 60;
        let request = v1::GetProgressRequest { max_interviews, utc_offset_minutes };
        self.unary(request, |channel, request| async move {
            ReportServiceClient::new(channel).get_progress(request).await
        })
        .await
    }

    /// Checks that the server answers, with a call that it may reject for lack of a credential.
    pub(crate) async fn reach(&self) -> Result<(), Problem> {
        let mut client = AuthServiceClient::new(self.channel.clone());
        match deadline::as_usual(client.get_me(v1::GetMeRequest {}), self.dial.as_ref()).await {
            Err(problem) if problem.is_offline() => Err(problem),
            _ => Ok(()),
        }
    }

    /// Makes a call with the usual deadline.
    async fn unary<M, R, F, Fut>(&self, message: M, call: F) -> Result<R, Problem>
    where
        M: Clone,
        F: Fn(Channel, Request<M>) -> Fut,
        Fut: Future<Output = Result<Response<R>, Status>>,
    {
        self.unary_within(deadline::USUAL, message, call).await
    }

    /// Makes a call; if the access token has expired, renews it and repeats the call.
    async fn unary_within<M, R, F, Fut>(
        &self,
        limit: Duration,
        message: M,
        call: F,
    ) -> Result<R, Problem>
    where
        M: Clone,
        F: Fn(Channel, Request<M>) -> Fut,
        Fut: Future<Output = Result<Response<R>, Status>>,
    {
        let mut bearer = self.access.bearer().await?;
        for _ in 0..RENEWALS {
            match self.once(&bearer, limit, message.clone(), &call).await {
                Err(problem) if problem.kind == ProblemKind::TokenExpired => {
                    bearer = self.access.renew(&bearer).await?;
                }
                outcome => return self.unless_refused(&bearer, outcome).await,
            }
        }
        let outcome = self.once(&bearer, limit, message, &call).await;
        self.unless_refused(&bearer, outcome).await
    }

    /// Forgets a session that the server has ended. A session with an expired token is kept,
    /// because it can be renewed.
    async fn unless_refused<R>(
        &self,
        bearer: &SecretString,
        outcome: Result<R, Problem>,
    ) -> Result<R, Problem> {
        if matches!(&outcome, Err(problem) if problem.kind == ProblemKind::SignIn) {
            self.access.reject(bearer).await?;
        }
        outcome
    }

    async fn once<M, R, F, Fut>(
        &self,
        bearer: &SecretString,
        limit: Duration,
        message: M,
        call: &F,
    ) -> Result<R, Problem>
    where
        F: Fn(Channel, Request<M>) -> Fut,
        Fut: Future<Output = Result<Response<R>, Status>>,
    {
        let request_id = format!("{:032x}", rand::random::<u128>());
        let mut request = Request::new(message);
        request.set_timeout(limit);
        let metadata = request.metadata_mut();
        metadata.insert("authorization", authorization(bearer)?);
        if let Ok(id) = MetadataValue::try_from(&request_id) {
            metadata.insert("x-request-id", id);
        }
        let call = call(self.channel.clone(), request);
        let outcome = deadline::within(limit, call, self.dial.as_ref()).await;
        outcome.map_err(|problem| Problem {
            request_id: problem.request_id.or(Some(request_id)),
            ..problem
        })
    }
}

fn authorization(bearer: &SecretString) -> Result<AsciiMetadataValue, Problem> {
    let mut value = MetadataValue::try_from(format!("Bearer {}", bearer.expose_secret()))
        .map_err(|_| Problem::sign_in())?;
    // Keeps the token out of the request's Debug output.
    value.set_sensitive(true);
    Ok(value)
}

fn incomplete(what: &str) -> Problem {
    Problem::new(ProblemKind::Server, format!("The server's reply held no {what}."))
}
