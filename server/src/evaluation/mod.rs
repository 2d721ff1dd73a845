//! Evaluating answers: what a grader returns, the built-in grader, and a language model.

mod bands;
pub mod challenge;
mod evidence;
pub mod explain;
pub mod llm;
pub mod offline;
mod passage;
pub mod rubric_check;

use std::time::Duration;

use async_trait::async_trait;

use crate::{
    domain::{
        clock::Timestamp,
        evaluation::{Assessment, Declined, Grader, GraderKind},
        spending::SpendingCaps,
    },
    storage::queue::Job,
};

/// A grader's result: an assessment, or why it has none. No fault ever becomes a score.
pub type EvaluationResult = Result<Assessment, EvaluationFault>;

/// Grades answers.
#[async_trait]
pub trait Evaluator: Send + Sync {
    /// Grades one answer. It may be dropped half-way and called again.
    async fn evaluate(&self, job: &Job) -> EvaluationResult;

    /// How long it may take beyond the time of the built-in grader.
    fn limit(&self) -> Duration {
        Duration::ZERO
    }

    /// Its kind, as counted in the metrics.
    fn kind(&self) -> GraderKind {
        GraderKind::Offline
    }

    /// The grader as its evaluations name it.
    fn grader(&self) -> Grader {
        offline::grader()
    }

    /// The limits on calls to the language model; `None` if it uses no model.
    fn caps(&self) -> Option<SpendingCaps> {
        None
    }
}

/// Why there is no assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvaluationFault {
    /// It may work later.
    Retry {
        /// How long the grader asked to wait.
        after: Option<Duration>,
        /// For a person.
        reason: String,
    },
    /// The grader declines to judge this answer, and would decline again.
    Refuse(Declined),
    /// It will not work until something is changed.
    Fail {
        /// For a person.
        reason: String,
    },
    /// The calls to a language model are used up.
    Spent {
        /// For a person.
        reason: String,
        /// When the calls are renewed.
        renews_at: Timestamp,
        /// How long until then.
        wait: Duration,
    },
}

impl EvaluationFault {
    /// A fault to retry after the usual wait.
    pub fn retry(reason: &str) -> Self {
        Self::Retry { after: None, reason: reason.to_owned() }
    }

    /// A fault that is final.
    pub fn fail(reason: &str) -> Self {
        Self::Fail { reason: reason.to_owned() }
    }
}
