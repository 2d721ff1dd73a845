//! The few coefficients that turn the judge's output into scores. `training/fit.py` fits them to
//! written answers to questions that the judge was not trained on; docs/grader.md says which
//! answers, and how good the fit is.

use serde::Deserialize;
use std::sync::OnceLock;

/// All the fitted coefficients.
#[derive(Debug, Deserialize)]
pub(crate) struct Coefficients {
    /// Whether a point is made.
    pub(crate) point: Point,
    /// For rubrics whose points are all in the training data.
    pub(crate) known: Fit,
    /// For any other rubric; the judge is less sure of these.
    pub(crate) other: Fit,
    /// Whether a point is contradicted.
    pub(crate) contradiction: Contradiction,
    /// At this probability or above, a point that is not made counts as contradicted.
    pub(crate) contradicted_from: f64,
    /// Whether a sentence makes a listed mistake.
    pub(crate) mistake: Mistake,
    /// An answer less likely than this to be about the question is off topic.
    pub(crate) off_topic: OffTopic,
    /// Above this half-width, on the scale of 0 to 1, a person should review the result.
    pub(crate) review_from: f64,
}

/// The coefficients that depend on whether the judge was trained on the rubric.
#[derive(Debug, Deserialize)]
pub(crate) struct Fit {
    /// At the first probability or above, a point counts as made; at the second, as touched on.
    pub(crate) covered_from: f64,
    pub(crate) partial_from: f64,
    /// The mark as a whole.
    pub(crate) overall: Overall,
    /// How far marks are from human readers' marks, ordered by mark.
    pub(crate) ranges: Vec<RangeAt>,
}

/// Thresholds for the probability that an answer is about the question.
#[derive(Debug, Deserialize)]
pub(crate) struct OffTopic {
    /// For an answer that touches on no point.
    pub(crate) below: f64,
    /// For an answer that touches on a point but makes none.
    pub(crate) touched_below: f64,
    /// For a text the length of a document.
    pub(crate) document_below: f64,
}

/// Log-odds that a point is made.
#[derive(Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "they are named as in marking.json")]
pub(crate) struct Point {
    pub(crate) bias: f64,
    pub(crate) made: f64,
    pub(crate) by: f64,
    pub(crate) contradicted: f64,
    pub(crate) against: f64,
    pub(crate) point_words: f64,
    pub(crate) way_words: f64,
    pub(crate) union_words: f64,
    pub(crate) news: f64,
    pub(crate) near: f64,
    pub(crate) near_made: f64,
    pub(crate) near_against: f64,
}

/// Log-odds that a point is contradicted.
#[derive(Debug, Deserialize)]
pub(crate) struct Contradiction {
    pub(crate) bias: f64,
    pub(crate) contradicted: f64,
    pub(crate) against: f64,
}

/// Log-odds that a sentence makes a listed mistake. `training/mistakes.py` fits them.
#[derive(Debug, Deserialize)]
pub(crate) struct Mistake {
    pub(crate) bias: f64,
    /// The judge: whether the sentence makes it, is false, and whether the answer makes it.
    pub(crate) by: f64,
    pub(crate) falsehood: f64,
    pub(crate) made: f64,
    /// The share of the mistake's words that the sentence has, and the reverse.
    pub(crate) claim_words: f64,
    pub(crate) said_words: f64,
    /// At this probability or above, the mistake counts as made.
    pub(crate) from: f64,
}

/// The mark as a sum, clamped to 0 to 1.
#[derive(Debug, Deserialize)]
pub(crate) struct Overall {
    pub(crate) bias: f64,
    pub(crate) expected: f64,
    pub(crate) covered: f64,
    pub(crate) whole: f64,
}

/// For marks of up to `until`: how many spreads below and above them nine of ten readers' marks
/// lie.
#[derive(Debug, Deserialize)]
pub(crate) struct RangeAt {
    pub(crate) until: f64,
    pub(crate) below: f64,
    pub(crate) above: f64,
}

impl Coefficients {
    /// The fit for a rubric.
    pub(crate) fn fit(is_known: bool) -> &'static Fit {
        let coefficients = Self::builtin();
        if is_known { &coefficients.known } else { &coefficients.other }
    }

    /// The coefficients compiled into this crate.
    pub(crate) fn builtin() -> &'static Self {
        static COEFFICIENTS: OnceLock<Coefficients> = OnceLock::new();
        COEFFICIENTS.get_or_init(|| {
            serde_json::from_str(include_str!("../../model/marking.json")).unwrap_or_else(|error| {
                unreachable!("the coefficients are compiled in and a test reads them: {error}")
            })
        })
    }
}
