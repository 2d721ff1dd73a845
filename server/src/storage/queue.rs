//! The evaluation queue, which is the evaluations themselves: a pending row that is due and leased
//! to nobody is work to do.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    clock::Timestamp,
    evaluation::Assessment,
    id::{AnswerId, InterviewId, UserId},
    interview::Level,
    question::Rubric,
};

/// The right to write one evaluation's outcome, until somebody else claims the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The answer that is evaluated.
    pub answer_id: AnswerId,
    /// Grows with every claim of the row; only the newest may write.
    pub fence: i64,
}

/// A claimed evaluation with all that a grader needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The right to finish it.
    pub claim: Claim,
    /// Which attempt this is, 1 for the first since it was last asked for.
    pub attempt: i32,
    /// Whose watchers are told.
    pub interview_id: InterviewId,
    /// The account that answered.
    pub user_id: UserId,
    /// The interview's role.
    pub role: String,
    /// Its level.
    pub level: Level,
    /// Its language.
    pub language: String,
    /// What was asked.
    pub question: String,
    /// What the answer is graded against.
    pub rubric: Rubric,
    /// The answer.
    pub answer: String,
}

/// How a claimed evaluation ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Graded.
    Completed(Box<Assessment>),
    /// To be tried again from `due_at` on; what was wrong is for a person.
    Retry {
        /// When.
        due_at: Timestamp,
        /// Why.
        fault: String,
    },
    /// Given up; the reason is for a person.
    Failed(String),
    /// Not begun after all: the attempt does not count and others may claim it at once.
    Returned,
}

/// Hands out evaluations and takes their outcomes.
#[async_trait]
pub trait EvaluationQueue: Send + Sync {
    /// Leases at most `limit` evaluations until `lease_until`, those that have been due the longest
    /// first.
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<Job>>;

    /// Writes how each ended, if its claim is still the newest; says for each whether it was.
    async fn finish(
        &self,
        outcomes: Vec<(Claim, Outcome)>,
        now: Timestamp,
    ) -> StoreResult<Vec<bool>>;

    /// Prolongs a lease; false when the claim is no longer the newest.
    async fn extend(&self, claim: Claim, lease_until: Timestamp) -> StoreResult<bool>;

    /// When the next pending evaluation falls due or loses its lease, which may be past; none when
    /// nothing is pending.
    async fn next_due(&self) -> StoreResult<Option<Timestamp>>;
}
