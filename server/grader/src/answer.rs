//! An answer cut into sentences, which still know where they stood.

use crate::{
    judge::{Judge, PieceId},
    text::{fold::Folded, lists::is_stop_word, sentences::sentences, words::Words},
};
use std::ops::Range;

/// An answer as the grader reads it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) folded: Folded,
    /// In order, as ranges of the folded text.
    pub(crate) sentences: Vec<Sentence>,
    /// Its telling words.
    pub(crate) telling: Words,
}

/// A sentence, an item of a list, or a part of a long sentence.
#[derive(Debug)]
pub(crate) struct Sentence {
    pub(crate) range: Range<usize>,
    pub(crate) pieces: Vec<PieceId>,
    pub(crate) words: usize,
    pub(crate) telling: Words,
    /// Whether it has a word that says something.
    pub(crate) has_content: bool,
}

impl Answer {
    pub(crate) fn new(text: &str) -> Self {
        let folded = Folded::new(text);
        let judge = Judge::builtin();
        let sentence = |range: Range<usize>| {
            let text = &folded.text[range.clone()];
            Sentence {
                telling: judge.words(text),
                pieces: judge.pieces(text),
                words: words(text).count(),
                has_content: words(text).any(|word| !is_stop_word(&word.to_lowercase())),
                range,
            }
        };
        let sentences = sentences(&folded.text).into_iter().map(sentence).collect();
        Self { sentences, telling: judge.words(&folded.text), folded }
    }

    /// Neighbouring sentences as a part of the answer as it was given.
    pub(crate) fn original(&self, sentences: &Range<usize>) -> Option<Range<usize>> {
        let first = self.sentences.get(sentences.start)?;
        let last = self.sentences.get(sentences.end.checked_sub(1)?)?;
        Some(self.folded.original(first.range.start..last.range.end))
    }
}

/// Runs of letters and digits, with apostrophes inside.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || c == '\'' || c == '_';
    text.split(move |c| !inside(c)).filter(|word| word.contains(char::is_alphanumeric))
}
