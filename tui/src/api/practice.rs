//! Calls for practising: ending an interview, follow-ups, hints, showing the answer, comparing attempts,
//! searching.

use viva_proto::v1::{
    self, answer_service_client::AnswerServiceClient,
    interview_service_client::InterviewServiceClient, report_service_client::ReportServiceClient,
};

use super::{Api, CREATION_DEADLINE};
use crate::problem::Problem;

impl Api {
    /// Adds a follow-up to a question, about what its latest evaluated answer left out or got wrong.
    pub(crate) async fn add_follow_up(
        &self,
        question_id: i64,
    ) -> Result<v1::AddFollowUpResponse, Problem> {
        let request = v1::AddFollowUpRequest { question_id };
        self.unary_within(CREATION_DEADLINE, request, |channel, request| async move {
            InterviewServiceClient::new(channel).add_follow_up(request).await
        })
        .await
    }

    /// Ends an interview in real mode.
    pub(crate) async fn end_interview(&self, interview_id: i64) -> Result<v1::Interview, Problem> {
        let reply = self
            .unary(v1::EndInterviewRequest { interview_id }, |channel, request| async move {
                InterviewServiceClient::new(channel).end_interview(request).await
            })
            .await?;
        Ok(reply.interview.unwrap_or_default())
    }

    /// A hint to a question: the next one, or the one with this number.
    pub(crate) async fn hint(
        &self,
        question_id: i64,
        number: i32,
    ) -> Result<v1::GetHintResponse, Problem> {
        let request = v1::GetHintRequest { question_id, number };
        self.unary(request, |channel, request| async move {
            InterviewServiceClient::new(channel).get_hint(request).await
        })
        .await
    }

    /// Shows the answer to an unanswered question.
    pub(crate) async fn reveal_question(
        &self,
        question_id: i64,
    ) -> Result<v1::RevealQuestionResponse, Problem> {
        let request = v1::RevealQuestionRequest { question_id };
        self.unary(request, |channel, request| async move {
            InterviewServiceClient::new(channel).reveal_question(request).await
        })
        .await
    }

    /// Two attempts at a question, side by side.
    pub(crate) async fn compare_attempts(
        &self,
        request: v1::CompareAttemptsRequest,
    ) -> Result<v1::CompareAttemptsResponse, Problem> {
        self.unary(request, |channel, request| async move {
            ReportServiceClient::new(channel).compare_attempts(request).await
        })
        .await
    }

    /// A page of the account's questions with every word in the question or its latest answer.
    pub(crate) async fn search_answers(
        &self,
        request: v1::SearchAnswersRequest,
    ) -> Result<v1::SearchAnswersResponse, Problem> {
        self.unary(request, |channel, request| async move {
            AnswerServiceClient::new(channel).search_answers(request).await
        })
        .await
    }

    /// Has words of an answer read again for one point.
    pub(crate) async fn challenge_point(
        &self,
        request: v1::ChallengePointRequest,
    ) -> Result<v1::ChallengePointResponse, Problem> {
        self.unary_within(CREATION_DEADLINE, request, |channel, request| async move {
            AnswerServiceClient::new(channel).challenge_point(request).await
        })
        .await
    }

    /// Keeps what is said about a point, and returns the answer.
    pub(crate) async fn assess_point(
        &self,
        request: v1::AssessPointRequest,
    ) -> Result<v1::Answer, Problem> {
        let reply = self
            .unary(request, |channel, request| async move {
                AnswerServiceClient::new(channel).assess_point(request).await
            })
            .await?;
        Ok(reply.answer.unwrap_or_default())
    }
}
