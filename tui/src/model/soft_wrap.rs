//! Lays the lines of an editor out in rows of a width, broken at spaces, and finds the way between
//! places in the text and places on the screen. The editor widget could wrap too, but would part a
//! full stop from its word and begin rows with a space.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::text;

/// A row on the screen: the characters from `start` to before `end` of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    /// The line of the text.
    pub(crate) line: usize,
    /// Its first character.
    pub(crate) start: usize,
    /// The one after its last.
    pub(crate) end: usize,
}

/// A text in rows.
#[derive(Debug)]
pub(crate) struct Layout<'t> {
    lines: &'t [String],
    /// The rows, from the top; there is always one.
    pub(crate) rows: Vec<Row>,
}

impl<'t> Layout<'t> {
    /// The lines in rows of `columns` cells. Spaces that end a row may hang over.
    pub(crate) fn new(lines: &'t [String], columns: usize) -> Self {
        let mut rows = Vec::new();
        for (line, text) in lines.iter().enumerate() {
            wrap(line, text, columns.max(1), &mut rows);
        }
        Self { lines, rows }
    }

    /// The text of a row.
    pub(crate) fn text(&self, row: Row) -> String {
        self.lines[row.line].chars().skip(row.start).take(row.end - row.start).collect()
    }

    /// The row and the cell in it of a place in the text.
    pub(crate) fn place(&self, line: usize, column: usize) -> (usize, usize) {
        let holds = |row: &Row| row.line == line && row.start <= column;
        // Where one row ends and the next begins, the caret stands in the next.
        let at = self.rows.iter().rposition(holds).unwrap_or(0);
        let Some(row) = self.rows.get(at) else {
            return (0, 0);
        };
        let before = Row { end: column.clamp(row.start, row.end), ..*row };
        (at, self.text(before).graphemes(true).map(cells).sum())
    }

    /// The place in the text that is nearest to a cell of a row.
    pub(crate) fn at(&self, row: usize, cell: usize) -> (usize, usize) {
        let at = row.min(self.rows.len() - 1);
        let row = self.rows[at];
        let (mut column, mut passed) = (row.start, 0);
        for grapheme in self.text(row).graphemes(true) {
            passed += cells(grapheme);
            if passed > cell {
                break;
            }
            column += grapheme.chars().count();
        }
        // The end of a row that goes on would be the beginning of the next.
        let goes_on = self.rows.get(at + 1).is_some_and(|next| next.line == row.line);
        (row.line, column.min(row.end - usize::from(goes_on)))
    }
}

/// The first row shown, such that `caret` is among `height` of them and little moves.
pub(crate) fn scrolled(top: usize, caret: usize, height: usize) -> usize {
    top.clamp((caret + 1).saturating_sub(height.max(1)), caret)
}

/// How many cells a grapheme takes as it is shown.
fn cells(grapheme: &str) -> usize {
    text::neutral(grapheme).width()
}

fn wrap(line: usize, text: &str, columns: usize, rows: &mut Vec<Row>) {
    let mut row = Row { line, start: 0, end: 0 };
    let mut used = 0;
    for word in words(text) {
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
            row.end += grapheme.chars().count();
        }
        let spaces = word.len() - body.len();
        used += spaces;
        row.end += spaces;
    }
    rows.push(row);
}

fn next(row: &mut Row, rows: &mut Vec<Row>) {
    rows.push(*row);
    row.start = row.end;
}

/// Words with the spaces behind them.
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
        let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let layout = Layout::new(&lines, columns);
        layout.rows.iter().map(|row| layout.text(*row)).collect()
    }

    #[test]
    fn rows_end_at_spaces_and_full_stops_stay_with_their_words() {
        assert_eq!(shown("then hold it shorter.", 20), ["then hold it ", "shorter."]);
        assert_eq!(shown("one  two\n\nthree", 4), ["one  ", "two", "", "thre", "e"]);
        assert_eq!(shown("", 4), [""]);
        assert_eq!(shown("漢字かな", 5), ["漢字", "かな"]);
    }

    #[test]
    fn the_caret_goes_up_and_down_by_rows() {
        let lines = vec!["one two three".to_owned()];
        let layout = Layout::new(&lines, 7);
        assert_eq!(layout.place(0, 3), (0, 3));
        assert_eq!(layout.place(0, 8), (1, 0), "the next row, not the end of the last");
        assert_eq!(layout.at(1, 3), (0, 11));
        assert_eq!(layout.at(0, 99), (0, 7));
        assert_eq!(layout.at(1, 99), (0, 13));
    }

    #[test]
    fn the_caret_stays_in_view_and_little_moves() {
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
