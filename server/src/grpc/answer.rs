//! `viva.v1.AnswerService`.

use std::pin::Pin;

use futures::{Stream, StreamExt};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use viva_proto::v1::{self, answer_service_server::AnswerService};

use super::{caller, convert, request, status};
use crate::{
    domain::{
        api_key::Scope,
        id::{AnswerId, InterviewId},
    },
    services::{answers::Answers, callers::Callers, watch::Watching},
};

/// The handlers.
pub(super) struct Answering {
    pub(super) callers: Callers,
    pub(super) answers: Answers,
    pub(super) watching: Watching,
}

#[tonic::async_trait]
impl AnswerService for Answering {
    async fn submit_answer(
        &self,
        request: Request<v1::SubmitAnswerRequest>,
    ) -> Result<Response<v1::SubmitAnswerResponse>, Status> {
        let caller = caller::with(Scope::Practise, &self.callers, &request).await?;
        let draft = request::answer(request.get_ref()).map_err(status::of)?;
        let id = self.answers.submit(caller.user_id(), draft).await.map_err(status::of)?;
        Ok(Response::new(v1::SubmitAnswerResponse {
            answer_id: id.get(),
            status: "submitted".to_owned(),
            message: "Your answer is saved and is being evaluated.".to_owned(),
        }))
    }

    async fn get_answer_status(
        &self,
        request: Request<v1::GetAnswerStatusRequest>,
    ) -> Result<Response<v1::GetAnswerStatusResponse>, Status> {
        let caller = caller::with(Scope::Read, &self.callers, &request).await?;
        let id = AnswerId::new(request.get_ref().answer_id);
        let answer = self.answers.get(caller.user_id(), id).await.map_err(status::of)?;
        let answer = Some(convert::answer(answer));
        Ok(Response::new(v1::GetAnswerStatusResponse { answer }))
    }

    type WatchInterviewStream =
        Pin<Box<dyn Stream<Item = Result<v1::WatchInterviewResponse, Status>> + Send>>;

    async fn watch_interview(
        &self,
        request: Request<v1::WatchInterviewRequest>,
    ) -> Result<Response<Self::WatchInterviewStream>, Status> {
        let caller = caller::with(Scope::Read, &self.callers, &request).await?;
        let v1::WatchInterviewRequest { interview_id, follow } = request.into_inner();
        let id = InterviewId::new(interview_id);
        let changes = self.watching.watch(caller, id, follow).await.map_err(status::of)?;
        // The stream is read after the call has returned; its errors still belong to the call.
        let span = tracing::Span::current();
        let messages = ReceiverStream::new(changes).map(move |change| {
            let answer = change.map_err(|error| span.in_scope(|| status::of(error)))?;
            Ok(v1::WatchInterviewResponse { answer: Some(convert::answer(answer)) })
        });
        Ok(Response::new(Box::pin(messages)))
    }

    async fn retry_evaluation(
        &self,
        request: Request<v1::RetryEvaluationRequest>,
    ) -> Result<Response<v1::RetryEvaluationResponse>, Status> {
        let caller = caller::with(Scope::Practise, &self.callers, &request).await?;
        let id = AnswerId::new(request.get_ref().answer_id);
        let answer = self.answers.retry(caller.user_id(), id).await.map_err(status::of)?;
        let answer = Some(convert::answer(answer));
        Ok(Response::new(v1::RetryEvaluationResponse { answer }))
    }
}
