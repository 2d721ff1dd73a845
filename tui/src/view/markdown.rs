//! Feedback in Markdown: paragraphs, lists, headings, bold, code. Anything else is shown as its
//! text.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use ratatui::{
    style::Style,
    text::{Line, Span},
};

use super::{code, report::set_apart, theme::Theme, wrap};
use crate::text;

/// Lays a Markdown text out in lines of this many columns.
pub(crate) fn lines(markdown: &str, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let neutral = text::neutral(markdown);
    let mut page = Page::new(columns, theme);
    for event in Parser::new(&neutral) {
        page.take(event);
    }
    page.end_block();
    page.lines
}

/// A page being laid out.
struct Page {
    columns: usize,
    theme: Theme,
    lines: Vec<Line<'static>>,
    /// The block that is being filled.
    spans: Vec<Span<'static>>,
    bold: usize,
    italic: usize,
    /// For each open list, the number of its next item, if it is numbered.
    lists: Vec<Option<u64>>,
    /// The mark of the item that starts with the next block.
    mark: Option<String>,
    code: bool,
}

impl Page {
    fn new(columns: usize, theme: Theme) -> Self {
        Self {
            columns,
            theme,
            lines: Vec::new(),
            spans: Vec::new(),
            bold: 0,
            italic: 0,
            lists: Vec::new(),
            mark: None,
            code: false,
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code => self.code_lines(&text),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.push(&text),
            Event::Code(text) => self.spans.push(code::inline(&text, self.style(), self.theme)),
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.push("\n"),
            Event::Rule => self.end_block(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock | Tag::BlockQuote(_) => self.begin_block(),
            Tag::Heading { .. } => {
                self.begin_block();
                self.bold += 1;
            }
            Tag::CodeBlock(_) => {
                self.begin_block();
                self.code = true;
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.begin_block();
                } else {
                    self.end_block();
                }
                self.lists.push(*first);
            }
            Tag::Item => {
                self.end_block();
                self.mark = Some(self.next_mark());
            }
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.end_block();
                self.bold = self.bold.saturating_sub(1);
            }
            TagEnd::Paragraph | TagEnd::Item | TagEnd::HtmlBlock => self.end_block(),
            TagEnd::CodeBlock => self.code = false,
            TagEnd::List(_) => {
                self.end_block();
                self.lists.pop();
            }
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        self.spans.push(Span::styled(text.to_owned(), self.style()));
    }

    fn style(&self) -> Style {
        let mut style = Style::new();
        if self.bold > 0 {
            style = style.bold();
        }
        if self.italic > 0 {
            style = style.italic();
        }
        style
    }

    /// Code keeps its lines and its spaces.
    fn code_lines(&mut self, text: &str) {
        let indent = self.indent();
        for line in text.lines() {
            let line = format!("{}  {line}", " ".repeat(indent));
            self.lines.push(Line::styled(line, self.theme.code()));
        }
    }

    fn next_mark(&mut self) -> String {
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "• ".to_owned(),
        }
    }

    fn indent(&self) -> usize {
        2 * self.lists.len().saturating_sub(1)
    }

    fn begin_block(&mut self) {
        self.end_block();
        // The first paragraph of an item follows its mark directly.
        if self.mark.is_none() {
            set_apart(&mut self.lines);
        }
    }

    fn end_block(&mut self) {
        if self.spans.is_empty() {
            return;
        }
        let mark = self.mark.take().unwrap_or_default();
        let indent = self.indent();
        let room = self.columns.saturating_sub(indent + wrap::width(&mark));
        let wrapped = wrap::spans(&std::mem::take(&mut self.spans), room);
        let mark = Span::raw(format!("{}{mark}", " ".repeat(indent)));
        self.lines.extend(wrap::hang(&mark, wrapped));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(markdown: &str) -> Vec<String> {
        let look = crate::model::Look { theme: crate::model::ThemeName::Mono, ascii: false };
        lines(markdown, 30, Theme::of(look))
            .iter()
            .map(|l| l.to_string().trim_end().to_owned())
            .collect()
    }

    #[test]
    fn paragraphs_lists_and_code_are_laid_out() {
        let text = "First **bold** one.\n\n- an item that is longer than a line\n- `code`\n\n1. one\n\n```\nlet x = 1;\n  y\n```\n";
        assert_eq!(
            shown(text),
            [
                "First bold one.",
                "",
                "• an item that is longer than",
                "  a line",
                "• `code`",
                "",
                "1. one",
                "",
                "  let x = 1;",
                "    y",
            ]
        );
    }

    #[test]
    fn html_is_shown_as_text_and_control_characters_are_visible() {
        assert_eq!(shown("<b>x</b>\u{1b}[2J"), ["<b>x</b>^[[2J"]);
    }
}
