//! What code makes of a reply: it drops what no quote supports, bounds what support allows, and
//! refuses what is no evaluation.

use super::{
    beside::Beside,
    credit::Heard,
    prompt::Reading,
    quotes::{self, Quoted},
    reply::Reply,
    thresholds::{FULL_SUPPORT, MOST_UNSHOWN, NEXT_TO_NOTHING, NO_SUPPORT, WITH_MISTAKES},
};
use crate::{
    domain::{
        evaluation::KeyPointResult,
        score::{Dimension, Score, Scores},
    },
    evaluation::{evidence::Searchable, explain::FoundMistake},
    storage::queue::Job,
};

/// Suggestions and mistakes that are kept of a reply.
const MOST_SUGGESTIONS: usize = 5;
const MOST_MISTAKES: usize = 5;

/// Characters of feedback that are kept; a suggestion or a reason may have a tenth of it.
const MOST_FEEDBACK: usize = 6000;

/// What a reply claims, as far as it is an evaluation at all and its quotes stand in the answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claims {
    /// As the model gave them, in range but not bounded yet.
    pub(super) scores: Scores,
    /// None where the reply names points of its own instead of the rubric's.
    pub(super) quoted: Option<Vec<Quoted>>,
    pub(super) mistakes: Vec<FoundMistake>,
    pub(super) feedback: String,
    pub(super) suggestions: Vec<String>,
}

/// A reply after code has checked it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checked {
    pub(super) claims: Claims,
    /// Bounded by what is supported.
    pub(super) scores: Scores,
    pub(super) key_points: Vec<KeyPointResult>,
    /// Whether it rests on quotes of which nobody can say whether they show anything.
    pub(super) is_unverified: bool,
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
    /// It names points of its own, and nobody else can say which of the rubric's are made.
    #[error("it named none of the rubric's key points")]
    Points,
}

impl Claims {
    /// Takes a reply to the answer at its word, as far as it can be.
    pub(super) fn of(
        reply: &Reply,
        reading: Reading,
        job: &Job,
        beside: &Beside,
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
        if quoted.is_none() && !beside.has_read {
            return Err(Unusable::Points);
        }
        let mistakes = reply.mistakes.as_deref().unwrap_or_default().iter().take(MOST_MISTAKES);
        let mistakes = mistakes.filter_map(|mistake| {
            let quote = answer.find(&reading.unmarked(&mistake.quote))?.to_owned();
            let why_wrong = shown(mistake.why_wrong.trim(), MOST_FEEDBACK / 10);
            (!why_wrong.is_empty()).then_some(FoundMistake { quote, why_wrong })
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
    /// Bounds what is claimed by what the quotes have come to; none where nothing was quoted for the
    /// rubric: then what the built-in grader found of it is taken instead.
    pub(super) fn new(claims: Claims, heard: Option<Heard>, beside: &Beside) -> Self {
        let found =
            || Heard { key_points: beside.findings.key_points.clone(), is_unverified: false };
        let Heard { key_points, is_unverified } = heard.unwrap_or_else(found);
        let mut checked = Self { scores: claims.scores, claims, key_points, is_unverified };
        checked.scores = checked.bounded(beside);
        checked
    }

    /// The share of the rubric that quotes support, 0 to 1.
    pub(super) fn support(&self) -> f64 {
        let points = self.key_points.iter();
        points.map(|point| point.weight * point.coverage).sum::<f64>().clamp(0.0, 1.0)
    }

    /// Whether the model gave credit, but no quote for any of it holds.
    pub(super) fn is_unsupported(&self) -> bool {
        self.support() < NO_SUPPORT && self.claims.scores.mean() > NEXT_TO_NOTHING
    }

    /// Whether no quote shows any point.
    pub(super) fn shows_nothing(&self) -> bool {
        self.key_points.iter().all(|point| point.coverage <= 0.0)
    }

    /// The scores as far as they are supported: completeness up to the share of the rubric that quotes
    /// show, correctness up to its square root, for an answer may be right in the little that it says.
    /// Where hardly anything is supported, how it is written is worth no more than the built-in grader
    /// finds, and where nothing is, nothing is worth more than the lowest band.
    fn bounded(&self, beside: &Beside) -> Scores {
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
            let found = beside.findings.scores.of(dimension).get();
            // Of an answer that it cannot read the built-in grader knows nothing.
            let found = if beside.has_read { found } else { MOST_UNSHOWN };
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

/// The scores with one decimal, rounded down, so that the number shown is the number that has the band
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

/// Rounded down to one decimal. The addend undoes what binary fractions take off: 7.4 is stored as a
/// little less.
pub(super) fn floor(value: f64) -> f64 {
    (value * 10.0 + 1e-6).floor() / 10.0
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
