//! Cards as a text file for Anki: CSV (RFC 4180) after header lines that say how to read it. Anki
//! finds a card again by its GUID, so a later import changes it instead of adding another.

use crate::text::neutral_line;

/// The head of the file. Without HTML, Anki shows the characters of a text as they are.
const HEAD: &str = "\
#separator:Comma
#html:false
#columns:GUID,Front,Back,Tags
#guid column:1
#tags column:4
#deck:Viva
";

/// A card: a question, and the point that answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    /// The same in every export of this point.
    pub(super) guid: String,
    /// What is asked.
    pub(super) front: String,
    /// The point.
    pub(super) back: String,
    /// Tags, separated by spaces.
    pub(super) tags: String,
}

impl Card {
    /// A card that asks with the point's prompt or, if it has none, with its question.
    pub(super) fn of(question: &str, prompt: Option<&str>, point: &str, topic: &str) -> Self {
        let topic: String = neutral_line(topic).split_whitespace().collect::<Vec<_>>().join("-");
        let tags = if topic.is_empty() { String::new() } else { format!(" viva::{topic}") };
        Self {
            guid: format!("viva-{:016x}", fnv(&[question, point])),
            front: prompt.map_or_else(
                || format!("{} Name a point that you left out.", neutral_line(question)),
                neutral_line,
            ),
            back: neutral_line(point),
            tags: format!("viva{tags}"),
        }
    }
}

/// The file with these cards.
pub(super) fn file(cards: &[Card]) -> String {
    let row = |card: &Card| {
        let fields = [&card.guid, &card.front, &card.back, &card.tags].map(|text| quoted(text));
        format!("{}\n", fields.join(","))
    };
    std::iter::once(HEAD.to_owned()).chain(cards.iter().map(row)).collect()
}

/// A field in quotation marks, so that it may contain commas and may begin with `#`.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The FNV-1a hash of texts, which never changes between versions of Rust.
fn fnv(texts: &[&str]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The header lines and the rows of a file.
    type Sheet<'a> = (Vec<&'a str>, Vec<Vec<String>>);

    /// Reads a file strictly by the rules of RFC 4180, after Anki's header lines.
    fn read(text: &str) -> Result<Sheet<'_>, String> {
        let headers: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
        let body: usize = headers.iter().map(|line| line.len() + 1).sum();
        let (mut rows, mut row) = (Vec::new(), Vec::new());
        let mut chars = text[body..].chars().peekable();
        while chars.peek().is_some() {
            if chars.next() != Some('"') {
                return Err("a field does not begin with a quotation mark".into());
            }
            let mut field = String::new();
            loop {
                match chars.next() {
                    Some('"') if chars.peek() == Some(&'"') => {
                        chars.next();
                        field.push('"');
                    }
                    Some('"') => break,
                    Some(c) => field.push(c),
                    None => return Err("a field does not end".into()),
                }
            }
            row.push(field);
            match chars.next() {
                Some(',') => {}
                Some('\n') => rows.push(std::mem::take(&mut row)),
                other => return Err(format!("after a field: {other:?}")),
            }
        }
        if row.is_empty() { Ok((headers, rows)) } else { Err("a row does not end".into()) }
    }

    #[test]
    fn the_head_tells_anki_how_to_read_the_file() {
        let card = Card::of("Why?", Some("#What, \"exactly\"?"), "Because.", "system design");
        let text = file(std::slice::from_ref(&card));
        let (headers, rows) = read(&text).unwrap();
        assert_eq!(
            headers,
            [
                "#separator:Comma",
                "#html:false",
                "#columns:GUID,Front,Back,Tags",
                "#guid column:1",
                "#tags column:4",
                "#deck:Viva",
            ]
        );
        let tags = "viva viva::system-design".to_owned();
        assert_eq!(rows, [[card.guid, "#What, \"exactly\"?".into(), "Because.".into(), tags]]);
    }

    #[test]
    fn a_point_keeps_its_guid_and_another_has_another() {
        let guid = |question, point| Card::of(question, None, point, "").guid;
        assert_eq!(guid("Why?", "Because."), "viva-d1a6ae5fe0e862e4");
        assert_ne!(guid("Why?", "Because."), guid("Why?B", "ecause."));
    }

    proptest! {
        #[test]
        fn whatever_a_text_contains_comes_back_in_its_field(
            texts in prop::collection::vec(("\\PC{0,30}|[\",#\n\r\t;]{0,9}", any::<bool>()), 1..9),
        ) {
            let cards: Vec<Card> = texts
                .iter()
                .map(|(text, has_prompt)| {
                    Card::of(text, has_prompt.then_some(text), text, text)
                })
                .collect();
            let text = file(&cards);
            let (_, rows) = read(&text).unwrap();
            let told: Vec<_> = cards
                .iter()
                .map(|card| vec![card.guid.clone(), card.front.clone(), card.back.clone(), card.tags.clone()])
                .collect();
            prop_assert_eq!(rows, told);
        }
    }
}
