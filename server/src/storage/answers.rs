//! What is kept of answers.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    answer::Answer,
    clock::Timestamp,
    evaluation::Assessment,
    history::GradedAnswer,
    id::{AnswerId, InterviewId, QuestionId, UserId},
    provenance::Fingerprint,
};

/// An answer that is about to be kept, together with its pending evaluation.
#[derive(Debug, Clone)]
pub struct NewAnswer {
    /// What it answers.
    pub question_id: QuestionId,
    /// Whose it is.
    pub user_id: UserId,
    /// As it was sent.
    pub text: String,
    /// When.
    pub submitted_at: Timestamp,
    /// Milliseconds the candidate took; 0: not measured.
    pub duration_ms: i64,
    /// By which a repeated submit is known.
    pub idempotency_key: Option<String>,
}

/// What became of a submit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submission {
    /// Answer and pending evaluation are kept.
    Stored(AnswerId),
    /// The same submit had been kept before.
    Repeated(AnswerId),
    /// The key belongs to another text or question.
    KeyReused,
    /// The question is gone.
    QuestionGone,
}

/// What became of asking for a failed evaluation again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retried {
    /// It is pending again.
    Queued,
    /// It had not failed.
    NotFailed,
    /// The answer is gone.
    Gone,
}

/// An answer with the interview and account that it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnedAnswer {
    /// The answer.
    pub answer: Answer,
    /// Its interview.
    pub interview_id: InterviewId,
    /// The interview's account.
    pub owner: UserId,
}

/// Keeps answers.
#[async_trait]
pub trait AnswerStore: Send + Sync {
    /// Keeps an answer and its pending evaluation: both or neither.
    async fn submit_answer(&self, answer: NewAnswer) -> StoreResult<Submission>;

    /// The answer with its evaluation.
    async fn answer(&self, id: AnswerId) -> StoreResult<Option<OwnedAnswer>>;

    /// The latest answer to each question of the interview that has one, in the questions' order.
    async fn latest_answers(&self, interview_id: InterviewId) -> StoreResult<Vec<Answer>>;

    /// The latest answer to each question of the account, as far as it is evaluated, in the order
    /// of interviews and questions.
    async fn graded_answers(&self, user_id: UserId) -> StoreResult<Vec<GradedAnswer>>;

    /// A completed evaluation with that fingerprint, and whose it is: the account's own before any
    /// other's, of these the latest.
    async fn known_evaluation(
        &self,
        fingerprint: Fingerprint,
        user_id: UserId,
    ) -> StoreResult<Option<(UserId, Assessment)>>;

    /// Queues a failed evaluation afresh.
    async fn retry_evaluation(&self, id: AnswerId, now: Timestamp) -> StoreResult<Retried>;
}
