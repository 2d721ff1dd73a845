//! Lays a text out in rows of a width, broken at spaces, and converts between positions in the
//! text, in bytes, and on the screen.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::text;

/// A row on the screen: a part of the text, without the line end after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its start.
    pub(crate) start: usize,
    /// Its end.
    pub(crate) end: usize,
    /// Whether its line continues in the next row.
    goes_on: bool,
}

impl Row {
    /// The caret's last position in the row. If the row continues, its end is the next row's start.
    fn last(self, text: &str) -> usize {
        let within = &text[self.start..self.end];
        match within.graphemes(true).next_back() {
            Some(grapheme) if self.goes_on => self.end - grapheme.len(),
            _ => self.end,
        }
    }
}

/// The rows of a text, from the top; always at least one.
pub(crate) fn rows(text: &str, columns: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        wrap(start, line, columns.max(1), &mut rows);
        start += line.len() + 1;
    }
    rows
}

/// A text in rows.
#[derive(Debug)]
pub(crate) struct Layout<'t> {
    text: &'t str,
    /// The rows, from the top; always at least one.
    pub(crate) rows: &'t [Row],
}

impl<'t> Layout<'t> {
    /// A text with its rows.
    pub(crate) fn new(text: &'t str, rows: &'t [Row]) -> Self {
        Self { text, rows }
    }

    /// The text of a row.
    pub(crate) fn text(&self, row: Row) -> &'t str {
        &self.text[row.start..row.end]
    }

    /// A part of the text.
    pub(crate) fn part(&self, part: Range<usize>) -> &'t str {
        &self.text[part]
    }

    /// The row and cell of a position in the text.
    pub(crate) fn place(&self, at: usize) -> (usize, usize) {
        // Where one row ends and the next begins, the caret is in the next.
        let after = self.rows.partition_point(|row| row.start <= at);
        let row = after.saturating_sub(1);
        let Some(Row { start, end, .. }) = self.rows.get(row) else { return (0, 0) };
        (row, self.text[*start..at.clamp(*start, *end)].graphemes(true).map(cells).sum())
    }

    /// The position in the text nearest to a cell of a row.
    pub(crate) fn at(&self, row: usize, cell: usize) -> usize {
        let row = self.rows[row.min(self.rows.len() - 1)];
        let (mut at, mut passed) = (row.start, 0);
        for grapheme in self.text(row).graphemes(true) {
            passed += cells(grapheme);
            if passed > cell {
                break;
            }
            at += grapheme.len();
        }
        at.min(row.last(self.text))
    }
}

/// The first visible row, so that `caret` is among `height` rows and the scroll is minimal.
pub(crate) fn scrolled(top: usize, caret: usize, height: usize) -> usize {
    top.clamp((caret + 1).saturating_sub(height.max(1)), caret)
}

/// How many cells a grapheme takes on the screen.
fn cells(grapheme: &str) -> usize {
    text::neutral(grapheme).width()
}

fn wrap(start: usize, line: &str, columns: usize, rows: &mut Vec<Row>) {
    let mut row = Row { start, end: start, goes_on: false };
    let mut used = 0;
    for word in words(line) {
        let body = word.trim_end_matches(' ');
        let needed: usize = body.graphemes(true).map(cells).sum();
        if used > 0 && used + needed > columns {
            next(&mut row, rows);
            used = 0;
        }
        for grapheme in body.graphemes(true) {
            if used > 0 && used + cells(grapheme) > columns {
                next(&mut row, rows);
                used = 0;
            }
            used += cells(grapheme);
            row.end += grapheme.len();
        }
        let spaces = word.len() - body.len();
        used += spaces;
        row.end += spaces;
    }
    rows.push(row);
}

fn next(row: &mut Row, rows: &mut Vec<Row>) {
    rows.push(Row { goes_on: true, ..*row });
    row.start = row.end;
}

/// Words with the spaces after them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let body = rest.find(' ').unwrap_or(rest.len());
        let spaces = rest[body..].find(|c| c != ' ').unwrap_or(rest.len() - body);
        let (word, after) = rest.split_at(body + spaces);
        rest = after;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, columns: usize) -> Vec<String> {
        let rows = rows(text, columns);
        let layout = Layout::new(text, &rows);
        layout.rows.iter().map(|row| layout.text(*row).to_owned()).collect()
    }

    #[test]
    fn rows_end_at_spaces_and_punctuation_stays_with_its_word() {
        assert_eq!(shown("then hold it shorter.", 20), ["then hold it ", "shorter."]);
        assert_eq!(shown("one  two\n\nthree", 4), ["one  ", "two", "", "thre", "e"]);
        assert_eq!(shown("", 4), [""]);
        assert_eq!(shown("漢字かな", 5), ["漢字", "かな"]);
    }

    #[test]
    fn the_caret_moves_up_and_down_by_rows() {
        let rows = rows("one two three", 7);
        let layout = Layout::new("one two three", &rows);
        assert_eq!(layout.place(3), (0, 3));
        assert_eq!(layout.place(8), (1, 0), "the start of the next row, not the end of this one");
        assert_eq!(layout.at(1, 3), 11);
        assert_eq!(layout.at(0, 99), 7);
        assert_eq!(layout.at(1, 99), 13);
    }

    #[test]
    fn the_caret_stays_visible_with_minimal_scrolling() {
        assert_eq!(scrolled(0, 2, 5), 0);
        assert_eq!(scrolled(0, 7, 5), 3);
        assert_eq!(scrolled(3, 4, 5), 3);
        assert_eq!(scrolled(3, 1, 5), 1);
    }

    proptest! {
        #[test]
        fn every_character_is_in_exactly_one_row(text in "[ a-z漢é\u{202e}\n]{0,80}", columns in 1_usize..20) {
            prop_assert_eq!(shown(&text, columns).concat(), text.replace('\n', ""));
        }
    }
}
