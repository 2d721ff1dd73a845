//! The one rule for making text from people and models safe to display: in a terminal, in a
//! Markdown file, on a page of a PDF. Stored text stays as it was sent. This is the last step
//! before a person reads it, and removes only what would control the program that displays it or
//! deceive the reader. Anything else that a format needs (Markdown escapes, say) is up to that
//! format.

pub mod decode;

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation as _;

/// The text without anything that a program displaying it would obey: control characters become
/// visible escapes, invisible characters are removed, line endings become line feeds, and tabs
/// become four spaces. Joiners stay where a script or an emoji needs them. The page follows the
/// same rule; `cases.json` tests both.
pub fn neutral(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| is_harmless(c) && !is_joiner(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        let after = chars.peek().copied();
        match c {
            '\r' if after == Some('\n') => {}
            '\r' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push_str("    "),
            c if is_joiner(c) => out.extend(joins(before, c, after).then_some(c)),
            c if is_harmless(c) => out.push(c),
            c if is_invisible(c) => {}
            c => out.push_str(&escape(c)),
        }
        before = Some(c);
    }
    Cow::Owned(out)
}

/// The same on one line, for labels and lists.
pub fn neutral_line(text: &str) -> String {
    neutral(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Escapes what JSON allows but a terminal would obey: C1 controls and marks that change the text
/// direction. They can only occur inside strings, where an escape means the same.
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

/// Whether displaying the character has no side effects on the program that shows it, a terminal
/// above all.
pub fn is_harmless(c: char) -> bool {
    c == '\n' || !(c.is_control() || is_bidi(c) || is_invisible(c) || is_separator(c))
}

/// Whether a text shows anything: spaces, invisible characters, blanks that count as letters or
/// signs, and marks without a base letter do not count.
pub fn is_visible(text: &str) -> bool {
    text.chars().any(|c| !is_blank(c) && !is_mark(c))
}

/// Whether a character leaves no visible trace of its own.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || is_bidi(c)
        || is_invisible(c)
        || is_joiner(c)
        || is_selector(c)
        || is_filler(c)
}

/// Selectors of a variant of the preceding character.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}')
}

/// Letters and signs that are drawn as nothing: Hangul fillers, Braille without a dot, and Khmer
/// vowels that no font shows.
fn is_filler(c: char) -> bool {
    matches!(
        c,
        '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
    )
}

/// Whether a character joins any character before it, as accents do.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && format!("a{c}").graphemes(true).nth(1).is_none()
}

fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Characters that change the direction of the text that follows.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that take up no space and can hide one text inside another: zero-width characters,
/// direction marks, tags, and variation selectors that no terminal font supports.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'
            | '\u{200e}' | '\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The zero-width joiner and non-joiner. They control nothing, but in the wrong place they can hide
/// something.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether a joiner belongs where it is: between letters of a script that uses joiners, after a
/// virama, or between the pictures of one emoji.
fn joins(before: Option<char>, joiner: char, after: Option<char>) -> bool {
    if before.is_some_and(is_virama) {
        return true;
    }
    let (Some(before), Some(after)) = (before, after) else { return false };
    let in_a_word = takes_joiners(before) && takes_joiners(after);
    let selects = matches!(before, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    in_a_word || (joiner == '\u{200d}' && (selects || is_picture(before)) && is_picture(after))
}

/// The signs, from Devanagari to Sinhala, that remove a letter's vowel. A joiner after one changes
/// how the letter is drawn, also at the end of a word: Malayalam's chillus and Bengali's khanda ta.
fn is_virama(c: char) -> bool {
    matches!(
        c,
        '\u{094d}'
            | '\u{09cd}'
            | '\u{0a4d}'
            | '\u{0acd}'
            | '\u{0b4d}'
            | '\u{0bcd}'
            | '\u{0c4d}'
            | '\u{0ccd}'
            | '\u{0d4d}'
            | '\u{0dca}'
    )
}

/// Letters and vowel signs from Arabic to Sinhala, of Myanmar, Khmer and Mongolian, and the Arabic
/// presentation forms.
fn takes_joiners(c: char) -> bool {
    matches!(
        c,
        '\u{0620}'..='\u{0dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
            | '\u{1820}'..='\u{18aa}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
    )
}

/// Whether Unicode allows the character in an emoji: a joiner attaches it to another picture, but
/// it is not a mark that attaches to any character.
fn is_picture(c: char) -> bool {
    let is_one = |before: &str| format!("{before}{c}").graphemes(true).nth(1).is_none();
    !c.is_ascii() && is_one("\u{1f469}\u{200d}") && !is_one("a")
}

fn escape(c: char) -> String {
    match u32::from(c) {
        // In caret notation, as in terminal manuals: ESC is ^[.
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
    fn control_characters_become_visible_and_invisible_ones_vanish() {
        assert_eq!(neutral("a\u{1b}[2Jb\u{7}\u{7f}"), "a^[[2Jb^G^?");
        assert_eq!(neutral("\u{9b}31m"), "<9b>31m");
        assert_eq!(neutral("\u{202e}txt\u{2066}"), "<202e>txt<2066>");
        assert_eq!(neutral("ze\u{200b}ro\u{e0041}\u{feff}"), "zero");
        assert_eq!(neutral("a\r\nb\rc\td\u{2028}e"), "a\nb\nc    d\ne");
        assert!(matches!(neutral("naïve — 漢字 🦀\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn invisible_text_is_not_visible_until_it_has_one_visible_character() {
        for nothing in [
            "",
            " \t\n",
            "\u{a0}\u{3000}",
            "\u{200b}\u{200b}",
            "\u{200e}\u{200f}\u{202e}",
            "\u{ad}",
            "\u{2060}\u{2063}\u{feff}",
            "\u{fe0f}",
            "\u{200c}\u{200d}",
            "\u{2800}\u{2800}",
            "\u{3164}\u{115f}\u{1160}\u{ffa0}",
            "\u{e0020}\u{e0061}",
            "\u{301}\u{301}",
            "\u{7}\u{1b}",
        ] {
            assert!(!is_visible(nothing), "{nothing:?}");
            assert!(is_visible(&format!("{nothing}a{nothing}")), "{nothing:?}");
        }
        for seen in ["?", "語", "🦀", "ㄱ", "⠁", "e\u{301}", "क्\u{200d}ष", "👩\u{200d}💻"]
        {
            assert!(is_visible(seen), "{seen:?}");
        }
    }

    #[test]
    fn every_case_shared_with_the_page_holds() {
        let cases: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../cases.json")).unwrap();
        assert!(cases.len() > 20);
        for case in cases {
            let shown = neutral(case["text"].as_str().unwrap());
            assert_eq!(shown.as_ref(), case["shown"].as_str().unwrap(), "{}", case["what"]);
        }
    }

    proptest! {
        #[test]
        fn a_neutral_text_is_harmless_and_stays_unchanged(text in any::<String>()) {
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
