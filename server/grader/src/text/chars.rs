//! The two character classes that every scanner here shares.

/// White space as the model was trained with it: the Unicode property and the four ASCII
/// separators.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// A character that may stand inside a word: a letter, a digit of any kind, or the underscore.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The end of the run of characters that `belongs` accepts, which begins at byte `start`.
pub(crate) fn run_end(text: &str, start: usize, belongs: impl Fn(char) -> bool) -> usize {
    text[start..].find(|c| !belongs(c)).map_or(text.len(), |length| start + length)
}
