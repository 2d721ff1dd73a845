//! The model file: linear heads and cut-offs.

use super::head::Head;
use crate::reference::ReferenceFeatures;
use crate::signals::{AnswerSignals, PointFeatures};
use serde::Deserialize;

/// What `model.json` holds.
#[derive(Debug, Deserialize)]
pub(crate) struct Coefficients {
    /// The version of the file's make-up.
    pub(crate) format: u32,
    /// The length of the word vectors that the heads were fitted with.
    pub(crate) dim: usize,
    /// The part of the raw mark by the reference that is stretched to the whole scale.
    pub(crate) stretch: (f64, f64),
    /// The mark by the reference.
    pub(crate) score: Head<ReferenceFeatures>,
    /// The log-odds that an answer makes a point, from the point's own text alone.
    pub(crate) key_point: Head<ReferenceFeatures>,
    pub(crate) rubric: RubricCoefficients,
}

/// The part of the model that grades by a rubric.
#[derive(Debug, Deserialize)]
pub(crate) struct RubricCoefficients {
    /// Where the best point's probability counts nothing, and where it counts in full.
    pub(crate) relevance: (f64, f64),
    /// How steeply the on-topic gate opens.
    pub(crate) topic_gate: f64,
    /// The margin above which a point's best clause says a listed mistake, and the factor then.
    pub(crate) local: (f64, f64),
    /// The factor on a point that the answer reverses.
    pub(crate) reversed: f64,
    /// Where a point's own evidence counts nothing, and where it counts in full.
    pub(crate) evidence: (f64, f64),
    /// The probability from which a point is covered.
    pub(crate) covered: f64,
    /// The probability from which it is partly covered.
    pub(crate) partial: f64,
    /// The probability from which a mistake is made.
    pub(crate) made: f64,
    pub(crate) no_mistakes: MistakeDefaults,
    pub(crate) mistake: Head<AnswerSignals>,
    pub(crate) topic: Head<AnswerSignals>,
    pub(crate) overall: Head<AnswerSignals>,
    pub(crate) point: Head<PointFeatures>,
}

/// What the signals about mistakes are taken to be where the rubric lists none.
#[derive(Debug, Deserialize)]
pub(crate) struct MistakeDefaults {
    pub(crate) margin: f64,
    pub(crate) margin_share: f64,
    pub(crate) false_words: f64,
    pub(crate) false_cos: f64,
    pub(crate) worst: f64,
}
