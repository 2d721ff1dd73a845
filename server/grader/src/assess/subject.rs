//! Subject: whether a stretch of an answer is about the question at all.

use crate::marking::{Reading, Unit};
use crate::prepared::Prepared;

/// How much of a stretch of sentences the rubric says as well, summed up so that stretches can be joined.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stretch {
    sentences: f64,
    /// The weight of the content words.
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
        let mut stretch = Self { sentences: 1.0, weight: sentence.passage.total, ..Self::default() };
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
            weight: self.weight + other.weight,
            alike: self.alike + other.alike,
            shared: self.shared + other.shared,
            nearest: self.nearest + other.nearest,
        }
    }

    /// The log-odds that the stretch is about the question, fitted to tell stretches of three sentences
    /// of labelled answers from those of answers to other questions.
    pub(super) fn log_odds(&self) -> f64 {
        let weight = self.weight.max(1e-9);
        let nearest = self.nearest / self.sentences.max(1.0);
        6.0 * self.alike / weight + 4.0 * self.shared / weight + 10.0 * nearest - 5.5
    }
}

/// Whether the answer as a whole is about the question, 0 to 1. A good story shares few words with points
/// about the candidate, so the check counts the less, the more of them there are.
pub(super) fn factor(prepared: &Prepared, reading: &Reading<'_>) -> f64 {
    let sentences = reading.sentences().iter();
    let whole = sentences
        .map(|sentence| Stretch::of(prepared, reading, sentence))
        .fold(Stretch::default(), |whole, sentence| whole.join(&sentence));
    let open = ((whole.log_odds() + 2.0) / 1.5).clamp(0.0, 1.0);
    open.powf(1.0 - prepared.about_candidate)
}
