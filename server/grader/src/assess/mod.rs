//! Assessments: the final scores of an answer, with guards that rest on its structure.
//!
//! A grade asks how much of the rubric an answer says. An assessment first asks which part of the
//! answer is one: what is said twice, and long stretches about something else, are set aside, and
//! the rest is graded. Then it asks whether that is about the question, whether it is prose or a
//! list in disguise, and whether it affirms what it says. No guard knows a phrase of those who try
//! to talk to the grader: such sentences make no point, and that is enough.

mod aside;
mod denial;
mod marks;
mod prose;
mod subject;

use crate::answer::Answer;
use crate::grade::{Dimensions, Grade, PointGrade, PointState};
use crate::marking::{Reading, grade_reading, point_state};
use crate::prepared::Prepared;
use std::ops::Range;

/// The final word on an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The mark as a whole, 0 to 1.
    pub overall: f64,
    /// The weighted mean of the points' probabilities, 0 to 1.
    pub coverage: f64,
    /// What the answer says about each point, in the order of
    /// [`Prepared::points`]; held down by the checks like everything else.
    pub points: Vec<PointGrade>,
    /// The four final scores.
    pub dimensions: Dimensions,
    /// What held the scores down.
    pub checks: Checks,
    /// The parts of the answer that did not count, in bytes and in order.
    pub set_aside: Vec<Range<usize>>,
    /// The grade of the part that counts, before the checks. Its evidence lies in the whole answer.
    pub grade: Grade,
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
    fn new(prepared: &Prepared, reading: &Reading<'_>, grade: &Grade) -> Self {
        Self {
            subject: subject::factor(prepared, reading),
            prose: prose::factor(prepared, reading, &grade.signals),
            affirmed: denial::factor(prepared, reading),
        }
    }

    /// All of them together.
    pub fn product(&self) -> f64 {
        self.subject * self.prose * self.affirmed
    }
}

/// Assesses an answer by a prepared rubric.
pub(crate) fn assess(prepared: &Prepared, text: &str) -> Assessment {
    let answer = Answer::new(&prepared.lexicon, text);
    let reading = Reading::new(prepared, &answer);
    let set_aside = aside::parts(prepared, &reading);
    if set_aside.is_empty() {
        return judge(prepared, &reading, text, set_aside);
    }
    let rest = aside::blank(text, &set_aside);
    let answer = Answer::new(&prepared.lexicon, &rest);
    judge(prepared, &Reading::new(prepared, &answer), &rest, set_aside)
}

/// Judges the text of which this is the reading.
fn judge(
    prepared: &Prepared,
    reading: &Reading<'_>,
    text: &str,
    set_aside: Vec<Range<usize>>,
) -> Assessment {
    let mut grade = grade_reading(prepared, reading);
    // Evidence must not begin or end in a part that was set aside, which is blank in this text.
    let of_points = grade.points.iter_mut().filter_map(|point| point.evidence.as_mut());
    let of_mistakes = grade.mistakes.iter_mut().filter_map(|mistake| mistake.evidence.as_mut());
    of_points.chain(of_mistakes).for_each(|evidence| trim(text, evidence));
    let checks = Checks::new(prepared, reading, &grade);
    let held = checks.product();
    let overall = grade.overall * held;
    Assessment {
        overall,
        coverage: grade.coverage * held,
        points: grade.points.iter().map(|point| hold(point, held)).collect(),
        dimensions: marks::dimensions(prepared, &grade, &checks, overall),
        checks,
        set_aside,
        grade,
    }
}

/// Leaves out the white space at both ends of a part of the text.
fn trim(text: &str, part: &mut Range<usize>) {
    let start = part.end - text[part.clone()].trim_start().len();
    *part = start..start + text[start..part.end].trim_end().len();
}

/// The point as it stands after the checks; without evidence where it is missed now.
fn hold(point: &PointGrade, held: f64) -> PointGrade {
    let p = point.p * held;
    let state = point_state(p);
    let shown = state != PointState::Missed || point.contradicted.is_some();
    let evidence = point.evidence.clone().filter(|_| shown);
    PointGrade { p, state, evidence, ..point.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rubric::{KeyPoint, Rubric};

    fn prepared() -> Prepared {
        let point =
            |point: &str| KeyPoint { point: point.to_owned(), weight: 1.0, phrasings: Vec::new() };
        Prepared::new(&Rubric {
            question: "What is a database index and what does it cost?".to_owned(),
            reference:
                "An index is a sorted structure that leads to rows without a scan of the table. \
                Every write must also update the index."
                    .to_owned(),
            key_points: vec![
                point(
                    "An index is a sorted structure that leads to rows without a scan of the table",
                ),
                point("Every write must also update the index, so writes become slower"),
            ],
            mistakes: Vec::new(),
        })
    }

    const GOOD: &str = "An index is a sorted tree which leads to the rows without a scan of the table. You pay \
        for it later, because every write must update the index as well, so writes become slower.";

    #[test]
    fn the_checks_pass_an_honest_answer() {
        let assessment = assess(&prepared(), GOOD);
        assert_eq!(assessment.checks, Checks { subject: 1.0, prose: 1.0, affirmed: 1.0 });
        assert!(assessment.overall > 0.7, "{}", assessment.overall);
    }

    #[test]
    fn each_check_objects_to_what_it_is_there_for() {
        let checks = |answer| assess(&prepared(), answer).checks;
        assert!(
            checks("Last summer we hiked across the mountains with two friends.").subject < 0.1
        );
        assert!(checks("index and rows and scan and write and update").prose < 0.2);
        assert!(checks("sorted structure, rows, scan, table, write, update").prose < 0.2);
        let denied = "It is false that an index is a sorted structure that leads to rows without a scan of the \
            table. It is false that every write must also update the index.";
        assert!(checks(denied).affirmed < 0.2);
    }

    #[test]
    fn points_are_held_down_with_the_scores() {
        let assessment = assess(&prepared(), "sorted structure, rows, scan, table, write, update");
        for point in &assessment.points {
            assert_eq!((point.state, &point.evidence), (PointState::Missed, &None));
        }
    }

    #[test]
    fn evidence_stands_in_the_answer_as_it_was_given() {
        let answer = format!("{GOOD} ½ {GOOD}");
        let assessment = assess(&prepared(), &answer);
        assert!(!assessment.set_aside.is_empty());
        let evidence = assessment.points[0].evidence.clone().unwrap();
        assert!(GOOD.contains(&answer[evidence]));
    }
}
