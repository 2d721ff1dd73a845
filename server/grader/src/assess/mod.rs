//! Assessments: the final scores of an answer, with guards that rest on its structure.
//!
//! A grade asks how much of the rubric an answer says. An assessment first asks which part of the answer
//! is one: what is said twice, and long stretches about something else, are set aside, and the rest is
//! graded. Then it asks whether the rest is prose or a list in disguise, whether it is about the
//! question, and whether it affirms what it says. No guard knows a single phrase of those who try to
//! talk to the grader: such sentences make no point, and that is enough.

mod aside;
mod denial;
mod marks;
mod prose;
mod subject;

use crate::answer::Answer;
use crate::grade::{Dimensions, Grade};
use crate::marking::{Reading, grade_reading};
use crate::prepared::Prepared;
use std::ops::Range;

/// The final word on an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The mark as a whole, 0 to 1.
    pub overall: f64,
    /// The four final scores.
    pub dimensions: Dimensions,
    /// The grade of the part of the answer that counts, without the guards below. Its evidence lies in
    /// the answer as it was given.
    pub grade: Grade,
    /// What held the scores down.
    pub checks: Checks,
    /// The parts of the answer that did not count, in bytes.
    pub set_aside: Vec<Range<usize>>,
}

/// The factors on an assessment; 1 where there is nothing to object to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checks {
    /// Whether the answer is about the question, 0 to 1.
    pub subject: f64,
    /// Whether it is written in sentences, 0.1 to 1.
    pub prose: f64,
    /// Whether it affirms what it says, 0.1 to 1.
    pub affirmed: f64,
}

impl Checks {
    fn product(&self) -> f64 {
        self.subject * self.prose * self.affirmed
    }
}

/// Assesses an answer by a prepared rubric.
pub(crate) fn assess(prepared: &Prepared, text: &str) -> Assessment {
    let answer = Answer::new(&prepared.lexicon, text);
    let reading = Reading::new(prepared, &answer);
    let set_aside = aside::parts(prepared, &reading);
    if set_aside.is_empty() {
        return judge(prepared, &reading, set_aside);
    }
    let rest = aside::blank(text, &set_aside);
    let answer = Answer::new(&prepared.lexicon, &rest);
    judge(prepared, &Reading::new(prepared, &answer), set_aside)
}

fn judge(prepared: &Prepared, reading: &Reading<'_>, set_aside: Vec<Range<usize>>) -> Assessment {
    let grade = grade_reading(prepared, reading);
    let checks = Checks {
        subject: subject::factor(prepared, reading),
        prose: prose::factor(prepared, reading, &grade.signals),
        affirmed: denial::factor(prepared, reading),
    };
    let overall = grade.overall * checks.product();
    let dimensions = marks::dimensions(prepared, &grade, &checks, overall);
    Assessment { overall, dimensions, grade, checks, set_aside }
}
