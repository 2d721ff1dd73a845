//! The reply's key points against the rubric's: which is which, and which quotes hold.

use super::reply::{PointName, ReplyPoint};
use crate::{
    domain::{evaluation::KeyPointResult, question::Rubric},
    evaluation::evidence::Searchable,
};

/// What one point of the reply amounts to, once its quote was looked up.
struct Found {
    coverage: f64,
    evidence: String,
}

/// The rubric's points with what the reply supports of them. Credit without a quote that stands in
/// the answer is dropped. A reply that names none of the rubric's points but others of its own, as
/// models do that keep to no schema, is taken by its own points: their quotes are checked alike.
pub(super) fn supported(
    reply: &[ReplyPoint],
    rubric: &Rubric,
    answer: &Searchable,
    unmarked: impl Fn(&str) -> String,
) -> Vec<KeyPointResult> {
    let found = |point: &ReplyPoint| {
        let quote = unmarked(point.evidence.as_deref().unwrap_or_default());
        match answer.find(&quote) {
            Some(words) if point.coverage > 0.0 => {
                Found { coverage: point.coverage, evidence: words.to_owned() }
            }
            _ => Found { coverage: 0.0, evidence: String::new() },
        }
    };
    let meant: Vec<Option<usize>> = reply.iter().map(|p| position(&p.point, rubric)).collect();
    if meant.iter().all(Option::is_none) {
        return own_points(reply, rubric, found);
    }
    let mut results = empty(rubric);
    for (point, at) in reply.iter().zip(meant) {
        let Some(result) = at.and_then(|at| results.get_mut(at)) else { continue };
        let Found { coverage, evidence } = found(point);
        // A point that is named twice counts once, by its better quote.
        if coverage > result.coverage {
            (result.coverage, result.evidence) = (coverage, evidence);
        }
    }
    results
}

/// Every point of the rubric, missing.
fn empty(rubric: &Rubric) -> Vec<KeyPointResult> {
    let weights: Vec<f64> = rubric.key_points.iter().map(|point| point.weight).collect();
    let points = rubric.key_points.iter().zip(shares(&weights));
    points
        .map(|(point, weight)| KeyPointResult {
            point: point.point.clone(),
            weight,
            coverage: 0.0,
            evidence: String::new(),
        })
        .collect()
}

fn own_points(
    reply: &[ReplyPoint],
    rubric: &Rubric,
    found: impl Fn(&ReplyPoint) -> Found,
) -> Vec<KeyPointResult> {
    let named: Vec<(&ReplyPoint, &str)> = reply
        .iter()
        .filter_map(|point| match &point.point {
            PointName::Text(text) if !text.trim().is_empty() => Some((point, text.trim())),
            _ => None,
        })
        .collect();
    if named.is_empty() {
        return empty(rubric);
    }
    let weights: Vec<f64> = named.iter().map(|(point, _)| point.weight.unwrap_or(1.0)).collect();
    let results = named.iter().zip(shares(&weights)).map(|((point, text), weight)| {
        let Found { coverage, evidence } = found(point);
        KeyPointResult { point: (*text).to_owned(), weight, coverage, evidence }
    });
    results.collect()
}

/// Weights as shares of their sum; even ones where they are no weights.
fn shares(weights: &[f64]) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    let usable = sum.is_finite() && sum > 0.0 && weights.iter().all(|weight| *weight >= 0.0);
    let even = 1.0 / weights.len().max(1) as f64;
    weights.iter().map(|weight| if usable { weight / sum } else { even }).collect()
}

/// Which of the rubric's points is meant.
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
