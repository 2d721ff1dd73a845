//! `viva.v1.AnswerService`.

use std::pin::Pin;

use futures::{Stream, StreamExt};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use viva_proto::v1::{self, answer_service_server::AnswerService};

use super::{caller, challenge, convert, request, search, status};
use crate::{
    domain::{
        api_key::Scope,
        id::{AnswerId, InterviewId},
    },
    services::{
        answers::Answers, callers::Callers, challenges::Challenges, search::Search, watch::Watches,
    },
};

/// The handlers.
pub(super) struct AnswerHandlers {
    pub(super) callers: Callers,
    pub(super) answers: Answers,
    pub(super) watches: Watches,
    pub(super) search: Search,
    pub(super) challenges: Challenges,
}

#[tonic::async_trait]
impl AnswerService for AnswerHandlers {
    async fn submit_answer(
        &self,
        request: Request<v1::SubmitAnswerRequest>,
    ) -> Result<Response<v1::SubmitAnswerResponse>, Status> {
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let draft = request::answer(request.get_ref());
        let draft = caller::sound(&self.callers, &request, caller, draft).await?;
        let id = self.answers.submit(caller, draft).await;
        let id = id.map_err(|error| caller::failed(&request, caller, error))?;
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
        let caller = caller::says_with(Scope::Read, &self.callers, &request).await?;
        let id = AnswerId::new(request.get_ref().answer_id);
        let answer = self.answers.get(caller, id).await;
        let answer = answer.map_err(|error| caller::failed(&request, caller, error))?;
        let answer = Some(convert::answer(answer));
        Ok(Response::new(v1::GetAnswerStatusResponse { answer }))
    }

    type WatchInterviewStream =
        Pin<Box<dyn Stream<Item = Result<v1::WatchInterviewResponse, Status>> + Send>>;

    async fn watch_interview(
        &self,
        request: Request<v1::WatchInterviewRequest>,
    ) -> Result<Response<Self::WatchInterviewStream>, Status> {
        let caller = caller::says_with(Scope::Read, &self.callers, &request).await?;
        let v1::WatchInterviewRequest { interview_id, follow } = *request.get_ref();
        let id = InterviewId::new(interview_id);
        let changes = self.watches.watch(caller, id, follow).await;
        let changes = changes.map_err(|error| caller::failed(&request, caller, error))?;
        // The stream is read after the call has returned; its errors still belong to the call.
        let span = tracing::Span::current();
        let messages = ReceiverStream::new(changes).map(move |change| {
            let watched = change.map_err(|error| span.in_scope(|| status::of(error)))?;
            Ok(v1::WatchInterviewResponse {
                answer: Some(convert::answer(watched.answer)),
                follow_ups: watched.follow_ups.into_iter().map(convert::question).collect(),
            })
        });
        Ok(Response::new(Box::pin(messages)))
    }

    async fn retry_evaluation(
        &self,
        request: Request<v1::RetryEvaluationRequest>,
    ) -> Result<Response<v1::RetryEvaluationResponse>, Status> {
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let id = AnswerId::new(request.get_ref().answer_id);
        let answer = self.answers.retry(caller, id).await;
        let answer = answer.map_err(|error| caller::failed(&request, caller, error))?;
        let answer = Some(convert::answer(answer));
        Ok(Response::new(v1::RetryEvaluationResponse { answer }))
    }

    async fn search_answers(
        &self,
        request: Request<v1::SearchAnswersRequest>,
    ) -> Result<Response<v1::SearchAnswersResponse>, Status> {
        let caller = caller::says_with(Scope::Read, &self.callers, &request).await?;
        let asked = search::request(request.get_ref());
        let asked = caller::sound(&self.callers, &request, caller, asked).await?;
        let page = self.search.find(caller, &asked.query, asked.size, asked.after).await;
        let page = page.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(v1::SearchAnswersResponse {
            hits: page.hits.into_iter().map(search::hit).collect(),
            next_page_token: page.next.map(search::to_page_token).unwrap_or_default(),
        }))
    }

    async fn challenge_point(
        &self,
        request: Request<v1::ChallengePointRequest>,
    ) -> Result<Response<v1::ChallengePointResponse>, Status> {
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let draft = challenge::draft(request.get_ref());
        let draft = caller::sound(&self.callers, &request, caller, draft).await?;
        let challenged = self.challenges.challenge(caller, draft).await;
        let challenged = challenged.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(challenge::challenged(challenged)))
    }

    async fn assess_point(
        &self,
        request: Request<v1::AssessPointRequest>,
    ) -> Result<Response<v1::AssessPointResponse>, Status> {
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let said = challenge::said(request.get_ref());
        let (id, point, said) = caller::sound(&self.callers, &request, caller, said).await?;
        let answer = self.challenges.assess(caller, id, point, said).await;
        let answer = answer.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(v1::AssessPointResponse { answer: Some(convert::answer(answer)) }))
    }
}
