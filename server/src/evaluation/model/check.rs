//! What code makes of a reply: it drops what no quote supports, bounds what support allows, and
//! refuses what is no evaluation.

use super::{points, prompt::Reading, reply::Reply};
use crate::{
    domain::{
        evaluation::KeyPointResult,
        score::{Dimension, Score, Scores},
    },
    evaluation::{
        evidence::Searchable,
        explain::{Findings, FoundMistake},
    },
    storage::queue::Job,
};

/// Suggestions and mistakes that are kept of a reply.
const MOST_SUGGESTIONS: usize = 5;
const MOST_MISTAKES: usize = 5;

/// Characters of feedback that are kept; a suggestion or a reason may have a tenth of it.
const MOST_FEEDBACK: usize = 6000;

/// Below this share of the rubric support counts as none, and from this one on it puts no bound on
/// how an answer is written; between them the bound rises evenly.
const NO_SUPPORT: f64 = 0.05;
const FULL_SUPPORT: f64 = 0.2;

/// With a false claim in it no answer is right throughout.
const WITH_MISTAKES: f64 = 8.9;

/// A reply after code has checked it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checked {
    /// As the model gave them, in range but not bounded yet.
    pub(super) claimed: Scores,
    /// Bounded by what is supported.
    pub(super) scores: Scores,
    pub(super) key_points: Vec<KeyPointResult>,
    pub(super) mistakes: Vec<FoundMistake>,
    pub(super) feedback: String,
    pub(super) suggestions: Vec<String>,
}

/// Why a reply is no evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    /// A score is beyond its range.
    #[error("a score was not a number from 0 to 10")]
    Score,
    /// A coverage is beyond its range.
    #[error("the coverage of a key point was not a number from 0 to 1")]
    Coverage,
    /// There is nothing for the candidate to read.
    #[error("its feedback was empty")]
    Feedback,
}

impl Checked {
    /// The share of the rubric that quotes support, 0 to 1.
    pub(super) fn support(&self) -> f64 {
        support(&self.key_points)
    }

    /// Whether the model gave credit, but no quote for any of it holds.
    pub(super) fn is_unsupported(&self) -> bool {
        // Below this mean a model says itself that there is next to nothing.
        const NEXT_TO_NOTHING: f64 = 2.0;
        self.support() < NO_SUPPORT && self.claimed.mean() > NEXT_TO_NOTHING
    }
}

/// Checks a reply to the answer. `built_in` is what the built-in grader found of it.
pub(super) fn check(
    reply: &Reply,
    reading: Reading,
    job: &Job,
    built_in: &Findings,
) -> Result<Checked, Unusable> {
    let claimed = claimed(reply).ok_or(Unusable::Score)?;
    let points = reply.key_points.as_deref().unwrap_or_default();
    if points.iter().any(|point| !(0.0..=1.0).contains(&point.coverage)) {
        return Err(Unusable::Coverage);
    }
    let feedback = shown(&reply.feedback, MOST_FEEDBACK);
    if feedback.trim().is_empty() {
        return Err(Unusable::Feedback);
    }
    let searchable = Searchable::new(&job.answer);
    let key_points = points::supported(
        points,
        &job.question,
        &job.rubric,
        &searchable,
        &built_in.key_points,
        |quote| reading.unmarked(quote),
    );
    let mistakes = reply.mistakes.as_deref().unwrap_or_default().iter().take(MOST_MISTAKES);
    let mistakes = mistakes.filter_map(|mistake| {
        let quote = searchable.find(&reading.unmarked(&mistake.quote))?.to_owned();
        let why_wrong = shown(mistake.why_wrong.trim(), MOST_FEEDBACK / 10);
        (!why_wrong.is_empty()).then_some(FoundMistake { quote, why_wrong })
    });
    let mistakes: Vec<FoundMistake> = mistakes.collect();
    let suggestions = reply.suggestions.as_deref().unwrap_or_default().iter();
    let suggestions = suggestions.map(|text| shown(text.trim(), MOST_FEEDBACK / 10));
    Ok(Checked {
        claimed,
        scores: bounded(&claimed, support(&key_points), !mistakes.is_empty(), &built_in.scores),
        key_points,
        mistakes,
        feedback,
        suggestions: suggestions.filter(|s| !s.is_empty()).take(MOST_SUGGESTIONS).collect(),
    })
}

fn claimed(reply: &Reply) -> Option<Scores> {
    // One decimal, so that the number shown is the number that has the band.
    let score =
        |value: f64| Score::new(value).and_then(|s| Score::new(tenths(s.get()).round() / 10.0));
    Some(Scores {
        correctness: score(reply.scores.correctness)?,
        completeness: score(reply.scores.completeness)?,
        quality: score(reply.scores.quality)?,
        communication: score(reply.scores.communication)?,
    })
}

fn support(points: &[KeyPointResult]) -> f64 {
    points.iter().map(|point| point.weight * point.coverage).sum::<f64>().clamp(0.0, 1.0)
}

/// The scores as far as they are supported: completeness up to the share of the rubric that quotes
/// show, correctness up to its square root, for an answer may be right in the little that it says.
/// Where hardly anything is supported, how it is written is worth no more than the built-in grader
/// finds.
fn bounded(claimed: &Scores, support: f64, has_mistakes: bool, built_in: &Scores) -> Scores {
    let at_most = |dimension: Dimension, limit: f64| {
        let claimed = claimed.of(dimension);
        let limit = (tenths(limit) + 1e-6).floor() / 10.0;
        Score::new(claimed.get().min(limit)).unwrap_or(claimed)
    };
    let manner = |dimension: Dimension| {
        let rise = (support - NO_SUPPORT) / (FULL_SUPPORT - NO_SUPPORT);
        at_most(dimension, built_in.of(dimension).get().max(10.0 * rise.clamp(0.0, 1.0)))
    };
    let right = if has_mistakes { WITH_MISTAKES } else { 10.0 };
    Scores {
        correctness: at_most(Dimension::Correctness, right.min(10.0 * support.sqrt())),
        completeness: at_most(Dimension::Completeness, 10.0 * support),
        quality: manner(Dimension::Quality),
        communication: manner(Dimension::Communication),
    }
}

fn tenths(value: f64) -> f64 {
    value * 10.0
}

/// Text of the model as it is kept: without U+0000, which not every database can hold, and of a
/// length that can be read.
fn shown(text: &str, most: usize) -> String {
    let text = text.replace('\0', "");
    match text.char_indices().nth(most) {
        None => text,
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}
