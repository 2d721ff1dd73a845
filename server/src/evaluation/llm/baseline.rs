//! The baseline: the built-in grader's result for an answer, with which the model's is compared.

use crate::{
    domain::{evaluation::Refusal, question::Rubric},
    evaluation::{EvaluationFault, explain::Findings, offline::OfflineEvaluator},
    storage::queue::{Hold, Job},
};

/// The built-in grader's result for the whole answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Baseline {
    pub(super) findings: Findings,
    /// Whether it can read both the answer and the question. Otherwise the rest is meaningless.
    pub(super) has_read: bool,
    /// Whether it declines to judge the answer.
    pub(super) refuses: bool,
}

impl Baseline {
    /// Grades the job's answer with the built-in grader.
    pub(super) async fn of(
        job: &Job,
        built_in: &OfflineEvaluator,
    ) -> Result<Self, EvaluationFault> {
        let reads = built_in.reads(vec![question_and_points(&job.question, &job.rubric)]).await?;
        let asked = (job.question.as_str(), &job.rubric);
        let baseline = Self::to(asked, &job.answer, built_in, &job.hold).await?;
        Ok(Self { has_read: baseline.has_read && reads == [true], ..baseline })
    }

    /// Grades an answer to a question that it can read.
    pub(super) async fn to(
        asked: (&str, &Rubric),
        answer: &str,
        built_in: &OfflineEvaluator,
        hold: &Hold,
    ) -> Result<Self, EvaluationFault> {
        let (findings, declined) = built_in.findings(asked, answer, hold).await?;
        let has_read =
            declined.as_ref().is_none_or(|one| one.refusal != Refusal::LanguageNotSupported);
        Ok(Self { findings, has_read, refuses: declined.is_some() })
    }

    /// Whether it finds the point with that number in the answer.
    pub(super) fn finds(&self, point: usize) -> bool {
        let points = &self.findings.key_points;
        self.has_read && !self.refuses && points.get(point).is_some_and(|p| p.coverage > 0.0)
    }

    /// Whether it finds the point in this passage or around it.
    pub(super) fn finds_in(&self, point: usize, passage: &str) -> bool {
        let evidence = self.findings.key_points.get(point).map_or("", |p| p.evidence.trim());
        let passage = passage.trim();
        self.finds(point) && (evidence.contains(passage) || passage.contains(evidence))
    }
}

/// The question and its points as one text.
pub(super) fn question_and_points(question: &str, rubric: &Rubric) -> String {
    let points = rubric.key_points.iter().map(|point| point.point.as_str());
    std::iter::once(question).chain(points).collect::<Vec<_>>().join("\n")
}
