//! The mark by a reference answer alone: how much of the reference the answer says.
//!
//! A linear model reads [`ReferenceFeatures`]; guards hold down what only looks like an answer.
//! Without key points this is the overall mark, since it agrees better with people there.

mod features;
mod guards;
mod profile;
mod reply;
mod target;
mod text;

pub use features::ReferenceFeatures;
pub use guards::ReferenceGuards;
pub(crate) use text::Text;

use crate::answer::Answer;
use crate::lexicon::Lexicon;
use crate::model::Model;
use crate::scale::{probability, rise};
use reply::Reply;
use target::{Asked, Target};

/// An answer marked by a reference answer alone.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceGrade {
    /// The guarded mark times the relevance, 0 to 1.
    pub score: f64,
    /// The stretched mark with the guards applied, 0 to 1.
    pub guarded: f64,
    /// The mark as the linear model gives it, nearest to human marks, 0 to 1.
    pub plain: f64,
    /// How far the answer makes at least one point, 0 to 1.
    pub relevance: f64,
    /// The factors that hold degenerate answers down.
    pub guards: ReferenceGuards,
    /// The probability of each key point, in the order given.
    pub points: Vec<f64>,
    /// The words that question and answer share, relative to all of theirs.
    pub question_overlap: f64,
    /// What the linear model read.
    pub features: ReferenceFeatures,
}

/// A reference answer, and the points of which an answer has to make one to be relevant.
#[derive(Debug)]
pub(crate) struct PreparedReference {
    asked: Asked,
    reference: Target,
    /// The key points, or the reference's own first sentences.
    points: Vec<Target>,
}

impl PreparedReference {
    /// Prepares a question and its reference; without key points the reference's sentences are
    /// used.
    pub(crate) fn new<'a>(
        lexicon: &mut Lexicon<'static>,
        question: &str,
        reference: &str,
        key_points: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let asked = Asked::new(lexicon, question);
        let text = Text::new(lexicon, reference);
        let mut points: Vec<_> = key_points
            .into_iter()
            .map(|point| {
                let point = Text::new(lexicon, point);
                Target::new(lexicon, &asked, &point)
            })
            .collect();
        if points.is_empty() {
            let sentences = text.sentences().iter().take(8).map(|sentence| text.part(sentence));
            points = sentences.map(|point| Target::new(lexicon, &asked, &point)).collect();
        }
        Self { reference: Target::new(lexicon, &asked, &text), points, asked }
    }

    /// Marks an answer.
    pub(crate) fn grade(&self, answer: &Answer<'_>) -> ReferenceGrade {
        let reply = Reply::new(&self.asked, answer);
        let coefficients = &Model::builtin().coefficients;
        let features = ReferenceFeatures::new(&reply, &self.reference);
        let raw = coefficients.score.value(&features, 6.0);
        let question_overlap = reply.question_overlap();
        let guards = ReferenceGuards::new(&features, &reply, &self.reference, question_overlap);
        let guarded = rise(raw, coefficients.stretch) * guards.product();
        let points: Vec<_> = self.points.iter().map(|point| makes_point(&reply, point)).collect();
        let best = points.iter().copied().fold(0.0, f64::max);
        let relevance = rise(best, (0.2, 0.35));
        ReferenceGrade {
            score: guarded * relevance,
            guarded,
            plain: raw.clamp(0.0, 1.0),
            relevance,
            guards,
            points,
            question_overlap,
            features,
        }
    }
}

/// The probability that the answer makes a point.
fn makes_point(reply: &Reply<'_>, point: &Target) -> f64 {
    if reply.words == 0 {
        return 0.0;
    }
    let features = ReferenceFeatures::new(reply, point);
    probability(Model::builtin().coefficients.key_point.value(&features, f64::INFINITY))
}
