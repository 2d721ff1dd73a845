//! All that is kept of an account, for its owner to take away.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    answer::Answer,
    clock::Timestamp,
    id::{InterviewId, UserId},
    interview::Interview,
    question::{Question, Rubric},
};

/// A sign-in, as far as it is anybody's business: no token, nor what is kept of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptSession {
    /// When it began.
    pub created_at: Timestamp,
    /// When it was ended; none while it lives.
    pub ended_at: Option<Timestamp>,
}

/// Calls to the language model on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptSpending {
    /// Days since 1970-01-01 UTC.
    pub day: i64,
    /// Their number.
    pub calls: i64,
}

/// An interview with everything that hangs on it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptInterview {
    /// The interview. Its questions stand in `questions`.
    pub interview: Interview,
    /// The job advert; may be empty.
    pub job_description: String,
    /// Calls to the language model that it has cost.
    pub model_calls: i64,
    /// In their order.
    pub questions: Vec<KeptQuestion>,
}

/// A question with every answer to it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptQuestion {
    /// The question.
    pub question: Question,
    /// Its id in the bank; none for those from elsewhere.
    pub bank_id: Option<String>,
    /// What answers are graded against.
    pub rubric: Rubric,
    /// The first comes first.
    pub answers: Vec<KeptAnswer>,
}

/// An answer with its evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptAnswer {
    /// The answer.
    pub answer: Answer,
    /// Milliseconds the candidate took; 0: not measured.
    pub duration_ms: i64,
}

/// Reads what is kept of an account, a piece at a time.
#[async_trait]
pub trait ExportStore: Send + Sync {
    /// Its sign-ins that are not forgotten yet, oldest first.
    async fn kept_sessions(&self, id: UserId) -> StoreResult<Vec<KeptSession>>;

    /// What it has cost on which day.
    async fn kept_spending(&self, id: UserId) -> StoreResult<Vec<KeptSpending>>;

    /// The account's next interview after that one, in the order of their ids; none: the first.
    async fn kept_interview_after(
        &self,
        id: UserId,
        after: Option<InterviewId>,
    ) -> StoreResult<Option<KeptInterview>>;
}
