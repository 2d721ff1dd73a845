//! Grading answers outside interviews, with the grader of interviews. Nothing is stored.

mod account_permits;
mod batch;

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures::FutureExt;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        evaluation::{Assessment, Declined},
        grading::{CallersRubric, GradingTask},
        id::{AnswerId, UserId},
        violation::Violations,
    },
    evaluation::{EvaluationFault, Evaluator},
    services::{Limit, ServiceError, ServiceResult, account_slots::AccountSlots, callers::Callers},
    storage::queue::{Claim, Hold, Job},
};
use account_permits::AccountPermits;

/// The most answers in a batch.
pub const MOST_ITEMS: usize = 1000;

/// The most batches that one process grades for an account at once: no more than it grades answers,
/// since others would only wait.
pub const MOST_BATCHES: usize = 4;

/// The most single answers of an account that one process grades at once, including those that wait
/// for a permit. A program with more to grade uses a batch.
pub const MOST_CALLS: usize = 32;

/// The use cases of grading.
#[derive(Clone)]
pub struct Grading {
    evaluator: Arc<dyn Evaluator>,
    callers: Callers,
    permits: AccountPermits,
    batches: AccountSlots,
    calls: AccountSlots,
    shutdown: CancellationToken,
}

/// A graded answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// What the grader found, or why it declined to judge.
    pub assessment: Result<Assessment, Declined>,
    /// What it was graded against.
    pub rubric: Arc<CallersRubric>,
}

/// An answer of a batch.
#[derive(Debug, Clone)]
pub struct Item {
    /// The caller's id for it.
    pub id: String,
    /// What to grade, or what is wrong with it.
    pub task: Result<GradingTask, Violations>,
}

/// The outcome of an answer of a batch.
#[derive(Debug)]
pub struct ItemOutcome {
    /// The caller's id for it.
    pub id: String,
    /// What was found, or why it was not graded.
    pub graded: ServiceResult<Graded>,
}

impl Grading {
    /// Creates the use cases; `shutdown` ends every batch.
    pub fn new(
        evaluator: Arc<dyn Evaluator>,
        callers: Callers,
        shutdown: CancellationToken,
    ) -> Self {
        let batches = AccountSlots::new(MOST_BATCHES, Limit::Batches);
        let calls = AccountSlots::new(MOST_CALLS, Limit::GradeCalls);
        Self { evaluator, callers, permits: AccountPermits::default(), batches, calls, shutdown }
    }

    /// Grades one answer for an account; `RATE_LIMITED` if too many of its answers are in progress.
    pub async fn grade(&self, user_id: UserId, task: GradingTask) -> ServiceResult<Graded> {
        let _slot = self.calls.take(user_id)?;
        self.in_turn(user_id, task).await
    }

    /// Grades an answer once the account has a permit free.
    async fn in_turn(&self, user_id: UserId, task: GradingTask) -> ServiceResult<Graded> {
        let permit = self.permits.acquire(user_id).await?;
        let rubric = Arc::clone(&task.rubric);
        // A caller that leaves must not begin another answer while the grader works on this one.
        let job = Job { hold: Hold::of(permit), ..job(user_id, task) };
        // A panic fails only this answer, not the others in its batch.
        let result = AssertUnwindSafe(self.evaluator.evaluate(&job)).catch_unwind().await;
        let result = result.unwrap_or_else(|_| {
            tracing::error!("the grader panicked");
            Err(EvaluationFault::fail("The grader stopped unexpectedly on this answer."))
        });
        let assessment = match result {
            Ok(assessment) => Ok(assessment),
            Err(EvaluationFault::Refuse(declined)) => Err(declined),
            Err(EvaluationFault::Retry { after, reason }) => {
                return Err(ServiceError::GraderBusy { after, reason });
            }
            Err(EvaluationFault::Fail { reason }) => {
                return Err(ServiceError::GradingFailed(reason));
            }
            Err(EvaluationFault::Spent { reason, renews_at, wait }) => {
                return Err(ServiceError::ModelCallsSpent { reason, renews_at, wait });
            }
        };
        Ok(Graded { assessment, rubric })
    }
}

/// Makes a job for a grader. It is not in the queue, so its claim is a dummy.
pub(super) fn job(user_id: UserId, task: GradingTask) -> Job {
    Job {
        claim: Claim { answer_id: AnswerId::new(0), fence: 0 },
        attempt: 1,
        interview_id: None,
        followed: None,
        user_id,
        role: String::new(),
        level: task.level,
        language: task.language,
        question: task.question,
        // Cloned only now, when its turn has come: otherwise a batch would hold a copy per item.
        rubric: task.rubric.rubric.clone(),
        answer: task.answer,
        hold: Hold::default(),
    }
}

#[cfg(test)]
mod tests;
