//! Grading an answer to a prompt: within the call, by the built-in grader, against one point.

use std::sync::Arc;

use super::Memories;
use crate::{
    domain::{
        evaluation::{Assessment, CONTRADICTION, Declined, FALSE_CLAIM},
        grading::GradingTask,
        id::UserId,
        memory::Rating,
        score::Dimension,
        text::is_visible,
    },
    evaluation::EvaluationFault,
    questions::points::BankPoint,
    services::{ServiceError, ServiceResult, grading::job},
};

/// What an answer shows of a point.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Graded {
    pub(super) rating: Rating,
    pub(super) coverage: f64,
    pub(super) evidence: String,
    pub(super) correction: String,
}

impl Memories {
    /// Grades an answer to a prompt. A blank one means "I don't know" and needs no grader.
    pub(super) async fn grade(
        &self,
        user_id: UserId,
        asked: &BankPoint<'_>,
        prompt: &str,
        answer: &str,
    ) -> ServiceResult<Result<Graded, Declined>> {
        if !is_visible(answer) {
            return Ok(Ok(nothing()));
        }
        let task = GradingTask {
            question: prompt.to_owned(),
            rubric: Arc::new(asked.rubric().into()),
            answer: answer.to_owned(),
            level: asked.question.level,
            language: "en".to_owned(),
        };
        match self.grader.evaluate(&job(user_id, task)).await {
            Ok(assessment) => Ok(Ok(graded(&assessment))),
            Err(EvaluationFault::Refuse(declined)) => Ok(Err(declined)),
            Err(EvaluationFault::Retry { after, reason }) => {
                Err(ServiceError::GraderBusy { after, reason })
            }
            Err(EvaluationFault::Fail { reason }) => Err(ServiceError::GradingFailed(reason)),
            Err(EvaluationFault::Spent { reason, renews_at, wait }) => {
                Err(ServiceError::ModelCallsSpent { reason, renews_at, wait })
            }
        }
    }
}

fn nothing() -> Graded {
    Graded {
        rating: Rating::Again,
        coverage: 0.0,
        evidence: String::new(),
        correction: String::new(),
    }
}

fn graded(assessment: &Assessment) -> Graded {
    let Some(found) = assessment.key_points.first() else { return nothing() };
    Graded {
        rating: Rating::of(found.coverage, false),
        coverage: found.coverage,
        evidence: found.evidence.clone(),
        correction: correction(assessment),
    }
}

/// Says in a sentence what is wrong with the answer; empty if nothing is.
fn correction(assessment: &Assessment) -> String {
    let mut explanations = assessment.explanations.iter();
    let found = explanations.find(|one| one.dimension == Dimension::Correctness);
    let Some(found) = found else { return String::new() };
    if let Some(why_wrong) = found.reason.strip_prefix(FALSE_CLAIM) {
        return why_wrong.trim().to_owned();
    }
    match found.evidence.first() {
        Some(quote) if found.reason.starts_with(CONTRADICTION) => {
            format!("The answer contradicts the point where it says “{quote}”.")
        }
        _ => String::new(),
    }
}
