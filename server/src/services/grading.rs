//! Grading answers that belong to no interview. Nothing is stored; the grader is the one that
//! interviews have.

mod batch;
mod turns;

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures::FutureExt;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        evaluation::{Assessment, Refusal},
        grading::GradingTask,
        id::{AnswerId, UserId},
        violation::Violations,
    },
    evaluation::{EvaluationFault, Evaluator},
    services::{ServiceError, ServiceResult, callers::Callers, places::Places},
    storage::queue::{Claim, Job},
};
use turns::Turns;

/// The most answers of one batch.
pub const MOST_ITEMS: usize = 1000;

/// The most batches of an account at once in one process: as many as answers of it are graded at
/// once, so that more would only wait.
const MOST_BATCHES: usize = 4;

/// The most single answers of an account at once in one process, those that wait for their turn
/// among them. A program with more to grade has batches for it.
const MOST_CALLS: usize = 32;

/// The use cases.
#[derive(Clone)]
pub struct Grading {
    evaluator: Arc<dyn Evaluator>,
    callers: Callers,
    turns: Turns,
    batches: Places,
    calls: Places,
    shutdown: CancellationToken,
}

/// A graded answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// What the grader found, or why it declined to judge.
    pub assessment: Result<Assessment, Refusal>,
    /// What a good answer says.
    pub reference: String,
}

/// An answer of a batch.
#[derive(Debug, Clone)]
pub struct Item {
    /// The caller's own name for it.
    pub id: String,
    /// What is to be graded, or what is wrong with it.
    pub task: Result<GradingTask, Violations>,
}

/// What became of an answer of a batch.
#[derive(Debug)]
pub struct ItemOutcome {
    /// The caller's name for it.
    pub id: String,
    /// Its grade, or why there is none.
    pub graded: ServiceResult<Graded>,
}

impl Grading {
    /// Puts the use cases together; `shutdown` ends every batch.
    pub fn new(
        evaluator: Arc<dyn Evaluator>,
        callers: Callers,
        shutdown: CancellationToken,
    ) -> Self {
        let (batches, calls) = (Places::new(MOST_BATCHES), Places::new(MOST_CALLS));
        Self { evaluator, callers, turns: Turns::default(), batches, calls, shutdown }
    }

    /// Grades one answer for that account, which is told to come back when too many of its answers
    /// are here already.
    pub async fn grade(&self, user_id: UserId, task: GradingTask) -> ServiceResult<Graded> {
        let _place = self.calls.take(user_id)?;
        self.in_turn(user_id, task).await
    }

    /// Grades an answer when it is its turn.
    async fn in_turn(&self, user_id: UserId, task: GradingTask) -> ServiceResult<Graded> {
        let _turn = self.turns.of(user_id).await?;
        let reference = task.rubric.reference.clone();
        let job = job(user_id, task);
        // A panic is this answer's failure, and not that of the others in its batch.
        let verdict = AssertUnwindSafe(self.evaluator.evaluate(&job)).catch_unwind().await;
        let verdict = verdict.unwrap_or_else(|_| {
            tracing::error!("the grader panicked");
            Err(EvaluationFault::fail("The grader stopped unexpectedly on this answer."))
        });
        let assessment = match verdict {
            Ok(assessment) => Ok(assessment),
            Err(EvaluationFault::Refuse(refusal)) => Err(refusal),
            Err(EvaluationFault::Retry { after, reason }) => {
                return Err(ServiceError::GraderBusy { after, reason });
            }
            Err(EvaluationFault::Fail { reason }) => {
                return Err(ServiceError::GradingFailed(reason));
            }
        };
        Ok(Graded { assessment, reference })
    }
}

/// The answer as graders take it. Nobody claims it, since it is in no queue.
fn job(user_id: UserId, task: GradingTask) -> Job {
    Job {
        claim: Claim { answer_id: AnswerId::new(0), fence: 0 },
        attempt: 1,
        interview_id: None,
        user_id,
        role: String::new(),
        level: task.level,
        language: task.language,
        question: task.question,
        rubric: task.rubric,
        answer: task.answer,
    }
}
