//! Text as pieces of the encoder's vocabulary: split into words, and each word into the longest
//! matching entries.

use std::collections::HashMap;

/// The index of a vocabulary entry.
pub(crate) type PieceId = u32;

const UNKNOWN: PieceId = 100;

/// Where the vocabulary's whole words begin, and how many entries further on words are rare.
const FIRST_WORD: f64 = 1990.0;
const RARE: f64 = 8000.0;

/// A word with more letters is one unknown piece, as in the training of the base model.
const LONGEST_WORD: usize = 100;

/// The vocabulary. Pieces that continue a word are written with a leading `##`.
#[derive(Debug)]
pub(super) struct Pieces {
    ids: HashMap<&'static str, PieceId>,
    longest: usize,
}

impl Pieces {
    /// Reads one entry per line.
    pub(super) fn new(vocabulary: &'static str) -> Self {
        let ids: HashMap<_, _> = vocabulary.lines().zip(0..).collect();
        let longest = ids.keys().map(|piece| piece.len()).max().unwrap_or(0);
        Self { ids, longest }
    }

    /// The pieces of a folded text.
    pub(super) fn of(&self, text: &str) -> Vec<PieceId> {
        let mut pieces = Vec::new();
        let lower = text.to_lowercase();
        for word in words(&lower) {
            self.split(word, &mut pieces);
        }
        pieces
    }

    /// How informative a lower-case word is, 0.3 to 1. Rare words are more informative, and the
    /// vocabulary is ordered from the most common word to the rarest.
    pub(super) fn weight(&self, word: &str) -> f64 {
        let mut pieces = Vec::new();
        self.split(word, &mut pieces);
        match pieces[..] {
            [piece] => ((f64::from(piece) - FIRST_WORD) / RARE).clamp(0.1, 1.0).sqrt(),
            _ => 1.0,
        }
    }

    /// Whether a lower-case word is an entry as a whole: nearly all common English words are.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.ids.contains_key(word)
    }

    /// Whether a piece is one of the punctuation marks `.,;:!?`.
    pub(super) fn is_mark(&self, piece: PieceId) -> bool {
        [".", ",", ";", ":", "!", "?"].iter().any(|mark| self.ids.get(mark) == Some(&piece))
    }

    /// Appends the pieces of a word, or the one unknown piece if some part of it has none.
    fn split(&self, word: &str, pieces: &mut Vec<PieceId>) {
        let before = pieces.len();
        if word.chars().nth(LONGEST_WORD).is_some() {
            pieces.push(UNKNOWN);
            return;
        }
        let (mut start, mut key) = (0, String::new());
        while start < word.len() {
            let Some((id, end)) = self.longest_from(word, start, &mut key) else {
                pieces.truncate(before);
                pieces.push(UNKNOWN);
                return;
            };
            pieces.push(id);
            start = end;
        }
    }

    /// The longest entry that matches at `start`, and where it ends. `key` is scratch space.
    fn longest_from(&self, word: &str, start: usize, key: &mut String) -> Option<(PieceId, usize)> {
        let most = word.len().min(start + self.longest);
        let ends = (start + 1..=most).rev().filter(|end| word.is_char_boundary(*end));
        for end in ends {
            key.clear();
            key.push_str(if start == 0 { "" } else { "##" });
            key.push_str(&word[start..end]);
            if let Some(id) = self.ids.get(key.as_str()) {
                return Some((*id, end));
            }
        }
        None
    }
}

/// Runs of letters and digits; every punctuation mark and every ideograph is a word by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let flush = |words: &mut Vec<_>, start: usize, end: usize| {
        if end > start {
            words.push(&text[start..end]);
        }
    };
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_whitespace() || c.is_control() {
            flush(&mut words, start, at);
            start = end;
        } else if stands_alone(c) {
            flush(&mut words, start, at);
            words.push(&text[at..end]);
            start = end;
        }
    }
    flush(&mut words, start, text.len());
    words
}

fn stands_alone(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}')
        || matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
        || matches!(c, '¡' | '§' | '«' | '¶' | '·' | '»' | '¿')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_entry_wins_and_continuations_are_marked() {
        let pieces = Pieces::new("[PAD]\nlock\nlo\n##ck\n##s\n##ed\n.\n日\n");
        assert_eq!(pieces.of("Locks."), [1, 4, 6]);
        assert_eq!(pieces.of("lo cked"), [2, UNKNOWN]);
        assert_eq!(pieces.of("lo日lo"), [2, 7, 2]);
        assert_eq!(pieces.of(" \n"), Vec::<PieceId>::new());
        assert_eq!(pieces.of(&"lo".repeat(60)), [UNKNOWN]);
    }
}
