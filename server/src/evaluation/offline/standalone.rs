//! Grading without an interview: the caller brings question, rubric and answer.

use viva_grader::{Grader as BuiltIn, Prepared};

use super::{assessment, bank_topics, declined, findings};
use crate::domain::{
    evaluation::{Assessment, Declined},
    provenance::Provenance,
    question::Rubric,
};

/// A prepared question, so that grading a second answer to it costs less.
pub struct Standalone {
    question: String,
    rubric: Rubric,
    prepared: Prepared,
}

/// A graded answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// The assessment, or why the grader declines to judge.
    pub assessment: Result<Assessment, Declined>,
    /// The overall mark, 0 to 1, before it is split into four scores and rounded; 0 if the grader
    /// declines to judge.
    pub overall: f64,
}

impl Standalone {
    /// Does the part of the work that depends only on the question.
    pub fn new(question: String, rubric: Rubric) -> Self {
        Self { prepared: bank_topics::prepare(&question, &rubric), question, rubric }
    }

    /// Whether it was prepared for this question and rubric.
    pub fn is_for(&self, question: &str, rubric: &Rubric) -> bool {
        self.question == question && self.rubric == *rubric
    }

    /// Grades an answer; `None` if the grade breaks a rule of assessments.
    pub fn grade(&self, answer: &str) -> Option<Graded> {
        let found = BuiltIn::builtin().assess(&self.prepared, answer);
        if let Some(declined) = declined(&self.question, &found) {
            return Some(Graded { assessment: Err(declined), overall: 0.0 });
        }
        let findings = findings(&self.prepared, &self.rubric, answer, &found)?;
        let assessment = assessment(findings, Provenance::default(), answer)?;
        Some(Graded { assessment: Ok(assessment), overall: found.overall })
    }
}
