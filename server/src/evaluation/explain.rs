//! Why each score is what it is, the smallest step to a better one, and feedback in whole
//! sentences: written by code from the findings, never by a model.

mod feedback;
mod next_step;
mod reason;

pub use feedback::{feedback, suggestions};

use viva_grader::Style;

use crate::domain::{
    evaluation::{Explanation, KeyPointResult, MistakeResult, ScoreRange},
    score::{Dimension, Scores},
};

/// At this coverage a point counts as made; below it, as made in part.
pub(super) const FULL: f64 = 0.99;

/// Below this confidence, an answer only "seems to make" a point.
pub(super) const SURE: f64 = 0.75;

/// What a grader found in an answer, with verbatim quotes.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// The four scores.
    pub scores: Scores,
    /// The range of their mean.
    pub range: Option<ScoreRange>,
    /// Whether the grader knows that it is unsure.
    pub needs_review: bool,
    /// The points of the rubric.
    pub key_points: Vec<KeyPointResult>,
    /// False claims that the answer makes.
    pub mistakes: Vec<MistakeResult>,
    /// Points that the answer contradicts.
    pub contradictions: Vec<FoundContradiction>,
    /// Whether the answer is about the question at all.
    pub on_topic: bool,
    /// How it is written.
    pub style: Style,
}

/// A point that the answer contradicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundContradiction {
    /// The words of the answer that contradict it.
    pub quote: String,
    /// What is true.
    pub point: String,
}

impl Findings {
    fn made(&self) -> impl Iterator<Item = &KeyPointResult> {
        self.key_points.iter().filter(|point| point.coverage >= FULL)
    }

    fn in_part(&self) -> impl Iterator<Item = &KeyPointResult> {
        self.key_points.iter().filter(|point| point.coverage > 0.0 && point.coverage < FULL)
    }

    fn missing(&self) -> impl Iterator<Item = &KeyPointResult> {
        self.key_points.iter().filter(|point| point.coverage <= 0.0)
    }

    /// Points not fully made, the heaviest first.
    fn open(&self) -> Vec<&KeyPointResult> {
        let mut open: Vec<_> = self.key_points.iter().filter(|p| p.coverage < FULL).collect();
        open.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        open
    }
}

/// An explanation for each dimension, in order.
pub fn explanations(findings: &Findings) -> Vec<Explanation> {
    Dimension::ALL
        .into_iter()
        .map(|dimension| {
            let band = findings.scores.of(dimension).band();
            let next = band.next().map(|next| next_step::next_step(findings, dimension, next));
            Explanation {
                dimension,
                band,
                reason: reason::reason(findings, dimension),
                evidence: reason::evidence(findings, dimension),
                next_step: next.unwrap_or_default(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
