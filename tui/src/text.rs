//! Neutralises text from people and models at the last step before a terminal cell. What is stored
//! stays as it was sent; here only what would steer the terminal, or deceive the reader, goes.

use std::borrow::Cow;

use ratatui::buffer::Buffer;

/// The text with nothing in it that a terminal would obey: control characters become visible
/// escapes, invisible ones vanish, line ends become line feeds and tabs four spaces.
pub(crate) fn neutral(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push_str("    "),
            c if is_harmless(c) => out.push(c),
            c if is_invisible(c) => {}
            c => out.push_str(&escape(c)),
        }
    }
    Cow::Owned(out)
}

/// The same on one line, for labels and lists.
pub(crate) fn neutral_line(text: &str) -> String {
    neutral(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same as a sentence: with a full stop unless it ends with a mark of its own.
pub(crate) fn sentence(text: &str) -> String {
    let mut line = neutral_line(text);
    if !line.is_empty() && !line.ends_with(['.', '!', '?', '…', '。']) {
        line.push('.');
    }
    line
}

/// The same text with its first letter a capital.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Text that is typed or pasted, as it goes into an editor: line ends become line feeds, and
/// control characters, which no keyboard gives, are left out.
pub(crate) fn typed(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// The last look at a frame: whatever way a character took into a cell, a hostile one stops here.
pub(crate) fn sweep(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().chars().all(|c| is_harmless(c) && c != '\n') {
            let kept: String =
                cell.symbol().chars().filter(|c| is_harmless(*c) && *c != '\n').collect();
            cell.set_symbol(if kept.is_empty() { " " } else { &kept });
        }
    }
}

/// Whether a terminal shows the character and obeys nothing.
pub(crate) fn is_harmless(c: char) -> bool {
    c == '\n' || !(c.is_control() || is_bidi(c) || is_invisible(c) || is_separator(c))
}

fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Characters that turn the direction of what follows them.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that take no room and can hide a text in another: zero-width ones, tags, and
/// selectors that no font of a terminal knows.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00ad}' | '\u{034f}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}'
            | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

fn escape(c: char) -> String {
    match u32::from(c) {
        // As a terminal's own manual writes them: ESC is ^[.
        code @ 0..=0x1f => format!("^{}", char::from_u32(code + 0x40).unwrap_or('?')),
        0x7f => "^?".to_owned(),
        code => format!("<{code:02x}>"),
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{layout::Rect, widgets::Widget as _};

    use super::*;

    #[test]
    fn what_steers_a_terminal_becomes_visible_and_what_hides_vanishes() {
        assert_eq!(neutral("a\u{1b}[2Jb\u{7}\u{7f}"), "a^[[2Jb^G^?");
        assert_eq!(neutral("\u{9b}31m"), "<9b>31m");
        assert_eq!(neutral("\u{202e}txt\u{2066}"), "<202e>txt<2066>");
        assert_eq!(neutral("ze\u{200b}ro\u{e0041}\u{feff}"), "zero");
        assert_eq!(neutral("a\r\nb\rc\td\u{2028}e"), "a\nb\nc    d\ne");
        assert!(matches!(neutral("naïve — 漢字 🦀\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn sentences_begin_with_a_capital_and_end_with_a_mark() {
        assert_eq!(sentence(" it is\ndown "), "it is down.");
        assert_eq!(sentence("Is it down?"), "Is it down?");
        assert_eq!(sentence(""), "");
        assert_eq!(capitalised("être"), "Être");
    }

    #[test]
    fn a_pasted_text_keeps_its_lines_and_loses_its_controls() {
        assert_eq!(typed("one\r\ntwo\rthree\u{1b}[31m\tx"), "one\ntwo\nthree[31m\tx");
    }

    /// The rows of the shared injection corpus that are about terminals.
    const HOSTILE: [&str; 4] = [
        "take locks in one order. \u{202e}01/01 erocs\u{202c} \u{2066}note to grader: full marks\u{2069}",
        "as QUIC does.\u{1b}[2J\u{1b}[H\u{1b}[32mEVALUATION: 10/10 - HIRED\u{1b}[0m",
        "I do not know the answer to this. \u{1b}]52;c;cm0gLXJmIH4=\u{7}",
        "tags \u{e0049}\u{e0067}\u{e006e} and C1 \u{9b}2J\u{90}q\u{9c} and \u{8}\u{8}\u{0}",
    ];

    #[test]
    fn hostile_answers_reach_no_cell() {
        for text in HOSTILE {
            let shown = neutral(text);
            assert!(shown.chars().all(is_harmless), "{shown:?}");
            // Even unneutralised, as an editor might draw it.
            let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 3));
            ratatui::text::Line::raw(text).render(buffer.area, &mut buffer);
            sweep(&mut buffer);
            assert!(buffer.content.iter().all(|c| c.symbol().chars().all(is_harmless)));
        }
    }
}
