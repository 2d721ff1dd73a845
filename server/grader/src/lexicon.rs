//! Lexicons: the distinct words of a rubric or of an answer, each looked up in the model once.

use crate::model::{Model, Vector};
use crate::text::lists::{Negation, WordClass};
use crate::text::stem::stem;
use std::collections::HashMap;

/// A word's place in its lexicon.
pub(crate) type WordId = u32;

/// A stem's number, which a rubric and the answers to it share.
pub(crate) type StemId = u32;

/// The distinct words of one lexicon that are aligned with others, the first that it meets. All else
/// that is said of a text holds for every word; only the alignment, which has a value for each word
/// of the answer with each of the rubric, would grow with the product of both. No text of 20,000
/// characters that a person would write has as many; both lexicons full cost 16 MB.
pub(crate) const MOST_ALIGNED: usize = 2000;

/// What is known of a word.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) stem: StemId,
    pub(crate) class: WordClass,
    pub(crate) weight: f64,
    pub(crate) vector: Vector,
    /// The word's place among the words that can be aligned with others; function words have none,
    /// and neither has what comes after [`MOST_ALIGNED`].
    pub(crate) slot: Option<usize>,
    /// The word as the rubric's lexicon knows it; for a word of the rubric that is the word itself.
    pub(crate) in_rubric: Option<WordId>,
}

/// The distinct words of some texts.
///
/// The lexicon of an answer builds on that of the rubric: it takes over what is known there of a
/// word, and stems have the same numbers in both.
#[derive(Debug, Default)]
pub(crate) struct Lexicon<'rubric> {
    rubric: Option<&'rubric Lexicon<'static>>,
    ids: HashMap<Box<str>, WordId>,
    words: Vec<Word>,
    slots: Vec<WordId>,
    stems: HashMap<Box<str>, StemId>,
}

impl<'rubric> Lexicon<'rubric> {
    /// A lexicon for an answer that is graded by the rubric with this lexicon.
    pub(crate) fn of_answer(rubric: &'rubric Lexicon<'static>) -> Self {
        Self { rubric: Some(rubric), ..Self::default() }
    }

    /// Enters a word, if it is new, and returns its place.
    pub(crate) fn intern(&mut self, text: &str) -> WordId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let known = self.rubric.and_then(|rubric| rubric.find(text));
        let mut word = known.cloned().unwrap_or_else(|| self.look_up(text));
        let id = count(self.words.len());
        if self.rubric.is_none() {
            word.in_rubric = Some(id);
        }
        let has_slot = is_alignable(word.class) && self.slots.len() < MOST_ALIGNED;
        word.slot = has_slot.then_some(self.slots.len());
        self.slots.extend(word.slot.map(|_| id));
        self.words.push(word);
        self.ids.insert(text.into(), id);
        id
    }

    fn find(&self, text: &str) -> Option<&Word> {
        self.ids.get(text).map(|id| self.word(*id))
    }

    fn look_up(&mut self, text: &str) -> Word {
        let class = WordClass::of(text);
        let (vector, weight) = Model::builtin().look_up(text, class.stop);
        let stem = self.intern_stem(&stem(text));
        Word { stem, class, weight, vector, slot: None, in_rubric: None }
    }

    /// The number of a word's stem, which is entered if it is new.
    pub(crate) fn stem_of(&mut self, word: &str) -> StemId {
        self.intern_stem(&stem(word))
    }

    fn intern_stem(&mut self, stem: &str) -> StemId {
        if let Some(id) = self.rubric.and_then(|rubric| rubric.stems.get(stem)) {
            return *id;
        }
        let next = count(self.stems.len() + self.rubric.map_or(0, |rubric| rubric.stems.len()));
        *self.stems.entry(stem.into()).or_insert(next)
    }

    pub(crate) fn word(&self, id: WordId) -> &Word {
        &self.words[id as usize]
    }

    /// The place of a word that is in the lexicon already.
    pub(crate) fn id(&self, text: &str) -> Option<WordId> {
        self.ids.get(text).copied()
    }

    /// The word with this slot.
    pub(crate) fn in_slot(&self, slot: usize) -> &Word {
        self.word(self.slots[slot])
    }

    /// The words that can be aligned with others, in the order of their slots.
    pub(crate) fn alignable(&self) -> impl ExactSizeIterator<Item = &Word> {
        self.slots.iter().map(|id| self.word(*id))
    }
}

/// Every word with a meaning of its own. Contracted negations that no list has are content to the
/// mark by the reference alone, so they can be aligned as well.
fn is_alignable(class: WordClass) -> bool {
    !class.stop && class.negation != Negation::Listed
}

/// No text that is graded has four thousand million words.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_shares_stems_and_known_words_with_its_rubric() {
        let mut rubric = Lexicon::default();
        let index = rubric.intern("index");
        let the = rubric.intern("the");
        let mut answer = Lexicon::of_answer(&rubric);
        let (new, plural, same) =
            (answer.intern("zebra"), answer.intern("indexes"), answer.intern("index"));
        assert_eq!(answer.word(same).in_rubric, Some(index));
        assert_eq!(answer.word(plural).in_rubric, None);
        assert_eq!(answer.word(plural).stem, rubric.word(index).stem);
        assert_ne!(answer.word(new).stem, rubric.word(the).stem);
        assert_eq!(answer.intern("zebra"), new);
        assert_eq!(answer.alignable().len(), 3);
        assert_eq!(rubric.alignable().len(), 1);
    }

    #[test]
    fn no_more_words_are_aligned_than_the_alignment_has_room_for() {
        let mut rubric = Lexicon::default();
        let last = (0..5000).map(|n| rubric.intern(&format!("w{n}"))).last();
        let mut answer = Lexicon::of_answer(&rubric);
        for n in (0..5000).rev() {
            answer.intern(&format!("w{n}"));
        }
        assert_eq!(rubric.alignable().len(), MOST_ALIGNED);
        assert_eq!(answer.alignable().len(), MOST_ALIGNED);
        assert_eq!(answer.find("w4999").and_then(|word| word.in_rubric), last, "still known");
    }
}
