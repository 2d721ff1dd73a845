//! Code in texts of questions, points and examples. Words between backticks are styled as code, and
//! lines between fences keep their spaces.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use super::{theme::Theme, wrap};
use crate::text;

/// The indent of lines of code.
const INDENT: &str = "  ";

/// Lays a text out in lines of this many columns.
pub(crate) fn lines(text: &str, columns: usize, style: Style, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (at, part) in text.split("```").enumerate() {
        let is_code = at % 2 == 1;
        if is_code {
            // The first line names the language.
            let (_, code) = part.split_once('\n').unwrap_or(("", part));
            for line in code.trim_end().lines() {
                let line = format!("{INDENT}{}", text::neutral(line));
                lines.push(Line::styled(line, theme.code()));
            }
        } else if !part.trim().is_empty() || at == 0 {
            let part = if at == 0 { part } else { part.trim_start_matches('\n') };
            lines.extend(wrap::spans(&spans(part.trim_end(), style, theme), columns));
        }
    }
    lines
}

/// A text with the words between backticks styled as code.
pub(crate) fn spans(text: &str, style: Style, theme: Theme) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((before, code, after)) = next_code(rest) {
        spans.push(Span::styled(before.to_owned(), style));
        spans.push(inline(code, style, theme));
        rest = after;
    }
    spans.push(Span::styled(rest.to_owned(), style));
    spans
}

/// Words of code within a line; without colours, they keep their backticks.
pub(crate) fn inline(code: &str, style: Style, theme: Theme) -> Span<'static> {
    let looks = theme.code();
    if looks == Style::new() {
        return Span::styled(format!("`{code}`"), style);
    }
    Span::styled(code.to_owned(), style.patch(looks))
}

/// The text before the next words between backticks, these words, and the text after them.
fn next_code(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (code, after) = rest.split_once('`')?;
    let is_code = !code.is_empty() && !code.contains('\n');
    is_code.then_some((before, code, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Look, ThemeName};

    fn shown(text: &str, name: ThemeName) -> Vec<String> {
        let theme = Theme::of(Look { theme: name, ascii: false });
        lines(text, 40, Style::new(), theme).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn backticks_become_colour_and_stay_without_colours() {
        let text = "What does `impl Trait` mean?";
        assert_eq!(shown(text, ThemeName::Dark), ["What does impl Trait mean?"]);
        assert_eq!(shown(text, ThemeName::Mono), [text]);
        assert_eq!(shown("a ` alone", ThemeName::Dark), ["a ` alone"]);
    }

    #[test]
    fn lines_between_fences_keep_their_spaces() {
        let text = "Look:\n```rust\nfn x() {\n    y();\n}\n```\nWhy?";
        let expected = ["Look:", "  fn x() {", "      y();", "  }", "Why?"];
        assert_eq!(shown(text, ThemeName::Dark), expected);
    }
}
