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

#[cfg(test)]
mod tests {
    use crate::{
        domain::memory::Rating,
        evaluation::offline::Standalone,
        questions::{bank::Bank, points::BankPoints},
    };

    /// Whether the grader cuts it where it does not end.
    fn is_cut(text: &str) -> bool {
        text.trim_end_matches('.').contains(['.', ';', '!', '?'])
    }

    #[test]
    fn a_point_of_the_bank_repeated_word_for_word_is_recalled() {
        let points = BankPoints::of(Bank::built_in().unwrap());
        let (mut tried, mut wrong) = (0, Vec::new());
        for (number, asked) in points.all().enumerate() {
            let said = &asked.point.point;
            if !is_cut(said) && number % 100 != 0 {
                continue;
            }
            tried += 1;
            let grader = Standalone::new(asked.prompts[0].clone(), asked.rubric());
            let found = grader.grade(said).unwrap().assessment.map(|found| super::graded(&found));
            if !found.as_ref().is_ok_and(|found| found.rating == Rating::Good) {
                wrong.push(format!("{:?}: {said}\n  {found:?}", asked.key()));
            }
        }
        assert!(
            tried > 60 && wrong.is_empty(),
            "{} of {tried}:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    }
}
