//! The few numbers between the judge and the scores, fitted by `training/fit.py` on written answers to
//! questions that the judge was not trained on. docs/grader.md says on what and how well.

use serde::Deserialize;
use std::sync::OnceLock;

/// Everything that was fitted.
#[derive(Debug, Deserialize)]
pub(crate) struct Coefficients {
    /// Whether a point is made.
    pub(crate) point: Point,
    /// For rubrics whose points were all learnt.
    pub(crate) known: Fit,
    /// For any other, of which the judge is less sure.
    pub(crate) other: Fit,
    /// Whether a point is contradicted.
    pub(crate) contradiction: Contradiction,
    /// From this probability on a point that is not made counts as contradicted.
    pub(crate) contradicted_from: f64,
    /// From this probability on a listed mistake counts as made.
    pub(crate) mistake_from: f64,
    /// Below which probability of being about the question an answer is off topic.
    pub(crate) off_topic: OffTopic,
    /// Above this half-width, on the scale of 0 to 1, somebody should look.
    pub(crate) review_from: f64,
}

/// What depends on whether the judge has learnt the rubric.
#[derive(Debug, Deserialize)]
pub(crate) struct Fit {
    /// From this probability on a point counts as made, and from that one on as touched on.
    pub(crate) covered_from: f64,
    pub(crate) partial_from: f64,
    /// The mark as a whole.
    pub(crate) overall: Overall,
    /// How far marks are from readers', in order of the marks.
    pub(crate) ranges: Vec<RangeAt>,
}

/// Probabilities of being about the question.
#[derive(Debug, Deserialize)]
pub(crate) struct OffTopic {
    /// For an answer that touches on no point.
    pub(crate) below: f64,
    /// For one that touches on a point and makes none.
    pub(crate) touched_below: f64,
    /// For a text as long as a document.
    pub(crate) document_below: f64,
}

/// Log-odds that a point is made.
#[derive(Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "they are called as in marking.json")]
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

/// The mark as a sum, cut at 0 and 1.
#[derive(Debug, Deserialize)]
pub(crate) struct Overall {
    pub(crate) bias: f64,
    pub(crate) expected: f64,
    pub(crate) covered: f64,
    pub(crate) whole: f64,
}

/// What nine of ten readers' marks lie between, around marks of up to `until`, in spreads.
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

    /// Those that are compiled in.
    pub(crate) fn builtin() -> &'static Self {
        static COEFFICIENTS: OnceLock<Coefficients> = OnceLock::new();
        COEFFICIENTS.get_or_init(|| {
            serde_json::from_str(include_str!("../../model/marking.json")).unwrap_or_else(|error| {
                unreachable!("the coefficients are compiled in and a test reads them: {error}")
            })
        })
    }
}
