//! Checks a reply: drops what no quote supports, bounds the scores by the support, and rejects what is
//! not an evaluation.

use super::{
    baseline::Baseline,
    credit::Credit,
    prompt::Reading,
    quotes::{self, Quoted},
    reply::Reply,
    thresholds::{FULL_SUPPORT, MOST_UNSHOWN, NEXT_TO_NOTHING, NO_SUPPORT, WITH_MISTAKES},
};
use crate::{
    domain::{
        evaluation::{KeyPointResult, MistakeResult},
        score::{Dimension, Score, Scores},
    },
    evaluation::evidence::Searchable,
    storage::queue::Job,
};

/// The most suggestions and mistakes of a reply that are kept.
const MOST_SUGGESTIONS: usize = 5;
const MOST_MISTAKES: usize = 5;

/// The most characters of feedback that are kept; a suggestion or a reason may have a tenth of that.
const MOST_FEEDBACK: usize = 6000;

/// What a reply claims, if it is an evaluation, with the quotes that are in the answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReplyClaims {
    /// As the model gave them, in range but not bounded yet.
    pub(super) scores: Scores,
    /// `None` if the reply names points of its own instead of the rubric's.
    pub(super) quoted: Option<Vec<Quoted>>,
    pub(super) mistakes: Vec<MistakeResult>,
    pub(super) feedback: String,
    pub(super) suggestions: Vec<String>,
}

/// A reply after code has checked it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checked {
    pub(super) claims: ReplyClaims,
    /// Bounded by what is supported.
    pub(super) scores: Scores,
    pub(super) key_points: Vec<KeyPointResult>,
    /// Whether it is based on unverified quotes.
    pub(super) is_unverified: bool,
}

/// Why a reply is not an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    /// A score is out of range.
    #[error("a score was not a number from 0 to 10")]
    Score,
    /// A coverage is out of range.
    #[error("the coverage of a key point was not a number from 0 to 1")]
    Coverage,
    /// There is nothing for the candidate to read.
    #[error("its feedback was empty")]
    Feedback,
    /// It names points of its own, and the built-in grader cannot say which of the rubric's are made.
    #[error("it named none of the rubric's key points")]
    Points,
}

impl ReplyClaims {
    /// Reads what a reply to the answer claims; `Unusable` if it is not an evaluation.
    pub(super) fn of(
        reply: &Reply,
        reading: Reading,
        job: &Job,
        baseline: &Baseline,
    ) -> Result<Self, Unusable> {
        let scores = claimed(reply).ok_or(Unusable::Score)?;
        let points = reply.key_points.as_deref().unwrap_or_default();
        if points.iter().any(|point| !(0.0..=1.0).contains(&point.coverage)) {
            return Err(Unusable::Coverage);
        }
        let feedback = shown(&reply.feedback, MOST_FEEDBACK);
        if feedback.trim().is_empty() {
            return Err(Unusable::Feedback);
        }
        let answer = Searchable::new(&job.answer);
        let quoted = quotes::quoted(points, &job.rubric, &answer, |quote| reading.unmarked(quote));
        if quoted.is_none() && !baseline.has_read {
            return Err(Unusable::Points);
        }
        let mistakes = reply.mistakes.as_deref().unwrap_or_default().iter().take(MOST_MISTAKES);
        let mistakes = mistakes.filter_map(|mistake| {
            let evidence = answer.find(&reading.unmarked(&mistake.quote))?.to_owned();
            let why_wrong = shown(mistake.why_wrong.trim(), MOST_FEEDBACK / 10);
            let found = MistakeResult { number: None, claim: String::new(), evidence, why_wrong };
            (!found.why_wrong.is_empty() && !found.evidence.is_empty()).then_some(found)
        });
        let suggestions = reply.suggestions.as_deref().unwrap_or_default().iter();
        let suggestions = suggestions.map(|text| shown(text.trim(), MOST_FEEDBACK / 10));
        Ok(Self {
            scores,
            quoted,
            mistakes: mistakes.collect(),
            feedback,
            suggestions: suggestions.filter(|s| !s.is_empty()).take(MOST_SUGGESTIONS).collect(),
        })
    }
}

impl Checked {
    /// Bounds the claims by what the quotes show. If nothing was quoted for the rubric (`None`), the
    /// built-in grader's findings take its place.
    pub(super) fn new(claims: ReplyClaims, credit: Option<Credit>, baseline: &Baseline) -> Self {
        let found =
            || Credit { key_points: baseline.findings.key_points.clone(), is_unverified: false };
        let Credit { key_points, is_unverified } = credit.unwrap_or_else(found);
        let mut checked = Self { scores: claims.scores, claims, key_points, is_unverified };
        checked.scores = checked.bounded(baseline);
        checked
    }

    /// The share of the rubric that quotes support, 0 to 1.
    pub(super) fn support(&self) -> f64 {
        let points = self.key_points.iter();
        points.map(|point| point.weight * point.coverage).sum::<f64>().clamp(0.0, 1.0)
    }

    /// Whether the model gave credit, but hardly any of its quotes holds.
    pub(super) fn is_unsupported(&self) -> bool {
        self.support() < NO_SUPPORT && self.claims.scores.mean() > NEXT_TO_NOTHING
    }

    /// Whether no quote shows any point.
    pub(super) fn shows_nothing(&self) -> bool {
        self.key_points.iter().all(|point| point.coverage <= 0.0)
    }

    /// The scores as far as they are supported: completeness up to the share of the rubric that quotes
    /// show, and correctness up to its square root, because an answer may be right in the little that
    /// it says. If hardly anything is supported, the style scores are at most the built-in grader's;
    /// if nothing is, no score is above the lowest band.
    fn bounded(&self, baseline: &Baseline) -> Scores {
        let claimed = &self.claims.scores;
        let support = self.support();
        let most = if self.shows_nothing() { MOST_UNSHOWN } else { 10.0 };
        let at_most = |dimension: Dimension, limit: f64| {
            let claimed = claimed.of(dimension);
            let limit = floor(limit.min(most));
            Score::new(claimed.get().min(limit)).unwrap_or(claimed)
        };
        let manner = |dimension: Dimension| {
            let rise = (support - NO_SUPPORT) / (FULL_SUPPORT - NO_SUPPORT);
            let found = baseline.findings.scores.of(dimension).get();
            // The built-in grader knows nothing about an answer that it cannot read.
            let found = if baseline.has_read { found } else { MOST_UNSHOWN };
            at_most(dimension, found.max(10.0 * rise.clamp(0.0, 1.0)))
        };
        let right = if self.claims.mistakes.is_empty() { 10.0 } else { WITH_MISTAKES };
        Scores {
            correctness: at_most(Dimension::Correctness, right.min(10.0 * support.sqrt())),
            completeness: at_most(Dimension::Completeness, 10.0 * support),
            quality: manner(Dimension::Quality),
            communication: manner(Dimension::Communication),
        }
    }
}

/// The scores rounded down to one decimal, so that the number shown is the one that its band is for,
/// and never more than was given.
fn claimed(reply: &Reply) -> Option<Scores> {
    let score = |value: f64| Score::new(value).and_then(|s| Score::new(floor(s.get())));
    Some(Scores {
        correctness: score(reply.scores.correctness)?,
        completeness: score(reply.scores.completeness)?,
        quality: score(reply.scores.quality)?,
        communication: score(reply.scores.communication)?,
    })
}

/// Rounds down to one decimal. The addend compensates for binary fractions: 7.4 is stored as slightly
/// less.
pub(super) fn floor(value: f64) -> f64 {
    (value * 10.0 + 1e-6).floor() / 10.0
}

/// The model's text as it is kept: without U+0000, which not every database can store, and of a
/// readable length.
fn shown(text: &str, most: usize) -> String {
    let text = text.replace('\0', "");
    match text.char_indices().nth(most) {
        None => text,
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}
