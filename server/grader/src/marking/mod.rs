//! Marking: from an answer and a prepared rubric to a grade.

mod contradiction;
mod dimensions;
mod mistakes;
mod overall;
mod points;
mod reading;
mod style;
mod topic;
mod units;

use crate::answer::Answer;
use crate::grade::{Grade, Guards};
use crate::prepared::Prepared;
use crate::signals::AnswerSignals;
pub(crate) use contradiction::is_near_copy;
use mistakes::Claims;
use overall::Verdict;
use points::PointFindings;
pub(crate) use points::point_state;
pub(crate) use reading::{Reading, Unit};

/// Grades an answer by a rubric.
pub(crate) fn grade(prepared: &Prepared, answer: &str) -> Grade {
    let answer = Answer::new(&prepared.lexicon, answer);
    grade_reading(prepared, &Reading::new(prepared, &answer))
}

/// Grades an answer that has been read already.
pub(crate) fn grade_reading(prepared: &Prepared, reading: &Reading<'_>) -> Grade {
    let claims = Claims::new(prepared, reading);
    let findings = PointFindings::new(prepared, reading, &claims);
    let mut signals = AnswerSignals::default();
    style::measure(reading, &mut signals);
    topic::measure(prepared, reading, &mut signals);
    findings.measure(&mut signals);
    claims.measure(prepared, reading, &mut signals);
    let verdict = Verdict::new(prepared, &findings, &mut signals);
    let score = prepared.reference.grade(reading.answer).score;
    let overall = if prepared.has_key_points { verdict.overall } else { score };
    Grade {
        overall,
        score,
        coverage: signals.coverage,
        points: findings.grade(reading, &verdict),
        mistakes: claims.grade(reading, &signals),
        dimensions: dimensions::mark(reading, &signals, overall),
        guards: Guards {
            relevance: signals.relevance,
            prose: signals.prose,
            contradicted: signals.contradicted,
        },
        signals,
    }
}
