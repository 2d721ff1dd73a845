//! Everything that is stored about an account, for its owner to take away.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    answer::Answer,
    clock::Timestamp,
    id::{InterviewId, UserId},
    interview::Interview,
    question::{Question, Rubric},
};

/// A session without its tokens and their hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSession {
    /// What it was opened from; empty if not known.
    pub client: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ended; `None` while it is alive.
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

/// An interview with everything that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptInterview {
    /// The interview. Its questions are in `questions`.
    pub interview: Interview,
    /// The job advert; may be empty.
    pub job_description: String,
    /// The number of language model calls that it took.
    pub model_calls: i64,
    /// In order.
    pub questions: Vec<KeptQuestion>,
}

/// A question with every answer to it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptQuestion {
    /// The question.
    pub question: Question,
    /// Its id in the bank; `None` if it is not from the bank.
    pub bank_id: Option<String>,
    /// What answers are graded against.
    pub rubric: Rubric,
    /// Oldest first.
    pub answers: Vec<Answer>,
}

/// Reads what is stored about an account, one piece at a time.
#[async_trait]
pub trait ExportStore: Send + Sync {
    /// Its sessions that are not forgotten yet, oldest first.
    async fn kept_sessions(&self, id: UserId) -> StoreResult<Vec<KeptSession>>;

    /// Its calls to the language model, day by day.
    async fn kept_spending(&self, id: UserId) -> StoreResult<Vec<KeptSpending>>;

    /// The account's next interview after that one, in the order of ids; `None` begins with the
    /// first.
    async fn kept_interview_after(
        &self,
        id: UserId,
        after: Option<InterviewId>,
    ) -> StoreResult<Option<KeptInterview>>;
}
