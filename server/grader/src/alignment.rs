//! Alignment: how well each word of the answer says each word of the rubric.
//!
//! All products of word vectors are taken here, once for every pair of distinct words. Whatever is
//! compared later, a sentence with a point or the whole answer with a false claim, is a maximum over
//! part of this matrix.

use crate::lexicon::{Lexicon, Word};
use crate::model::dot;
use crate::passage::{Passage, Term};

/// A matrix with a row for every alignable word of the answer and a column for every one of the rubric;
/// 1 where two words say the same, 0 where they have nothing to do with each other.
#[derive(Debug)]
pub(crate) struct Alignment {
    columns: usize,
    values: Vec<f32>,
}

impl Alignment {
    pub(crate) fn new(answer: &Lexicon<'_>, rubric: &Lexicon<'_>) -> Self {
        let columns: Vec<_> = rubric.alignable().collect();
        let rows = answer.alignable();
        let mut values = Vec::with_capacity(rows.len() * columns.len());
        for row in rows {
            values.extend(columns.iter().map(|column| likeness(row, column)));
        }
        Self { columns: columns.len(), values }
    }

    /// How well a word of the answer says each word of the rubric.
    pub(crate) fn row(&self, slot: usize) -> &[f32] {
        &self.values[slot * self.columns..][..self.columns]
    }

    /// How well these words of the answer together say each word of the rubric.
    pub(crate) fn reach(&self, slots: impl IntoIterator<Item = usize>) -> Vec<f32> {
        let mut reach = vec![0.0_f32; self.columns];
        for slot in slots {
            for (best, value) in reach.iter_mut().zip(self.row(slot)) {
                *best = best.max(*value);
            }
        }
        reach
    }

    /// How well a word of the answer is said by some word of the passage of the rubric.
    pub(crate) fn best_in(&self, slot: usize, terms: &[Term]) -> f32 {
        let row = self.row(slot);
        terms.iter().map(|term| row[term.slot]).fold(0.0, f32::max)
    }
}

/// Two words with one stem say the same; for others it depends on how near their vectors lie.
fn likeness(a: &Word, b: &Word) -> f32 {
    if a.stem == b.stem { 1.0 } else { ((dot(&a.vector, &b.vector) - 0.35) / 0.65).clamp(0.0, 1.0) }
}

/// How much of a passage of the rubric is said by words with this reach, 0 to 1.
pub(crate) fn recall(passage: &Passage, reach: &[f32]) -> f64 {
    weighted_recall(passage, passage.terms.iter().map(|term| term.weight), reach)
}

/// The same with other weights for the words of the passage.
pub(crate) fn weighted_recall(
    passage: &Passage,
    weights: impl IntoIterator<Item = f64>,
    reach: &[f32],
) -> f64 {
    let (mut said, mut total) = (0.0, 0.0);
    for (term, weight) in passage.terms.iter().zip(weights) {
        said += f64::from(reach[term.slot]) * weight;
        total += weight;
    }
    said / total.max(1e-9)
}
