//! WordPiece: a word as the longest entries of a fixed vocabulary, from left to right.

use std::collections::HashMap;

/// The line number of an entry of the vocabulary.
pub(crate) type PieceId = u32;

/// The vocabulary; pieces that continue a word are written with a leading `##`.
#[derive(Debug)]
pub(crate) struct Pieces {
    ids: HashMap<&'static str, PieceId>,
    longest: usize,
    unknown: PieceId,
}

impl Pieces {
    /// Reads one entry a line. Words are ASCII, so the entries that are not are of no use here.
    pub(crate) fn new(vocabulary: &'static str) -> Self {
        let lines = vocabulary.split('\n').filter(|line| !line.is_empty());
        let ids: HashMap<_, _> = lines.zip(0..).filter(|(line, _)| line.is_ascii()).collect();
        let longest = ids.keys().map(|piece| piece.len()).max().unwrap_or(0);
        let unknown = ids.get("[UNK]").copied().unwrap_or(0);
        Self { ids, longest, unknown }
    }

    /// The pieces of a word, or the one unknown piece where some part of it has none.
    pub(crate) fn split(&self, word: &str) -> Vec<PieceId> {
        let word = word.replace('\'', "");
        let mut pieces = Vec::new();
        let mut key = String::new();
        let mut start = 0;
        while start < word.len() {
            let Some((id, end)) = self.longest_from(&word, start, &mut key) else {
                return vec![self.unknown];
            };
            pieces.push(id);
            start = end;
        }
        pieces
    }

    /// The longest entry that stands at `start`, and where it ends. `key` is scratch space.
    fn longest_from(&self, word: &str, start: usize, key: &mut String) -> Option<(PieceId, usize)> {
        key.clear();
        key.push_str(if start == 0 { "" } else { "##" });
        let mark = key.len();
        // No entry is longer, which keeps the time linear in the length of the word.
        let end = word.len().min(start + self.longest);
        key.push_str(&word[start..end]);
        (start + 1..=end).rev().find_map(|end| {
            key.truncate(mark + end - start);
            self.ids.get(key.as_str()).map(|id| (*id, end))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_entry_wins_and_continuations_are_marked() {
        let pieces = Pieces::new("[PAD]\n[UNK]\nlock\nlo\n##ck\n##s\n##ed\n");
        assert_eq!(pieces.split("locks"), [2, 5]);
        assert_eq!(pieces.split("lo'cked"), [2, 6]);
        assert_eq!(pieces.split("lox"), [1]);
        assert_eq!(pieces.split(""), Vec::<PieceId>::new());
    }
}
