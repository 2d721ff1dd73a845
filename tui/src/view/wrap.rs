//! Lays styled text out in lines of a width in cells, and cuts or pads single lines to a width.
//! Text is neutralised first.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::text;

/// How many cells a text occupies.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// One line of at most this width; a cut is marked by an ellipsis.
pub(crate) fn fit(text: &str, limit: usize) -> String {
    let text = text::neutral_line(text);
    if width(&text) <= limit {
        return text;
    }
    let mut kept = String::new();
    for grapheme in text.graphemes(true) {
        if width(&kept) + width(grapheme) + 1 > limit {
            break;
        }
        kept.push_str(grapheme);
    }
    if limit > 0 {
        // A dot between two parts says nothing once the second part is cut off.
        kept.truncate(kept.trim_end_matches([' ', '·']).len());
        kept.push('…');
    }
    kept
}

/// One line of exactly this width, padded on the right.
pub(crate) fn pad(text: &str, limit: usize) -> String {
    let text = fit(text, limit);
    let gap = limit.saturating_sub(width(&text));
    format!("{text}{}", " ".repeat(gap))
}

/// One line of exactly this width, padded on the left.
pub(crate) fn pad_left(text: &str, limit: usize) -> String {
    let text = fit(text, limit);
    let gap = limit.saturating_sub(width(&text));
    format!("{}{text}", " ".repeat(gap))
}

/// Plain text in lines of at most `limit` cells.
pub(crate) fn plain(text: &str, limit: usize, style: Style) -> Vec<Line<'static>> {
    spans(&[Span::styled(text.to_owned(), style)], limit)
}

/// Styled text in lines of at most `limit` cells, broken at spaces if possible.
pub(crate) fn spans(spans: &[Span<'_>], limit: usize) -> Vec<Line<'static>> {
    let mut flow = Flow::new(limit.max(1));
    for span in spans {
        for (at, line) in text::neutral(&span.content).split('\n').enumerate() {
            if at > 0 {
                flow.end_word();
                flow.end_line();
            }
            for grapheme in line.graphemes(true) {
                flow.push(grapheme, span.style);
            }
        }
    }
    flow.finish()
}

/// Puts a mark before the first line and the same width of spaces before the others.
pub(crate) fn hang(mark: &Span<'static>, lines: Vec<Line<'static>>) -> Vec<Line<'static>> {
    let room = Span::raw(" ".repeat(width(&mark.content)));
    let before = |(at, mut line): (usize, Line<'static>)| {
        line.spans.insert(0, if at == 0 { mark.clone() } else { room.clone() });
        line
    };
    lines.into_iter().enumerate().map(before).collect()
}

/// Text being laid out: whole words move to the next line, and words wider than a line are broken.
struct Flow {
    limit: usize,
    done: Vec<Line<'static>>,
    line: Vec<(String, Style)>,
    line_width: usize,
    word: Vec<(String, Style)>,
    word_width: usize,
}

impl Flow {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            done: Vec::new(),
            line: Vec::new(),
            line_width: 0,
            word: Vec::new(),
            word_width: 0,
        }
    }

    fn push(&mut self, grapheme: &str, style: Style) {
        if grapheme == " " {
            self.end_word();
            // A space that does not fit is replaced by the line break.
            if self.line_width < self.limit {
                append(&mut self.line, grapheme, style);
                self.line_width += 1;
            }
            return;
        }
        let cells = width(grapheme);
        if self.word_width + cells > self.limit {
            self.end_word();
            self.end_line();
        }
        append(&mut self.word, grapheme, style);
        self.word_width += cells;
    }

    fn end_word(&mut self) {
        if self.line_width + self.word_width > self.limit {
            self.end_line();
        }
        for (text, style) in self.word.drain(..) {
            append(&mut self.line, &text, style);
        }
        self.line_width += std::mem::take(&mut self.word_width);
    }

    fn end_line(&mut self) {
        let spans = self.line.drain(..).map(|(text, style)| Span::styled(text, style));
        self.done.push(spans.collect());
        self.line_width = 0;
    }

    fn finish(mut self) -> Vec<Line<'static>> {
        self.end_word();
        if !self.line.is_empty() || self.done.is_empty() {
            self.end_line();
        }
        self.done
    }
}

fn append(runs: &mut Vec<(String, Style)>, text: &str, style: Style) {
    match runs.last_mut() {
        Some((run, same)) if *same == style => run.push_str(text),
        _ => runs.push((text.to_owned(), style)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, limit: usize) -> Vec<String> {
        let trim = |line: &Line<'_>| line.to_string().trim_end().to_owned();
        plain(text, limit, Style::new()).iter().map(trim).collect()
    }

    #[test]
    fn words_stay_whole_and_long_ones_are_broken() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("a incomprehensible b", 6), ["a", "incomp", "rehens", "ible b"]);
        assert_eq!(lines("one\n\ntwo", 9), ["one", "", "two"]);
        assert_eq!(lines("", 9), [""]);
    }

    #[test]
    fn wide_characters_count_as_two_cells() {
        assert_eq!(lines("漢字かな", 5), ["漢字", "かな"]);
        assert_eq!(fit("漢字かな", 5), "漢字…");
        assert_eq!(pad("漢", 4), "漢  ");
        assert_eq!(pad_left("漢", 4), "  漢");
    }

    #[test]
    fn styles_survive_the_line_break() {
        let bold = Style::new().bold();
        let lines = spans(&[Span::raw("see "), Span::styled("two words", bold)], 7);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1].spans[0].style, bold);
    }
}
