//! The four final scores.
//!
//! There are no marks by people for each of the four, so their weights are chosen by hand. What can
//! be checked is their mean: it has to agree with people about as well as the overall mark does.

use super::Checks;
use crate::grade::{Dimension, Dimensions, Grade};
use crate::prepared::Prepared;
use crate::scale::rise;

/// What the four scores are made of.
struct Evidence<'a> {
    grade: &'a Grade,
    /// The overall mark after all checks.
    overall: f64,
    /// What the checks and guards leave of everything that rests on single points.
    held: f64,
    /// The weighted mean of the points' probabilities.
    coverage: f64,
    /// How far the best point is made.
    best: f64,
    /// The share of the words that do not stand in bare lists.
    prose: f64,
}

/// The scores of an answer with this grade, these checks and this overall mark.
pub(super) fn dimensions(
    prepared: &Prepared,
    grade: &Grade,
    checks: &Checks,
    overall: f64,
) -> Dimensions {
    let signals = &grade.signals;
    let prose = 1.0 - signals.list;
    let evidence = if prepared.has_key_points {
        let held = checks.product() * signals.relevance;
        let best = rise(signals.best, (0.0, 0.6));
        Evidence { grade, overall, held, coverage: signals.coverage, best, prose }
    } else {
        // Sentences of a reference make poor points; the mark by the reference says more, and has
        // its own guards in it.
        Evidence { grade, overall, held: 1.0, coverage: overall, best: overall, prose }
    };
    let marks = &grade.dimensions;
    let correctness = evidence.correctness();
    Dimensions {
        correctness: Dimension::new(correctness, marks.correctness.basis),
        completeness: Dimension::new(evidence.completeness(), marks.completeness.basis),
        quality: Dimension::new(evidence.quality(correctness), marks.quality.basis),
        communication: Dimension::new(evidence.communication(), marks.communication.basis),
    }
}

impl Evidence<'_> {
    /// Mostly the overall mark. A right point counts for something even where others are missing,
    /// unless the answer says something wrong as well.
    fn correctness(&self) -> f64 {
        let signals = &self.grade.signals;
        let wrong = signals.mistake_p.max(signals.contradicted);
        let says_a_point = self.held * self.best * (1.0 - wrong).powi(2) * self.prose;
        10.0 * (0.75 * self.overall + 0.25 * says_a_point)
    }

    fn completeness(&self) -> f64 {
        10.0 * self.held * self.coverage * (0.4 + 0.6 * self.prose)
    }

    /// Specifics and reasons count only as far as the answer is right, and lift it at most two
    /// marks above its correctness.
    fn quality(&self, correctness: f64) -> f64 {
        let basis = &self.grade.dimensions.quality.basis;
        let extras = 0.2 * basis.specifics + 0.15 * basis.reasoning;
        let value = 0.65 * self.overall + extras * (2.0 * self.overall).min(1.0);
        (10.0 * value).min(correctness + 2.0)
    }

    /// Form alone, but well put is only what is said: clear words beside the point earn little.
    fn communication(&self) -> f64 {
        self.grade.dimensions.communication.value.min(2.0 + 9.0 * self.overall)
    }
}
