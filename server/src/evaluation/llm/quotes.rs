//! Matches the reply's key points with the rubric's, and finds their quotes in the answer.

use std::ops::Range;

use super::reply::{PointName, ReplyPoint};
use crate::{
    domain::{evaluation::KeyPointResult, question::Rubric},
    evaluation::evidence::Searchable,
};

/// The most points of a reply that are read; no rubric has that many.
const MOST_POINTS: usize = 32;

/// A point of the rubric that the reply credits, with a quote from the answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quoted {
    /// Its number in the rubric, from 0.
    pub(super) point: usize,
    /// How far the answer makes it, according to the reply.
    pub(super) coverage: f64,
    /// The quote's place in the answer.
    pub(super) place: Range<usize>,
}

/// What the reply quotes for the rubric's points; credit without a quote is dropped. `None` if it
/// names only points of its own, as models do that ignore the schema: then it says nothing about
/// the rubric.
pub(super) fn quoted(
    reply: &[ReplyPoint],
    rubric: &Rubric,
    answer: &Searchable,
    unmarked: impl Fn(&str) -> String,
) -> Option<Vec<Quoted>> {
    let reply = &reply[..reply.len().min(MOST_POINTS)];
    let meant: Vec<Option<usize>> = reply.iter().map(|p| position(&p.point, rubric)).collect();
    if !reply.is_empty() && meant.iter().all(Option::is_none) {
        return None;
    }
    let mut kept: Vec<Quoted> = Vec::new();
    for (said, point) in reply.iter().zip(meant) {
        let (Some(point), coverage) = (point, said.coverage) else { continue };
        let quote = unmarked(said.evidence.as_deref().unwrap_or_default());
        let Some(place) = answer.place(&quote).filter(|_| coverage > 0.0) else { continue };
        // A point that is named twice counts once, with its better quote.
        match kept.iter_mut().find(|known| known.point == point) {
            Some(known) if known.coverage >= coverage => {}
            Some(known) => (known.coverage, known.place) = (coverage, place),
            None => kept.push(Quoted { point, coverage, place }),
        }
    }
    Some(kept)
}

/// Every point of the rubric, as missing.
pub(super) fn missing(rubric: &Rubric) -> Vec<KeyPointResult> {
    let weights: Vec<f64> = rubric.key_points.iter().map(|point| point.weight).collect();
    let points = rubric.key_points.iter().zip(shares(&weights));
    points
        .map(|(point, weight)| KeyPointResult {
            point: point.point.clone(),
            weight,
            coverage: 0.0,
            evidence: String::new(),
            confidence: None,
        })
        .collect()
}
/// Weights as shares of their sum; equal shares if the weights are unusable.
fn shares(weights: &[f64]) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    let usable = sum.is_finite() && sum > 0.0 && weights.iter().all(|weight| *weight >= 0.0);
    let even = 1.0 / weights.len().max(1) as f64;
    weights.iter().map(|weight| if usable { weight / sum } else { even }).collect()
}

/// The index of the rubric's point that is meant.
fn position(name: &PointName, rubric: &Rubric) -> Option<usize> {
    let numbered = |number: usize| {
        let at = number.checked_sub(1)?;
        (at < rubric.key_points.len()).then_some(at)
    };
    match name {
        PointName::Number(number) => numbered(usize::try_from(*number).ok()?),
        PointName::Text(text) => {
            let digits = text.trim().trim_end_matches('.');
            if let Ok(number) = digits.parse() {
                return numbered(number);
            }
            rubric.key_points.iter().position(|point| same_words(&point.point, text))
        }
    }
}

fn same_words(one: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    words(one) == words(other)
}
