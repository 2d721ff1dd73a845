//! Why each score is what it is, the smallest step to a better one, and feedback in whole
//! sentences: written by code from the findings, never by a model.

mod feedback;
mod next_step;
mod reason;

pub(in crate::evaluation) use feedback::one_line;
pub use feedback::{feedback, suggestions};
pub(super) use next_step::{add, first_to_say};

use viva_grader::Style;

use crate::domain::{
    evaluation::{Explanation, FULL, KeyPointResult, MistakeResult, ScoreRange},
    score::{Dimension, Score, Scores},
};

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
        made(&self.key_points)
    }

    fn in_part(&self) -> impl Iterator<Item = &KeyPointResult> {
        in_part(&self.key_points)
    }

    fn missing(&self) -> impl Iterator<Item = &KeyPointResult> {
        self.key_points.iter().filter(|point| point.coverage <= 0.0)
    }

    fn open(&self) -> Vec<&KeyPointResult> {
        open(&self.key_points)
    }
}

fn made(points: &[KeyPointResult]) -> impl Iterator<Item = &KeyPointResult> {
    points.iter().filter(|point| point.coverage >= FULL)
}

fn in_part(points: &[KeyPointResult]) -> impl Iterator<Item = &KeyPointResult> {
    points.iter().filter(|point| point.coverage > 0.0 && point.coverage < FULL)
}

/// Points not fully made, the heaviest first.
fn open(points: &[KeyPointResult]) -> Vec<&KeyPointResult> {
    let mut open: Vec<_> = points.iter().filter(|p| p.coverage < FULL).collect();
    open.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    open
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

/// The explanation of completeness alone, which depends only on the points.
pub(super) fn completeness(points: &[KeyPointResult], score: Score) -> Explanation {
    let band = score.band();
    let next = band.next().map(|next| next_step::completeness(points, score, next));
    Explanation {
        dimension: Dimension::Completeness,
        band,
        reason: reason::completeness(points),
        evidence: reason::first_quotes(made(points).chain(in_part(points)).map(|p| &p.evidence)),
        next_step: next.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
