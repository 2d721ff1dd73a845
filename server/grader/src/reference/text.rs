//! A text of words and sentences, as the mark by the reference sees it.

use crate::lexicon::{Lexicon, StemId, WordId};
use crate::model::Vector;
use crate::passage::{Term, pool};
use crate::text::tokens::{full_sentences, tokenise, within};
use std::ops::Range;

/// Words of a text and where its sentences begin and end.
pub(crate) struct Text {
    words: Vec<WordId>,
    /// The words as written, with a space around each.
    spaced: String,
    spaces: Vec<usize>,
    sentences: Vec<Range<usize>>,
}

impl Text {
    pub(crate) fn new(lexicon: &mut Lexicon<'_>, text: &str) -> Self {
        let mut spaced = String::from(" ");
        let mut spaces = vec![0];
        let tokens = tokenise(text, |word| {
            spaced.push_str(word);
            spaces.push(spaced.len());
            spaced.push(' ');
            lexicon.intern(word)
        });
        let sentences = full_sentences(text, &tokens);
        let sentences = sentences.iter().map(|sentence| within(&tokens, sentence)).collect();
        Self {
            words: tokens.into_iter().map(|token| token.word).collect(),
            spaced,
            spaces,
            sentences,
        }
    }

    pub(crate) fn words(&self) -> &[WordId] {
        &self.words
    }

    /// The sentences, as ranges of words.
    pub(crate) fn sentences(&self) -> &[Range<usize>] {
        &self.sentences
    }

    /// The words of every sentence.
    pub(crate) fn sentence_words(&self) -> impl Iterator<Item = &[WordId]> {
        self.sentences.iter().map(|sentence| &self.words[sentence.clone()])
    }

    /// A sentence as a text of its own.
    pub(crate) fn part(&self, sentence: &Range<usize>) -> Self {
        let from = self.spaces[sentence.start];
        let spaces =
            self.spaces[sentence.start..=sentence.end].iter().map(|at| at - from).collect();
        let spaced = self.spaced[from..=self.spaces[sentence.end]].to_owned();
        let words = self.words[sentence.clone()].to_vec();
        let whole = 0..words.len();
        Self { words, spaced, spaces, sentences: Vec::from([whole]) }
    }

    /// The distinct sequences of four letters, sorted.
    pub(crate) fn grams(&self) -> Vec<[u8; 4]> {
        let mut grams: Vec<[u8; 4]> = self.spaced.as_bytes().array_windows().copied().collect();
        grams.sort_unstable();
        grams.dedup();
        grams
    }

    /// The distinct pairs of neighbouring stems, function words beside each other left out, sorted.
    pub(crate) fn bigrams(&self, lexicon: &Lexicon<'_>) -> Vec<(StemId, StemId)> {
        let neighbours =
            self.words.array_windows().map(|[a, b]| (lexicon.word(*a), lexicon.word(*b)));
        let mut bigrams: Vec<_> = neighbours
            .filter(|(a, b)| !(a.class.stop && b.class.stop))
            .map(|(a, b)| (a.stem, b.stem))
            .collect();
        bigrams.sort_unstable();
        bigrams.dedup();
        bigrams
    }
}

/// The direction of some words, function words and all.
pub(crate) fn pool_words(lexicon: &Lexicon<'_>, words: &[WordId]) -> Vector {
    pool(words.iter().map(|id| lexicon.word(*id)).map(|word| (word.weight, &word.vector)))
}

/// The direction of terms.
pub(crate) fn pool_terms<'a>(
    lexicon: &Lexicon<'_>,
    terms: impl IntoIterator<Item = &'a Term>,
) -> Vector {
    let words = terms.into_iter().map(|term| lexicon.in_slot(term.slot));
    pool(words.map(|word| (word.weight, &word.vector)))
}
