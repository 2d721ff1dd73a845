//! Where a sentence falls into clauses.

use super::chars::{is_space, run_end};
use std::ops::Range;

/// The words that open a clause of their own.
const OPENERS: [&str; 14] = [
    "and", "but", "because", "while", "whereas", "so", "which", "since", "although", "though",
    "if", "when", "unless", "where",
];

/// The separators between the clauses of a sentence, as byte ranges of it.
///
/// They are what `,\s+|\s+-+\s+|\s+(?=(?:and|but|…|where)\s)|\s*[()]\s*` matches.
pub(crate) fn separators(sentence: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    let opens_separator = |c: char| is_space(c) || matches!(c, ',' | '(' | ')');
    while let Some(ahead) = sentence[at..].find(opens_separator) {
        let start = at + ahead;
        let end = separator_end(sentence, start);
        if let Some(end) = end {
            found.push(start..end);
        }
        // Where a run of white space opens no separator, no later part of the run does.
        at = end.unwrap_or_else(|| run_end(sentence, start, is_space).max(start + 1));
    }
    found
}

/// The end of the separator that begins at `start`, if one does.
fn separator_end(text: &str, start: usize) -> Option<usize> {
    let space_after = |at: usize| run_end(text, at, is_space);
    let something_after = |at: usize| Some(space_after(at)).filter(|end| *end > at);
    if text[start..].starts_with(',') {
        return something_after(start + 1);
    }
    let word = space_after(start);
    if text[word..].starts_with(['(', ')']) {
        return Some(space_after(word + 1));
    }
    let after_dashes = run_end(text, word, |c| c == '-');
    if after_dashes > word
        && let Some(end) = something_after(after_dashes)
    {
        return Some(end);
    }
    opens_clause(&text[word..]).then_some(word)
}

fn opens_clause(text: &str) -> bool {
    text.find(is_space).is_some_and(|end| OPENERS.contains(&&text[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sentences::pieces;

    fn split(text: &str) -> Vec<&str> {
        let all = pieces(0..text.len(), separators(text));
        all.into_iter().map(|piece| &text[piece]).collect()
    }

    #[test]
    fn clauses_begin_at_commas_dashes_conjunctions_and_brackets() {
        assert_eq!(
            split("it locks, then waits and goes on"),
            ["it locks", "then waits", "and goes on"]
        );
        assert_eq!(split("one - two -- three-four"), ["one", "two", "three-four"]);
        assert_eq!(split("a (b) c 1,2"), ["a", "b", "c 1,2"]);
        assert_eq!(split("ends with and"), ["ends with and"]);
        assert_eq!(split("an android andy"), ["an android andy"]);
    }
}
