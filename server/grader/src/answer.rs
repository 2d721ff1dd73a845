//! An answer split into sentences that still know where they came from.

use crate::{
    judge::{Judge, PieceId},
    text::{fold::Folded, lists::is_stop_word, sentences::sentences, words::Words},
};
use std::{collections::HashSet, ops::Range};

/// An answer as the grader reads it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) folded: Folded,
    /// In order, as ranges of the folded text.
    pub(crate) sentences: Vec<Sentence>,
    /// Its informative words.
    pub(crate) telling: Words,
}

/// A sentence, an item of a list, or a part of a long sentence.
#[derive(Debug)]
pub(crate) struct Sentence {
    pub(crate) range: Range<usize>,
    pub(crate) pieces: Vec<PieceId>,
    pub(crate) words: usize,
    pub(crate) telling: Words,
    /// Whether it has a word that carries meaning.
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
                has_content: claims_something(text),
                range,
            }
        };
        let mut sentences: Vec<Sentence> =
            sentences(&folded.text).into_iter().map(sentence).collect();
        forget_lists(&mut sentences);
        Self { sentences, telling: judge.words(&folded.text), folded }
    }

    /// Where neighbouring sentences are in the answer as it was given.
    pub(crate) fn original(&self, sentences: &Range<usize>) -> Option<Range<usize>> {
        let first = self.sentences.get(sentences.start)?;
        let last = self.sentences.get(sentences.end.checked_sub(1)?)?;
        Some(self.folded.original(first.range.start..last.range.end))
    }
}

/// From this many words on, a sentence with fewer than two different function words is a list of
/// terms.
const LIST_WORDS: usize = 9;

/// From this many sentences of one or two words on, these are a list if they are most of the
/// answer.
const LIST_ITEMS: usize = 4;

/// Whether a sentence has a word that carries meaning and is not a bare list of terms.
fn claims_something(text: &str) -> bool {
    let words: Vec<String> = words(text).map(str::to_lowercase).collect();
    let grammar: HashSet<&String> = words.iter().filter(|word| is_stop_word(word)).collect();
    let has_content = words.iter().any(|word| !is_stop_word(word));
    has_content && (words.len() < LIST_WORDS || grammar.len() > 1)
}

/// A list of terms, one per line, claims nothing; a short answer to a short question does.
fn forget_lists(sentences: &mut [Sentence]) {
    let is_item = |sentence: &&mut Sentence| sentence.words <= 2;
    let items = sentences.iter().filter(|sentence| sentence.words <= 2).count();
    if items >= LIST_ITEMS && items * 2 > sentences.len() {
        for item in sentences.iter_mut().filter(is_item) {
            item.has_content = false;
        }
    }
}

/// Runs of letters and digits, with apostrophes inside.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || c == '\'' || c == '_';
    text.split(move |c| !inside(c)).filter(|word| word.contains(char::is_alphanumeric))
}
