//! The reply's key points against the rubric's: which is which, and which quotes hold.

use super::reply::{PointName, ReplyPoint};
use crate::{
    domain::{evaluation::KeyPointResult, question::Rubric},
    evaluation::{evidence::Searchable, subject::Subject},
};

/// Points of a reply that are looked at; no rubric has as many.
const MOST_POINTS: usize = 32;

/// The rubric's points with what the reply supports of them. Credit is dropped where no quote stands
/// in the answer, or where what is quoted does not speak of the matter at all.
///
/// A reply that names none of the rubric's points but others of its own, as models do that keep to no
/// schema, says nothing about the rubric: what the built-in grader found of it is taken instead.
pub(super) fn supported(
    reply: &[ReplyPoint],
    question: &str,
    rubric: &Rubric,
    answer: &Searchable,
    built_in: &[KeyPointResult],
    unmarked: impl Fn(&str) -> String,
) -> Vec<KeyPointResult> {
    let reply = &reply[..reply.len().min(MOST_POINTS)];
    let meant: Vec<Option<usize>> = reply.iter().map(|p| position(&p.point, rubric)).collect();
    if !reply.is_empty() && meant.iter().all(Option::is_none) {
        return built_in.to_vec();
    }
    let subject = Subject::of(question, rubric);
    let mut results = empty(rubric);
    for (point, at) in reply.iter().zip(meant) {
        let Some(result) = at.and_then(|at| results.get_mut(at)) else { continue };
        let quote = unmarked(point.evidence.as_deref().unwrap_or_default());
        // A point that is named twice counts once, by its better quote.
        if point.coverage > result.coverage
            && let Some(words) = answer.find(&quote)
            && subject.is_touched(answer.text(), words)
        {
            (result.coverage, result.evidence) = (point.coverage, words.to_owned());
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
