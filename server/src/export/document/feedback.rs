//! Feedback, which graders write in Markdown. The rules are the same as in the terminal and on the
//! page: paragraphs, lists, code, bold and italics are kept; headings become bold lines; raw HTML
//! is shown as text; of links and images only the words are shown, without the address.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use serde::Serialize;
use viva_text::neutral;

/// A block of feedback.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub(in crate::export) enum Block {
    /// Text.
    Paragraph {
        /// Its pieces, in order.
        spans: Vec<Span>,
    },
    /// An item of a list.
    Item {
        /// In how many other lists its list is nested.
        depth: usize,
        /// Its number, if it has one.
        number: Option<u64>,
        /// Its pieces, in order.
        spans: Vec<Span>,
    },
    /// Code, in which line breaks and spaces are kept.
    Code {
        /// The code.
        text: String,
    },
}

/// A piece of text in one style.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(in crate::export) struct Span {
    /// The text; a line feed is a hard line break.
    pub(in crate::export) text: String,
    /// Whether it is bold.
    pub(in crate::export) strong: bool,
    /// Whether it is in italics.
    pub(in crate::export) emphasis: bool,
    /// Whether it is code.
    pub(in crate::export) code: bool,
}

/// Parses feedback into blocks.
pub(super) fn blocks(markdown: &str) -> Vec<Block> {
    let neutral = neutral(markdown);
    let mut builder = Builder::default();
    for event in Parser::new(&neutral) {
        builder.take(event);
    }
    builder.end_block();
    builder.blocks
}

/// The state of parsing.
#[derive(Default)]
struct Builder {
    blocks: Vec<Block>,
    /// The pieces of the current block.
    spans: Vec<Span>,
    strong: usize,
    emphasis: usize,
    /// For each open list, the number of its next item, if it is numbered.
    lists: Vec<Option<u64>>,
    /// The depth and number of the item that begins with the next block.
    item: Option<(usize, Option<u64>)>,
    /// The current code block.
    code: Option<String>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.push(&text, false),
            },
            Event::Html(text) | Event::InlineHtml(text) => self.push(&text, false),
            Event::Code(text) => self.push(&text, true),
            Event::SoftBreak => self.push(" ", false),
            Event::HardBreak => self.push("\n", false),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => self.emphasis += 1,
            Tag::Link { .. } | Tag::Image { .. } => {}
            tag => self.start_block(tag),
        }
    }

    fn start_block(&mut self, tag: &Tag<'_>) {
        self.end_block();
        match tag {
            Tag::Heading { .. } => self.strong += 1,
            Tag::CodeBlock(_) => self.code = Some(String::new()),
            Tag::List(first) => self.lists.push(*first),
            Tag::Item => self.item = Some(self.next_item()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => {}
            tag => {
                self.end_block();
                match tag {
                    TagEnd::Heading(_) => self.strong = self.strong.saturating_sub(1),
                    TagEnd::CodeBlock => {
                        let code = self.code.take().map(|text| Block::Code { text });
                        self.blocks.extend(code);
                    }
                    TagEnd::List(_) => {
                        self.lists.pop();
                    }
                    _ => {}
                }
            }
        }
    }

    fn next_item(&mut self) -> (usize, Option<u64>) {
        let depth = self.lists.len().saturating_sub(1);
        let number = self.lists.last_mut().and_then(Option::as_mut).map(|next| {
            *next = next.saturating_add(1);
            *next - 1
        });
        (depth, number)
    }

    fn push(&mut self, text: &str, code: bool) {
        let (strong, emphasis) = (self.strong > 0, self.emphasis > 0);
        match self.spans.last_mut() {
            Some(last) if (last.strong, last.emphasis, last.code) == (strong, emphasis, code) => {
                last.text.push_str(text);
            }
            _ => self.spans.push(Span { text: text.to_owned(), strong, emphasis, code }),
        }
    }

    fn end_block(&mut self) {
        let spans = std::mem::take(&mut self.spans);
        if spans.iter().all(|span| span.text.trim().is_empty()) {
            return;
        }
        self.blocks.push(match self.item.take() {
            Some((depth, number)) => Block::Item { depth, number, spans },
            None => Block::Paragraph { spans },
        });
    }
}
