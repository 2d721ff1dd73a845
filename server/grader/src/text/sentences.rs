//! Splits a text into sentences and list items. training/reader.py does the same in Python.

use std::ops::Range;

/// A sentence with more words than this is split at the comma nearest its middle.
const MOST_WORDS: usize = 40;

/// The sentences of a text, as byte ranges in order. A sentence ends at closing punctuation
/// followed by white space, or at a line break; bullets are left out.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let wide_end = matches!(before, Some('。' | '！' | '？'));
        let end = c == '\n' || (c.is_whitespace() && matches!(before, Some('.' | '!' | '?' | ';')));
        if end || wide_end {
            cut(text, start..at, &mut found);
            start = at;
        }
        before = Some(c);
    }
    cut(text, start..text.len(), &mut found);
    found
}

fn cut(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let range = trim(text, range);
    if range.is_empty() {
        return;
    }
    let part = &text[range.clone()];
    if part.split_whitespace().nth(MOST_WORDS).is_some()
        && let Some(comma) = middle_comma(part)
    {
        let middle = range.start + comma + 1;
        cut(text, range.start..middle, found);
        cut(text, middle..range.end, found);
        return;
    }
    found.push(range);
}

/// Trims white space at both ends and bullets at the beginning.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let kept = part.trim_start_matches(|c: char| c.is_whitespace() || "-*•".contains(c));
    let start = range.end - kept.len();
    start..start + kept.trim_end().len()
}

/// The comma followed by white space that is nearest the middle, but not at either end.
fn middle_comma(part: &str) -> Option<usize> {
    let ends_clause =
        |at: &usize| *at > 0 && part[at + 1..].chars().next().is_some_and(char::is_whitespace);
    let commas = part.match_indices(',').map(|(at, _)| at).filter(ends_clause);
    commas.min_by_key(|at| (2 * at).abs_diff(part.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn sentences_end_at_marks_and_lines_and_lose_their_bullets() {
        assert_eq!(
            parts("One. Two!  Three; four\n- five\n\n* six e.g. this 3.5"),
            ["One.", "Two!", "Three;", "four", "five", "six e.g.", "this 3.5"]
        );
        assert_eq!(parts("一。二？三"), ["一。", "二？", "三"]);
        assert_eq!(parts(" \n - "), Vec::<&str>::new());
    }

    #[test]
    fn a_long_sentence_is_cut_at_the_comma_nearest_its_middle() {
        let half = "word ".repeat(24);
        let text = format!("well, {half}end, {half}stop");
        let found = parts(&text);
        assert_eq!(found.len(), 2);
        assert!(found[0].ends_with("end,") && found[1].starts_with("word"));
        assert_eq!(parts(&"word ".repeat(90)).len(), 1);
    }
}
