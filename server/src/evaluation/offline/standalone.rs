//! Grading without an interview: whoever calls brings question, rubric and answer.

use viva_grader::{Grader as BuiltIn, Prepared};

use super::{assessment, findings, grader_rubric};
use crate::domain::{evaluation::Assessment, provenance::Provenance, question::Rubric};

/// A question made ready, so that grading a second answer to it costs less.
pub struct Standalone {
    question: String,
    rubric: Rubric,
    prepared: Prepared,
}

/// A graded answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// What is stored and shown of an evaluation.
    pub assessment: Assessment,
    /// The mark as a whole, 0 to 1, before it is split into four scores and rounded.
    pub overall: f64,
}

impl Standalone {
    /// Does the part of the work that depends on the question only.
    pub fn new(question: String, rubric: Rubric) -> Self {
        Self {
            prepared: BuiltIn::builtin().prepare(&grader_rubric(&question, &rubric)),
            question,
            rubric,
        }
    }

    /// Whether it was made ready for this question and rubric.
    pub fn is_for(&self, question: &str, rubric: &Rubric) -> bool {
        self.question == question && self.rubric == *rubric
    }

    /// Grades an answer; none when the grade breaks a rule of assessments.
    pub fn grade(&self, answer: &str) -> Option<Graded> {
        let found = BuiltIn::builtin().assess(&self.prepared, answer);
        let findings = findings(&self.prepared, &self.rubric, answer, &found)?;
        let assessment = assessment(findings, Provenance::default(), answer)?;
        Some(Graded { assessment, overall: found.overall })
    }
}
