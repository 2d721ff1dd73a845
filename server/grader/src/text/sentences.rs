//! Where a text falls into sentences and list items.

use super::chars::{is_space, run_end};
use std::ops::Range;

/// The separators between sentences, as byte ranges in the order of the text.
///
/// They are what `(?<=[.;!?:])\s+|\n+|\s+[-•*]\s+|\s+(?=\d+[.)]\s)` matches: white space after a
/// closing mark, line breaks, bullets, and the space before a numbered item. Each run of white
/// space is looked at once, so the time is linear in the text.
pub(crate) fn separators(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(ahead) = text[at..].find(is_space) {
        let start = at + ahead;
        at = cut_at_space(text, start..run_end(text, start, is_space), &mut found);
    }
    found
}

/// Adds the separators that begin in this run of white space; where to go on.
fn cut_at_space(text: &str, run: Range<usize>, found: &mut Vec<Range<usize>>) -> usize {
    if text[..run.start].ends_with(['.', ';', '!', '?', ':']) {
        found.push(run.clone());
        return run.end;
    }
    let (bullet, numbered) = (bullet_end(text, run.end), is_numbered_item(&text[run.end..]));
    let mut at = run.start;
    while at < run.end {
        if text[at..].starts_with('\n') {
            let end = run_end(text, at, |c| c == '\n');
            found.push(at..end);
            at = end;
        } else if let Some(end) = bullet {
            found.push(at..end);
            return end;
        } else if numbered {
            found.push(at..run.end);
            return run.end;
        } else {
            at = text[at..run.end].find('\n').map_or(run.end, |ahead| at + ahead);
        }
    }
    run.end
}

/// The end of a bullet at `start` and of the white space that must follow it.
fn bullet_end(text: &str, start: usize) -> Option<usize> {
    let bullet = text[start..].chars().next().filter(|c| matches!(c, '-' | '•' | '*'))?;
    let after = start + bullet.len_utf8();
    let end = run_end(text, after, is_space);
    (end > after).then_some(end)
}

/// Whether the text begins like "1. " or "12) ".
fn is_numbered_item(text: &str) -> bool {
    let after_digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    after_digits.len() < text.len()
        && after_digits.starts_with(['.', ')'])
        && after_digits[1..].starts_with(is_space)
}

/// The pieces of `within` that lie between the separators.
pub(crate) fn pieces(
    within: Range<usize>,
    separators: impl IntoIterator<Item = Range<usize>>,
) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = within.start;
    for separator in separators {
        all.push(start..separator.start);
        start = separator.end;
    }
    all.push(start..within.end);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        let all = pieces(0..text.len(), separators(text));
        all.into_iter().map(|piece| &text[piece]).collect()
    }

    #[test]
    fn sentences_end_at_closing_marks_line_breaks_bullets_and_numbers() {
        assert_eq!(split("One. Two; three e.g. four"), ["One.", "Two;", "three e.g.", "four"]);
        assert_eq!(split("a\n\nb \n c"), ["a", "b ", " c"]);
        assert_eq!(split("a - b • c * d -e"), ["a", "b", "c", "d -e"]);
        assert_eq!(
            split("do 1. this 2) that 3.5 times"),
            ["do", "1.", "this", "2) that 3.5 times"]
        );
        assert_eq!(split("v1.2 is fine"), ["v1.2 is fine"]);
    }
}
