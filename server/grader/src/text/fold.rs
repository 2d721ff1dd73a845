//! Folding: full-width letters, accents, ligatures and invisible characters become what they look
//! like.

use std::ops::Range;

/// A folded text that still knows where each part of it was in the original.
#[derive(Debug)]
pub(crate) struct Folded {
    /// The folded text.
    pub(crate) text: String,
    /// For every byte of the folded text, the byte range of the original character it came from.
    origins: Vec<Range<usize>>,
}

impl Folded {
    pub(crate) fn new(original: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(original.len()), origins: Vec::new() };
        for (start, c) in original.char_indices() {
            fold_char(c, &mut folded.text);
            folded.origins.resize(folded.text.len(), start..start + c.len_utf8());
        }
        folded
    }

    /// Maps a non-empty part of the folded text back to the original.
    pub(crate) fn original(&self, part: Range<usize>) -> Range<usize> {
        self.origins[part.start].start..self.origins[part.end - 1].end
    }
}

/// The folded text alone.
pub(crate) fn fold(original: &str) -> String {
    let mut text = String::with_capacity(original.len());
    original.chars().for_each(|c| fold_char(c, &mut text));
    text
}

/// The accented letters and, in the same order, the letters without the accent.
const ACCENTED: &str = "àáâãäåāăąçćčďđèéêëēėęěğìíîïīįłñńňòóôõöøōőŕřśšşťùúûüūůűýÿžźż";
const PLAIN: &str = "aaaaaaaaacccddeeeeeeeegiiiiiilnnnoooooooorrssstuuuuuuuyyzzz";

fn fold_char(c: char, out: &mut String) {
    match c {
        '\n' | ' '..='~' => out.push(c),
        '\0'..='\u{1f}' => out.push(' '),
        '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
        _ if is_odd_space(c) => out.push(' '),
        _ if is_invisible(c) => {}
        _ => match ascii_twin(c) {
            Some(twin) => out.push(twin),
            None => fold_letter(c, out),
        },
    }
}

fn is_odd_space(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Control and format characters, variation selectors, combining accents and tags.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{300}'..='\u{36f}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// The ASCII character that a full-width, mathematical or circled one stands for.
fn ascii_twin(c: char) -> Option<char> {
    let code = u32::from(c);
    let letter = |n: u32| char::from_u32(if n < 26 { 65 + n } else { 71 + n });
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(code - 0xfee0),
        '\u{1d400}'..='\u{1d6a3}' => letter((code - 0x1d400) % 52),
        '\u{1d7ce}'..='\u{1d7ff}' => char::from_u32(48 + (code - 0x1d7ce) % 10),
        '\u{24b6}'..='\u{24e9}' => letter(code - 0x24b6),
        _ => None,
    }
}

/// Ligatures, typographic marks and accented letters; anything else stays as it is.
fn fold_letter(c: char, out: &mut String) {
    let mut lower = c.to_lowercase();
    let lower = lower.next().filter(|_| lower.next().is_none()).unwrap_or(c);
    if let Some(written_out) = write_out(lower) {
        out.push_str(written_out);
    } else if let Some(n) = ACCENTED.chars().position(|accented| accented == lower) {
        let plain = char::from(PLAIN.as_bytes()[n]);
        out.push(if lower == c { plain } else { plain.to_ascii_uppercase() });
    } else {
        out.push(c);
    }
}

fn write_out(lower: char) -> Option<&'static str> {
    Some(match lower {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        '…' => "...",
        '‘' | '’' => "'",
        '“' | '”' => "\"",
        '–' | '—' | '−' | '‐' | '‑' => "-",
        '½' => "1/2",
        '²' => "2",
        '³' => "3",
        '×' => "x",
        '→' => " -> ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_fold_to_plain_letters() {
        assert_eq!(
            fold("Ｆｕｌｌ 𝐁𝟙 Ⓐⓩ Éß Œ ﬁx “a” → b…"),
            "Full B1 Az Ess oe fix \"a\"  ->  b..."
        );
        assert_eq!(fold("a\u{200b}b\u{301}\u{202e}\u{a0}c\td\u{2028}e"), "ab c d\ne");
        assert_eq!(fold("привет 日本"), "привет 日本");
    }

    #[test]
    fn a_part_of_the_folded_text_leads_back_to_the_original() {
        let original = "é \u{200b}ﬁx…";
        let folded = Folded::new(original);
        assert_eq!(folded.text, "e fix...");
        assert_eq!(&original[folded.original(2..5)], "ﬁx");
        assert_eq!(&original[folded.original(0..8)], original);
    }

    #[test]
    fn every_accented_letter_has_its_plain_one() {
        assert_eq!(ACCENTED.chars().count(), PLAIN.len());
    }
}
