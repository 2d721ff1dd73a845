//! The text with its caret and selection. Positions are in bytes and always between two graphemes:
//! an emoji with its joiners takes one step and one Backspace.

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

/// A text with a caret.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    text: String,
    caret: usize,
    /// The end of the selection opposite the caret.
    anchor: Option<usize>,
}

impl Buffer {
    /// A text with the caret at its end.
    pub(super) fn new(text: String) -> Self {
        Self { caret: text.len(), text, anchor: None }
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The caret's position.
    pub(super) fn caret(&self) -> usize {
        self.caret
    }

    /// The selection, unless it is empty.
    pub(super) fn marked(&self) -> Option<Range<usize>> {
        let anchor = self.anchor.filter(|anchor| *anchor != self.caret)?;
        Some(anchor.min(self.caret)..anchor.max(self.caret))
    }

    /// The end of the selection opposite the caret, even if the selection is empty.
    pub(super) fn anchor(&self) -> Option<usize> {
        self.anchor
    }

    /// Moves the caret; with `marking`, selects the text between.
    pub(super) fn go(&mut self, to: usize, marking: bool) {
        let from = self.caret;
        self.caret = self.snapped(to);
        self.anchor = if marking { self.anchor.or(Some(from)) } else { None };
    }

    /// Selects the whole text.
    pub(super) fn mark_all(&mut self) {
        self.anchor = Some(0);
        self.caret = self.text.len();
    }

    /// Replaces a part of the text with `with`. Returns the old part.
    pub(super) fn replace(&mut self, range: Range<usize>, with: &str) -> String {
        let removed = self.text[range.clone()].to_owned();
        self.text.replace_range(range.clone(), with);
        self.anchor = None;
        // The inserted text may combine with the text after it.
        self.caret = self.snapped(range.start + with.len());
        removed
    }

    /// The position one grapheme before.
    pub(super) fn before(&self, at: usize) -> usize {
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    /// The position one grapheme after.
    pub(super) fn after(&self, at: usize) -> usize {
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }

    /// The start of the word before.
    pub(super) fn word_before(&self, at: usize) -> usize {
        let mut words = self.text[..at].unicode_word_indices();
        words.next_back().map_or(0, |(start, _)| start)
    }

    /// The end of the word after.
    pub(super) fn word_after(&self, at: usize) -> usize {
        let word = self.text[at..].unicode_word_indices().next();
        word.map_or(self.text.len(), |(start, word)| at + start + word.len())
    }

    /// The nearest position between graphemes.
    fn snapped(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at += 1;
        }
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        if cursor.is_boundary(&self.text, 0).unwrap_or(true) { at } else { self.after(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_emoji_a_flag_and_an_accent_take_one_step_each() {
        for grapheme in ["👩\u{200d}👧", "🇹🇷", "e\u{301}", "한"] {
            let buffer = Buffer::new(format!("a{grapheme}b"));
            let end = 1 + grapheme.len();
            assert_eq!((buffer.after(1), buffer.before(end)), (end, 1), "{grapheme}");
        }
    }

    #[test]
    fn words_end_where_punctuation_begins() {
        let buffer = Buffer::new("It isn't, after all.".to_owned());
        assert_eq!(buffer.word_after(3), 8);
        assert_eq!(buffer.word_before(10), 3);
        assert_eq!((buffer.word_before(2), buffer.word_after(19)), (0, 20));
    }

    #[test]
    fn the_caret_is_never_within_a_grapheme() {
        let mut buffer = Buffer::new("e\u{301}".to_owned());
        buffer.go(1, false);
        assert_eq!(buffer.caret(), 3);
        buffer.go(0, false);
        buffer.replace(0..0, "🇹");
        let mut flag = Buffer::new("🇷".to_owned());
        flag.replace(0..0, "🇹");
        assert_eq!(flag.caret(), flag.text().len(), "the two letters form a flag");
    }
}
