//! Passages: a piece of a rubric or of an answer, ready to compare.

use crate::lexicon::{Lexicon, StemId, WordId};
use crate::model::{DIMENSIONS, Vector, normalise};
use crate::text::antonyms::AntonymSet;

/// A set of stems, kept sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StemSet(Vec<StemId>);

impl StemSet {
    pub(crate) fn contains(&self, stem: StemId) -> bool {
        self.0.binary_search(&stem).is_ok()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// How many stems both sets have, and how many they have together.
    pub(crate) fn overlap(&self, other: &Self) -> (usize, usize) {
        let (few, many) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        let shared = few.0.iter().filter(|stem| many.contains(**stem)).count();
        (shared, self.len() + other.len() - shared)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = StemId> {
        self.0.iter().copied()
    }
}

impl FromIterator<StemId> for StemSet {
    fn from_iter<I: IntoIterator<Item = StemId>>(stems: I) -> Self {
        let mut stems: Vec<_> = stems.into_iter().collect();
        stems.sort_unstable();
        stems.dedup();
        Self(stems)
    }
}

/// A content word in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term {
    /// Its slot in the lexicon of the passage.
    pub(crate) slot: usize,
    pub(crate) stem: StemId,
    /// How much it counts; words of the question count a quarter.
    pub(crate) weight: f64,
}

/// The content words of a piece of text, and how it says them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Passage {
    /// The content words in order, repetitions and all.
    pub(crate) terms: Vec<Term>,
    /// The sum of their weights.
    pub(crate) total: f64,
    pub(crate) stems: StemSet,
    /// Whether the number of negations is odd.
    pub(crate) denies: bool,
    pub(crate) antonyms: AntonymSet,
    /// The numbers, as the rubric knows them.
    pub(crate) numbers: Vec<Option<WordId>>,
    /// Whether it has a "by", with which two terms may change places and mean the same.
    pub(crate) says_by: bool,
}

impl Passage {
    /// The passage with these words of `lexicon`, asked for by a question with these stems.
    pub(crate) fn new(
        words: impl IntoIterator<Item = WordId>,
        lexicon: &Lexicon<'_>,
        question: &StemSet,
    ) -> Self {
        let by = lexicon.id("by");
        let mut passage = Self::default();
        for id in words {
            let word = lexicon.word(id);
            passage.denies ^= word.class.negates();
            passage.antonyms = passage.antonyms.union(word.class.antonyms);
            passage.says_by |= Some(id) == by;
            if word.class.number {
                passage.numbers.push(word.in_rubric);
            }
            if let Some(slot) = word.slot.filter(|_| word.class.is_content()) {
                let weight = word.weight * if question.contains(word.stem) { 0.25 } else { 1.0 };
                passage.terms.push(Term { slot, stem: word.stem, weight });
            }
        }
        passage.total = passage.terms.iter().map(|term| term.weight).sum();
        passage.stems = passage.terms.iter().map(|term| term.stem).collect();
        passage
    }

    /// The direction of the passage as a whole.
    pub(crate) fn pool(&self, lexicon: &Lexicon<'_>) -> Vector {
        pool(self.terms.iter().map(|term| (term.weight, &lexicon.in_slot(term.slot).vector)))
    }
}

/// The weighted mean of some word vectors, scaled to unit length.
pub(crate) fn pool<'a>(words: impl IntoIterator<Item = (f64, &'a Vector)>) -> Vector {
    let mut sum = [0.0; DIMENSIONS];
    for (weight, vector) in words {
        for (total, value) in sum.iter_mut().zip(vector) {
            *total += narrow(weight) * value;
        }
    }
    normalise(sum)
}

/// Weights lie between 0 and 1, where half the digits are enough.
#[expect(clippy::cast_possible_truncation, reason = "precision beyond f32 is not wanted here")]
fn narrow(weight: f64) -> f32 {
    weight as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlap_counts_shared_stems_and_all_stems() {
        let set = |stems: &[u32]| stems.iter().copied().collect::<StemSet>();
        assert_eq!(set(&[3, 1, 2, 2]).overlap(&set(&[2, 9, 3])), (2, 4));
        assert_eq!(set(&[]).overlap(&set(&[1])), (0, 1));
    }
}
