//! The evaluation queue, which is the evaluations themselves: a pending row that is due and leased
//! to nobody is work to do.
//!
//! The line is fair between accounts. Up to [`SHARE`] waiting answers of an account, more than an
//! interview has, stand in line in the order in which they came. Each further one stands [`BACK`]
//! behind the one that came [`SHARE`] before it. So an answer never waits for more than [`SHARE`] of
//! each other account, however many that one has sent; and where nobody else waits, all are worked
//! off at once.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    clock::Timestamp,
    evaluation::{Assessment, Refusal},
    id::{AnswerId, InterviewId, UserId},
    interview::Level,
    question::Rubric,
};

/// How many waiting answers of one account stand in line with everybody else's.
pub const SHARE: u32 = 16;

/// How much further back the next of an account with its full share stands. It stands as though it
/// had come so much later: behind whoever comes meanwhile, but not for ever.
pub const BACK: Duration = Duration::from_hours(1);

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
    /// Whose watchers are told; none for an answer that belongs to no interview.
    pub interview_id: Option<InterviewId>,
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
    /// To be tried again; what was wrong is for a person.
    Retry {
        /// How long after it has been written.
        after: Duration,
        /// Why.
        fault: String,
    },
    /// Given up; the reason is for a person.
    Failed(String),
    /// The grader declined to judge the answer, and would again.
    Refused(Refusal),
    /// Not begun after all: the attempt does not count and others may claim it at once.
    Returned,
}

/// Hands out evaluations and takes their outcomes.
#[async_trait]
pub trait EvaluationQueue: Send + Sync {
    /// Leases at most `limit` evaluations that are due until `lease_until`, as they stand in line.
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
