//! Evaluating answers: what a grader gives, the built-in one, and a language model.

mod bands;
mod evidence;
pub mod explain;
pub mod model;
pub mod offline;
mod passage;
pub mod proof;

use std::time::Duration;

use async_trait::async_trait;

use crate::{
    domain::evaluation::{Assessment, GraderKind, Refusal},
    storage::queue::Job,
};

/// What a grader gives: an assessment, or why there is none. No fault ever becomes a score.
pub type Verdict = Result<Assessment, EvaluationFault>;

/// Grades answers.
#[async_trait]
pub trait Evaluator: Send + Sync {
    /// Grades one. It may be dropped half-way and called again.
    async fn evaluate(&self, job: &Job) -> Verdict;

    /// How long it may take beyond what the built-in grader does.
    fn limit(&self) -> Duration {
        Duration::ZERO
    }

    /// What it is, as it is counted.
    fn kind(&self) -> GraderKind {
        GraderKind::Offline
    }
}

/// Why there is no assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvaluationFault {
    /// It may work later.
    Retry {
        /// How long the grader asked to be left alone.
        after: Option<Duration>,
        /// For a person.
        reason: String,
    },
    /// The grader declines to judge this answer, and would again.
    Refuse(Refusal),
    /// It will not work until somebody changes something.
    Fail {
        /// For a person.
        reason: String,
    },
}

impl EvaluationFault {
    /// To be tried again after the usual wait.
    pub fn retry(reason: &str) -> Self {
        Self::Retry { after: None, reason: reason.to_owned() }
    }

    /// To be given up.
    pub fn fail(reason: &str) -> Self {
        Self::Fail { reason: reason.to_owned() }
    }
}
