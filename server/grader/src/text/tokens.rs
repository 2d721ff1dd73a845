//! Tokens: the words of a text in their places.

use super::sentences::{pieces, separators};
use super::words;
use std::ops::Range;

/// A word of a text, as an entry of some word table, and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Token<Id> {
    pub(crate) place: Range<usize>,
    pub(crate) word: Id,
}

/// The words of `text` in order, each entered into a table by `intern`.
pub(crate) fn tokenise<Id>(text: &str, mut intern: impl FnMut(&str) -> Id) -> Vec<Token<Id>> {
    let mut tokens = Vec::new();
    words::scan(text, |place, word| {
        let word = intern(word);
        tokens.push(Token { place, word });
    });
    tokens
}

/// The tokens that begin in a part of the text, as a range of them. Parts are cut at white space
/// and punctuation, so that no word lies in two of them.
pub(crate) fn within<Id>(tokens: &[Token<Id>], part: &Range<usize>) -> Range<usize> {
    let before = |byte| tokens.partition_point(|token| token.place.start < byte);
    before(part.start)..before(part.end).max(before(part.start))
}

/// The sentences of at least two words, or the whole text where there are none.
pub(crate) fn full_sentences<Id>(text: &str, tokens: &[Token<Id>]) -> Vec<Range<usize>> {
    let mut sentences = pieces(0..text.len(), separators(text));
    sentences.retain(|piece| within(tokens, piece).len() >= 2);
    if sentences.is_empty() {
        sentences.push(0..text.len());
    }
    sentences
}
