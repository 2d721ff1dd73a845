//! Answers and their evaluations.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    answer::Answer,
    clock::Timestamp,
    evaluation::Assessment,
    history::GradedAnswer,
    id::{AnswerId, InterviewId, QuestionId, UserId},
    provenance::Fingerprint,
    timing::Withheld,
};

/// An answer to be stored, together with its pending evaluation.
#[derive(Debug, Clone)]
pub struct NewAnswer {
    /// The question.
    pub question_id: QuestionId,
    /// The account.
    pub user_id: UserId,
    /// As it was sent.
    pub text: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// Milliseconds that the candidate took; 0 if not measured.
    pub duration_ms: i64,
    /// Identifies a repeated submit.
    pub idempotency_key: Option<String>,
}

/// The outcome of a submit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submission {
    /// Answer and pending evaluation are stored.
    Stored(AnswerId),
    /// The same submit was stored before.
    Repeated(AnswerId),
    /// The key belongs to another text or question.
    KeyReused,
    /// The question is gone.
    QuestionGone,
}

/// The outcome of requesting a failed evaluation again.
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
    /// Until when its evaluation is withheld.
    pub withheld: Withheld,
}

/// Stores answers.
#[async_trait]
pub trait AnswerStore: Send + Sync {
    /// Stores an answer and its pending evaluation: both or neither. A real interview ends with the
    /// answer after which every question has one.
    async fn submit_answer(&self, answer: NewAnswer) -> StoreResult<Submission>;

    /// The answer with its evaluation.
    async fn answer(&self, id: AnswerId) -> StoreResult<Option<OwnedAnswer>>;

    /// The latest answer to each answered question of the interview, in the order of the questions.
    async fn latest_answers(&self, interview_id: InterviewId) -> StoreResult<Vec<Answer>>;

    /// The latest answer to each of the account's questions, if it is evaluated, in the order of
    /// interviews and questions.
    async fn graded_answers(&self, user_id: UserId) -> StoreResult<Vec<GradedAnswer>>;

    /// A completed evaluation with that fingerprint, and its account: the latest of the account's
    /// own or, if it has none, of any other's.
    async fn known_evaluation(
        &self,
        fingerprint: Fingerprint,
        user_id: UserId,
    ) -> StoreResult<Option<(UserId, Assessment)>>;

    /// Queues a failed evaluation again.
    async fn retry_evaluation(&self, id: AnswerId, now: Timestamp) -> StoreResult<Retried>;
}
