//! Pieces of a feedback in one block. Bold, italics and code are written only where no parser can
//! take them for anything else; elsewhere the words stand plain.

use super::foreign;
use crate::export::document::Span;

/// The pieces as Markdown; further lines begin with `below`.
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

/// Lines on their way.
#[derive(Default)]
struct Inline {
    lines: Vec<String>,
    /// The last thing written is a mark, which another one would run into.
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

/// The text in its style, if that is safe to say.
fn marked(text: &str, span: &Span) -> Option<String> {
    if span.code {
        return Some(foreign::code(text));
    }
    let mark = match (span.strong, span.emphasis) {
        (true, _) => "**",
        (false, true) => "*",
        (false, false) => return None,
    };
    // Between a mark and a letter or digit no rule about flanks is in doubt.
    let is_plain = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_safe = is_plain(text.chars().next()) && is_plain(text.chars().next_back());
    is_safe.then(|| format!("{mark}{}{mark}", foreign::line(text)))
}
