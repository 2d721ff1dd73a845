//! Subject: whether a stretch of an answer is about the question at all.

use crate::marking::{Reading, Unit};
use crate::prepared::Prepared;
use crate::scale::rise;

/// How much of a stretch of sentences the rubric says as well, summed up so that stretches can be
/// joined.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stretch {
    sentences: f64,
    /// The number of content words.
    terms: f64,
    /// Their weight.
    weight: f64,
    /// The weight of those whose meaning is in the rubric, by degrees.
    alike: f64,
    /// The weight of those that are in the rubric.
    shared: f64,
    /// For each sentence how much of it the nearest true statement says.
    nearest: f64,
}

impl Stretch {
    pub(super) fn of(prepared: &Prepared, reading: &Reading<'_>, sentence: &Unit) -> Self {
        let truth = &prepared.truth.passage;
        let alignment = &reading.answer.alignment;
        let mut stretch = Self {
            sentences: 1.0,
            terms: sentence.passage.terms.len() as f64,
            weight: sentence.passage.total,
            ..Self::default()
        };
        for term in &sentence.passage.terms {
            stretch.alike += term.weight * f64::from(alignment.best_in(term.slot, &truth.terms));
            if truth.stems.contains(term.stem) {
                stretch.shared += term.weight;
            }
        }
        let statements = &sentence.precision[..prepared.references.end];
        stretch.nearest = statements.iter().copied().fold(0.0, f64::max);
        stretch
    }

    pub(super) fn join(self, other: &Self) -> Self {
        Self {
            sentences: self.sentences + other.sentences,
            terms: self.terms + other.terms,
            weight: self.weight + other.weight,
            alike: self.alike + other.alike,
            shared: self.shared + other.shared,
            nearest: self.nearest + other.nearest,
        }
    }

    fn shares(&self) -> (f64, f64, f64) {
        let weight = self.weight.max(1e-9);
        (self.alike / weight, self.shared / weight, self.nearest / self.sentences.max(1.0))
    }

    /// How much a single sentence speaks for the question being its subject, in log-odds. The
    /// weights are those of a logistic regression, rounded, that tells sentences of labelled
    /// answers from sentences of answers to other questions. What speaks against it is capped low:
    /// every aside looks foreign.
    pub(super) fn evidence(&self) -> f64 {
        let (alike, shared, nearest) = self.shares();
        let odds = 4.0 * alike + 2.4 * shared + 2.9 * nearest - 2.6;
        odds.clamp(-1.5, 4.0) * (self.terms / 4.0).min(1.0)
    }

    /// The log-odds that the question is the subject of several sentences together; fitted in the
    /// same way to stretches of three sentences.
    fn log_odds(&self) -> f64 {
        let (alike, shared, nearest) = self.shares();
        6.0 * alike + 4.0 * shared + 10.0 * nearest - 5.5
    }
}

/// Whether the answer as a whole is about the question, 0 to 1.
pub(super) fn factor(prepared: &Prepared, reading: &Reading<'_>) -> f64 {
    if !prepared.has_key_points {
        // A reference alone says little in other words: people give full marks to answers that share
        // hardly any with it, and on 559 exam answers this check cost .07 of r.
        return 1.0;
    }
    rise(core(prepared, reading).log_odds(), limits(prepared, reading))
}

/// The two thirds of the sentences that are most about the question. A foreign sentence or two
/// beside an honest answer then change next to nothing.
fn core(prepared: &Prepared, reading: &Reading<'_>) -> Stretch {
    let sentences = reading.sentences().iter();
    let mut stretches: Vec<_> =
        sentences.map(|sentence| Stretch::of(prepared, reading, sentence)).collect();
    stretches.sort_by(|a, b| b.evidence().total_cmp(&a.evidence()));
    let kept = stretches.len() - stretches.len() / 3;
    stretches[..kept].iter().fold(Stretch::default(), Stretch::join)
}

/// The length of a story in sentences.
const STORY: usize = 12;

/// From which log-odds to which the check opens. Nearly all labelled answers lie above the upper
/// limit, and nearly all answers to other questions below it.
fn limits(prepared: &Prepared, reading: &Reading<'_>) -> (f64, f64) {
    // A good story shares few words with points about the candidate, so less is asked of it there,
    // but the longer it is, the less can be left to chance.
    let sentences = reading.sentences().len().max(STORY);
    let about = prepared.about_candidate * STORY as f64 / sentences as f64;
    (-0.75 - 1.5 * about, 0.25 - 2.0 * about)
}
