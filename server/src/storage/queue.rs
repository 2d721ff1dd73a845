//! The evaluation queue. It is the evaluations themselves: a pending row that is due and not leased
//! is work to do.
//!
//! The queue is fair between accounts. Up to [`SHARE`] waiting answers of an account, more than an
//! interview has, are queued in the order of arrival. Each further one is placed [`BACK`] behind the
//! one that came [`SHARE`] before it. So an answer never waits for more than [`SHARE`] answers of
//! any other account, however many that one has sent; and if nobody else waits, all are graded
//! without delay.

use std::{any::Any, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    clock::Timestamp,
    evaluation::{Assessment, Declined},
    id::{AnswerId, InterviewId, QuestionId, UserId},
    interview::Level,
    question::Rubric,
};

/// How many waiting answers of an account are queued by their time of arrival.
pub const SHARE: u32 = 16;

/// How far behind an answer is placed once its account has used its share. It is treated as if it
/// had come this much later, so it does not wait forever behind new ones.
pub const BACK: Duration = Duration::from_hours(1);

/// The right to write one evaluation's outcome, until the row is claimed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The answer that is evaluated.
    pub answer_id: AnswerId,
    /// Grows with every claim of the row; only the newest may write.
    pub fence: i64,
}

/// What is released once nothing works on a job any more. The built-in grader finishes what it has
/// begun even if the caller leaves, so it keeps a clone until then.
#[derive(Clone, Default)]
pub struct Hold {
    _held: Option<Arc<dyn Any + Send + Sync>>,
}

impl Hold {
    /// Holds this.
    pub fn of(held: impl Send + Sync + 'static) -> Self {
        Self { _held: Some(Arc::new(held)) }
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Hold")
    }
}

/// It says nothing about the job.
impl PartialEq for Hold {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A claimed evaluation with all that a grader needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The right to finish it.
    pub claim: Claim,
    /// The number of this attempt, 1 for the first since the evaluation was last requested.
    pub attempt: i32,
    /// The interview whose watchers are notified; `None` for an answer outside interviews.
    pub interview_id: Option<InterviewId>,
    /// The question, if the interviewer may follow up on the answer: in a real interview.
    pub followed: Option<QuestionId>,
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
    /// What to release afterwards.
    pub hold: Hold,
}

/// How a claimed evaluation ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Graded.
    Completed(Box<Assessment>),
    /// To be tried again; `fault` is for a person.
    Retry {
        /// How long after this outcome is written.
        after: Duration,
        /// Why.
        fault: String,
    },
    /// Given up; the reason is for a person.
    Failed(String),
    /// The grader declined to judge the answer, and would decline again.
    Refused(Declined),
    /// Not started after all: the attempt does not count, and the row can be claimed again
    /// immediately.
    Returned,
}

/// Gives out evaluations and stores their outcomes.
#[async_trait]
pub trait EvaluationQueue: Send + Sync {
    /// Leases at most `limit` due evaluations until `lease_until`, from the front of the queue.
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<Job>>;

    /// Writes each outcome whose claim is still the newest; returns for each whether it was.
    async fn finish(
        &self,
        outcomes: Vec<(Claim, Outcome)>,
        now: Timestamp,
    ) -> StoreResult<Vec<bool>>;

    /// Extends a lease; returns false if the claim is no longer the newest.
    async fn extend(&self, claim: Claim, lease_until: Timestamp) -> StoreResult<bool>;

    /// Extends several leases at once; returns false for each whose claim is no longer the newest.
    async fn extend_all(
        &self,
        claims: Vec<Claim>,
        lease_until: Timestamp,
    ) -> StoreResult<Vec<bool>>;

    /// When the next pending evaluation falls due or its lease ends, possibly in the past; `None` if
    /// none is pending.
    async fn next_due(&self) -> StoreResult<Option<Timestamp>>;
}
