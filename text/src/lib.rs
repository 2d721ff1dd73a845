//! The one rule by which text from people and models is made harmless to read: in a terminal, in a
//! Markdown file, on a page of a PDF. What is stored stays as it was sent; this is for the last step
//! before somebody reads it, and takes only what would steer a reader's program or deceive the
//! reader. What a form of file needs beside that (Markdown's escapes, say) is that form's business.

use std::borrow::Cow;

/// The text with nothing in it that a program that shows it would obey: control characters become
/// visible escapes, invisible ones vanish, line ends become line feeds and tabs four spaces.
pub fn neutral(text: &str) -> Cow<'_, str> {
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
pub fn neutral_line(text: &str) -> String {
    neutral(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// JSON need not escape all that steers a terminal: C1 controls and marks that turn the direction
/// of the text may stand in it. They can only do so inside strings, where an escape means the same.
pub fn escaped_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_harmless(c) {
            out.push(c);
        } else {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// Whether a program that shows the character, a terminal above all, obeys nothing by it.
pub fn is_harmless(c: char) -> bool {
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
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn a_neutral_text_is_harmless_and_stays_as_it_is(text in any::<String>()) {
            let once = neutral(&text).into_owned();
            prop_assert!(once.chars().all(is_harmless), "{once:?}");
            prop_assert_eq!(neutral(&once), once.as_str());
            prop_assert!(!neutral_line(&text).contains('\n'));
        }

        #[test]
        fn json_means_the_same_when_it_is_escaped(text in any::<String>()) {
            let json = escaped_json(&serde_json::to_string(&text).unwrap());
            prop_assert!(json.chars().all(is_harmless), "{json:?}");
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
