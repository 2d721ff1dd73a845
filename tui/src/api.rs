//! The typed client: one method per use of the contract, each with a deadline, a credential and a
//! request id. Errors come back as `Problem`. Which server answers is decided in `connect`.

#[cfg(test)]
mod tests;
mod within;

use std::{future::Future, time::Duration};

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

pub(crate) use self::within::deadline;
use self::within::within;
use crate::{
    access::Access,
    local::Dial,
    problem::{Problem, ProblemKind},
};

/// How long a call may take before it counts as failed; streams have no such end.
const DEADLINE: Duration = Duration::from_secs(10);

/// The same for creating an interview: a language model writes its questions, and a slow one needs
/// its time for that.
const CREATION_DEADLINE: Duration = Duration::from_mins(3);

/// How often a token past its time is renewed for one call. The second time is for a token that
/// another process, or a slow machine, let grow old between the renewal and the call.
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

    /// The same over a channel that was dialled so.
    pub(crate) fn dialled(self, dial: Dial) -> Self {
        Self { dial: Some(dial), ..self }
    }

    /// The credentials it calls with.
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
            .unary(v1::ListTemplatesRequest {}, |channel, request| async move {
                InterviewServiceClient::new(channel).list_templates(request).await
            })
            .await?;
        Ok(reply.templates)
    }

    /// What an interview would get, before it is made.
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

    /// Creates an interview; repeating it with the same key creates no second one.
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

    /// What the answers to a question are graded by, once one of them is evaluated.
    pub(crate) async fn rubric(&self, question_id: i64) -> Result<v1::GetRubricResponse, Problem> {
        self.unary(v1::GetRubricRequest { question_id }, |channel, request| async move {
            ReportServiceClient::new(channel).get_rubric(request).await
        })
        .await
    }

    /// An interview with its questions, their latest answers and what they amount to.
    pub(crate) async fn report(&self, interview_id: i64) -> Result<v1::Report, Problem> {
        let reply = self
            .unary(v1::GetReportRequest { interview_id }, |channel, request| async move {
                ReportServiceClient::new(channel).get_report(request).await
            })
            .await?;
        reply.report.ok_or_else(|| incomplete("report"))
    }

    /// Stores an answer; repeating it with the same key and text stores no second one.
    pub(crate) async fn submit_answer(
        &self,
        request: v1::SubmitAnswerRequest,
    ) -> Result<v1::SubmitAnswerResponse, Problem> {
        self.unary(request, |channel, request| async move {
            AnswerServiceClient::new(channel).submit_answer(request).await
        })
        .await
    }

    /// Asks for a failed evaluation again.
    pub(crate) async fn retry_evaluation(&self, answer_id: i64) -> Result<v1::Answer, Problem> {
        let reply = self
            .unary(v1::RetryEvaluationRequest { answer_id }, |channel, request| async move {
                AnswerServiceClient::new(channel).retry_evaluation(request).await
            })
            .await?;
        reply.answer.ok_or_else(|| incomplete("answer"))
    }

    /// Opens a stream of an interview's answers as they change; it stays open for those to come.
    pub(crate) async fn watch(
        &self,
        interview_id: i64,
    ) -> Result<Streaming<v1::WatchInterviewResponse>, Problem> {
        let request = v1::WatchInterviewRequest { interview_id, follow: true };
        let open = |channel: Channel, mut request: Request<v1::WatchInterviewRequest>| async move {
            // The deadline is for opening the stream, not for its life.
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

    /// Changes what is noted of a question.
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

    /// A page of the account's marked questions, the newest mark first.
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

    /// An answer with its evaluation as it stands.
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

    /// How the account's scores develop over its newest so many interviews; 0: all.
    pub(crate) async fn progress(
        &self,
        max_interviews: i32,
    ) -> Result<v1::GetProgressResponse, Problem> {
        self.unary(v1::GetProgressRequest { max_interviews }, |channel, request| async move {
            ReportServiceClient::new(channel).get_progress(request).await
        })
        .await
    }

    /// Whether the server answers: it is asked without a credential, which it may well refuse.
    pub(crate) async fn reach(&self) -> Result<(), Problem> {
        let mut client = AuthServiceClient::new(self.channel.clone());
        match deadline(client.get_me(v1::GetMeRequest {}), self.dial.as_ref()).await {
            Err(problem) if problem.is_offline() => Err(problem),
            _ => Ok(()),
        }
    }

    /// The account that the calls are made as.
    pub(crate) async fn me(&self) -> Result<v1::User, Problem> {
        self.who().await?.user.ok_or_else(|| incomplete("account"))
    }

    /// The account, and what its owner should know about signing in.
    pub(crate) async fn who(&self) -> Result<v1::GetMeResponse, Problem> {
        self.unary(v1::GetMeRequest {}, |channel, request| async move {
            AuthServiceClient::new(channel).get_me(request).await
        })
        .await
    }

    /// Gives the account another password; its other sessions end, and its API keys where that is
    /// asked for. Gives how many of these work still.
    pub(crate) async fn change_password(
        &self,
        current: &SecretString,
        new: &SecretString,
        revoke_api_keys: bool,
    ) -> Result<v1::ChangePasswordResponse, Problem> {
        let request = v1::ChangePasswordRequest {
            revoke_api_keys,
            current_password: current.expose_secret().to_owned(),
            new_password: new.expose_secret().to_owned(),
        };
        self.unary(request, |channel, request| async move {
            AuthServiceClient::new(channel).change_password(request).await
        })
        .await
    }

    /// Deletes the account with everything in it; the built-in server's needs no password.
    pub(crate) async fn delete_account(&self, password: &SecretString) -> Result<(), Problem> {
        let request = v1::DeleteAccountRequest { password: password.expose_secret().to_owned() };
        self.unary(request, |channel, request| async move {
            AuthServiceClient::new(channel).delete_account(request).await
        })
        .await
        .map(drop)
    }

    /// Opens a stream of the document that holds all that is kept of the account.
    pub(crate) async fn export_account(
        &self,
    ) -> Result<Streaming<v1::ExportAccountResponse>, Problem> {
        let open = |channel: Channel, mut request: Request<v1::ExportAccountRequest>| async move {
            // The deadline is for opening the stream, not for reading it.
            request.metadata_mut().remove("grpc-timeout");
            AuthServiceClient::new(channel).export_account(request).await
        };
        self.unary(v1::ExportAccountRequest {}, open).await
    }

    /// Ends the session on the server, or all of the account; their tokens stop working.
    pub(crate) async fn logout(&self, everywhere: bool) -> Result<(), Problem> {
        self.unary(v1::LogoutRequest { everywhere }, |channel, request| async move {
            AuthServiceClient::new(channel).logout(request).await
        })
        .await
        .map(drop)
    }

    /// Makes an API key; its secret is in the reply and nowhere else.
    pub(crate) async fn create_api_key(
        &self,
        request: v1::CreateApiKeyRequest,
    ) -> Result<v1::CreateApiKeyResponse, Problem> {
        self.unary(request, |channel, request| async move {
            AuthServiceClient::new(channel).create_api_key(request).await
        })
        .await
    }

    /// The account's API keys, newest first.
    pub(crate) async fn api_keys(&self) -> Result<Vec<v1::ApiKey>, Problem> {
        let reply = self
            .unary(v1::ListApiKeysRequest {}, |channel, request| async move {
                AuthServiceClient::new(channel).list_api_keys(request).await
            })
            .await?;
        Ok(reply.api_keys)
    }

    /// Stops an API key from working.
    pub(crate) async fn revoke_api_key(&self, api_key_id: i64) -> Result<(), Problem> {
        self.unary(v1::RevokeApiKeyRequest { api_key_id }, |channel, request| async move {
            AuthServiceClient::new(channel).revoke_api_key(request).await
        })
        .await
        .map(drop)
    }

    /// Makes a call within the usual deadline.
    async fn unary<M, R, F, Fut>(&self, message: M, call: F) -> Result<R, Problem>
    where
        M: Clone,
        F: Fn(Channel, Request<M>) -> Fut,
        Fut: Future<Output = Result<Response<R>, Status>>,
    {
        self.unary_within(DEADLINE, message, call).await
    }

    /// Makes a call; when the access token is past its time it is renewed and the call repeated.
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

    /// Forgets a session that the server has ended. One whose token is merely past its time is
    /// kept: it can still be renewed.
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
        let outcome = within(limit, call, self.dial.as_ref()).await;
        outcome.map_err(|problem| Problem {
            request_id: problem.request_id.or(Some(request_id)),
            ..problem
        })
    }
}

fn authorization(bearer: &SecretString) -> Result<AsciiMetadataValue, Problem> {
    let mut value = MetadataValue::try_from(format!("Bearer {}", bearer.expose_secret()))
        .map_err(|_| Problem::sign_in())?;
    // Keeps it out of every Debug of the request.
    value.set_sensitive(true);
    Ok(value)
}

fn incomplete(what: &str) -> Problem {
    Problem::new(ProblemKind::Server, format!("The server's reply held no {what}."))
}
