//! The pieces of one block of feedback. Bold, italics and code are marked only where no parser can
//! misread the marks; elsewhere the words are plain.

use super::foreign;
use crate::export::document::Span;

/// Writes the pieces as Markdown; lines after the first begin with `below`.
pub(super) fn inline(spans: &[Span], below: &str) -> String {
    let mut out = Inline::default();
    for span in spans {
        for (at, line) in span.text.split('\n').enumerate() {
            if at > 0 {
                out.break_line();
            }
            out.piece(line, span);
        }
    }
    let lines = out.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(&format!("\\\n{below}"))
}

/// Lines being written.
#[derive(Default)]
struct Inline {
    lines: Vec<String>,
    /// Whether the text ends with a mark, so that another mark must not follow.
    ends_marked: bool,
}

impl Inline {
    fn break_line(&mut self) {
        self.lines.push(String::new());
        self.ends_marked = false;
    }

    fn piece(&mut self, text: &str, span: &Span) {
        if self.lines.is_empty() {
            self.lines.push(String::new());
        }
        let core = text.trim();
        let Some(line) = self.lines.last_mut() else { return };
        if core.len() < text.trim_end().len() || core.is_empty() {
            line.push(' ');
            self.ends_marked = false;
        }
        if core.is_empty() {
            return;
        }
        let can_mark = !self.ends_marked && !line.ends_with('`');
        let marked = if can_mark { marked(core, span) } else { None };
        self.ends_marked = marked.is_some();
        line.push_str(&marked.unwrap_or_else(|| foreign::line(core)));
        if text.trim_end().len() < text.len() {
            line.push(' ');
            self.ends_marked = false;
        }
    }
}

/// Marks the text with its style, if that is safe.
fn marked(text: &str, span: &Span) -> Option<String> {
    if span.code {
        return Some(foreign::code(text));
    }
    let mark = match (span.strong, span.emphasis) {
        (true, _) => "**",
        (false, true) => "*",
        (false, false) => return None,
    };
    // Beside a letter or digit, the rules for flanking marks are unambiguous.
    let is_plain = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_safe = is_plain(text.chars().next()) && is_plain(text.chars().next_back());
    is_safe.then(|| format!("{mark}{}{mark}", foreign::line(text)))
}
