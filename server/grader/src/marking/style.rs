//! Style: what can be seen of an answer's form without knowing what it is about.

use super::reading::Reading;
use crate::lexicon::WordId;
use crate::signals::AnswerSignals;
use crate::text::chars::{is_word, run_end};
use crate::text::tokens::Token;

/// Fills in the signals about form.
pub(crate) fn measure(reading: &Reading<'_>, signals: &mut AnswerSignals) {
    signals.words = reading.answer.tokens.len() as f64;
    signals.list = list_share(reading);
}

/// The share of the words in items, separated by commas, marks or lines, that have no function word
/// and no negation: prose needs them, a list of keywords does not.
fn list_share(reading: &Reading<'_>) -> f64 {
    let text = &reading.answer.folded.text;
    let separates = |c: char| matches!(c, ',' | ';' | ':' | '.' | '\n' | '/' | '|' | '•');
    let items = reading
        .answer
        .tokens
        .chunk_by(|a, b| !text[a.place.end..b.place.start].contains(separates));
    let is_bare = |item: &&[Token<WordId>]| {
        item.iter().all(|token| reading.answer.lexicon.word(token.word).class.is_content())
    };
    let bare: usize = items.filter(is_bare).map(<[_]>::len).sum();
    bare as f64 / reading.answer.tokens.len().max(1) as f64
}

/// Numbers, dotted or underscored names, paths, calls and quoted code:
/// `\b\d` and `\w[_.:/()]+\w|\w\(\)|` followed by a back-tick.
pub(crate) fn specifics(text: &str) -> usize {
    numbers(text) + names(text)
}

fn numbers(text: &str) -> usize {
    let mut before = None;
    let begins_number = |c: char| {
        let begins = c.is_ascii_digit() && !before.is_some_and(is_word);
        before = Some(c);
        begins
    };
    text.chars().map(begins_number).filter(|begins| *begins).count()
}

fn names(text: &str) -> usize {
    let (mut found, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let end = name_end(text, at, c);
        found += usize::from(end.is_some());
        at = end.unwrap_or(at + c.len_utf8());
    }
    found
}

/// The end of the name, call or back-tick that begins at `at` with the character `c`.
fn name_end(text: &str, at: usize, c: char) -> Option<usize> {
    if c == '`' {
        return Some(at + 1);
    }
    if !is_word(c) {
        return None;
    }
    let joint = at + c.len_utf8();
    let end = run_end(text, joint, |c| matches!(c, '_' | '.' | ':' | '/' | '(' | ')'));
    if end == joint {
        return None;
    }
    if let Some(next) = text[end..].chars().next().filter(|c| is_word(*c)) {
        return Some(end + next.len_utf8());
    }
    // An underscore both joins and is part of a name, so the last one can end it.
    let underscore = text[joint + 1..end].rfind('_').map(|place| joint + 1 + place + 1);
    let call = || text[joint..].starts_with("()").then_some(joint + 2);
    underscore.or_else(call)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_names_calls_and_code_are_specific() {
        for (text, expected) in [
            ("404 and 3.5", 4),
            ("x86 v2", 0),
            ("std::mem::swap a/b f() `code`", 6),
            ("plain words here.", 0),
            ("trailing_ __init__ a__", 3),
            ("(a) b( c)", 0),
        ] {
            assert_eq!(specifics(text), expected, "{text}");
        }
    }
}
