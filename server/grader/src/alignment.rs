//! Alignment: how well each word of the answer says each word of the rubric.
//!
//! All products of word vectors are taken here, once for every pair of distinct words. Whatever is
//! compared later, a sentence with a point or the whole answer with a false claim, is a maximum
//! over part of this matrix.

use crate::lexicon::Lexicon;
use crate::model::{DIMENSIONS, Vector};
use crate::passage::{Passage, Term};

/// A matrix with a row for every alignable word of the answer and a column for every one of the
/// rubric; 1 where two words say the same, 0 where they have nothing to do with each other.
#[derive(Debug)]
pub(crate) struct Alignment {
    columns: usize,
    values: Vec<f32>,
}

impl Alignment {
    pub(crate) fn new(answer: &Lexicon<'_>, rubric: &Lexicon<'_>) -> Self {
        let columns: Vec<_> = rubric.alignable().map(|word| word.stem).collect();
        let transposed = transpose(rubric);
        let mut values = vec![0.0; answer.alignable().len() * columns.len()];
        for (row, word) in values.chunks_exact_mut(columns.len().max(1)).zip(answer.alignable()) {
            add_products(row, &word.vector, &transposed);
            for (value, stem) in row.iter_mut().zip(&columns) {
                *value = if *stem == word.stem { 1.0 } else { likeness(*value) };
            }
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

/// The vectors as rows of first values, of second values and so on: products with all of them can
/// then be taken in long runs, for which the compiler uses vector instructions.
fn transpose(lexicon: &Lexicon<'_>) -> Vec<f32> {
    (0..DIMENSIONS).flat_map(|n| lexicon.alignable().map(move |word| word.vector[n])).collect()
}

/// Adds to each value of `row` the product of `vector` with the vector of that column.
fn add_products(row: &mut [f32], vector: &Vector, transposed: &[f32]) {
    for (scale, values) in vector.iter().zip(transposed.chunks_exact(row.len().max(1))) {
        for (sum, value) in row.iter_mut().zip(values) {
            *sum += scale * value;
        }
    }
}

/// How much two words say the same, by the cosine of their vectors.
fn likeness(cosine: f32) -> f32 {
    ((cosine - 0.35) / 0.65).clamp(0.0, 1.0)
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
