//! Rules for all text that people enter.

pub use viva_text::is_visible;

use super::violation::InvalidValue;

/// Refuses U+0000, which PostgreSQL cannot store.
pub fn without_nul(text: &str) -> Result<&str, InvalidValue> {
    if text.contains('\0') {
        return Err("must not contain the character U+0000".into());
    }
    Ok(text)
}

/// Counts characters (Unicode scalar values) without surrounding white space.
pub fn trimmed_chars(text: &str) -> usize {
    text.trim().chars().count()
}

/// Parses a line of text: trimmed, `min..=max` characters, without control characters, and visible.
pub fn line(text: &str, min: usize, max: usize, fault: &str) -> Result<String, InvalidValue> {
    let text = without_nul(text)?.trim();
    let length = text.chars().count();
    if length < min || length > max {
        return Err(fault.into());
    }
    if min > 0 && !is_visible(text) {
        return Err(InvalidValue(format!("{fault}, and some of them must be visible")));
    }
    if text.chars().any(char::is_control) {
        return Err("must be one line without control characters".into());
    }
    Ok(text.to_owned())
}

/// A key that a client chooses so that a repeated request takes effect once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The most characters a key may have.
    pub const MAX_CHARS: usize = 64;

    /// Parses a key; an empty one means that the client chose none.
    pub fn parse(raw: &str) -> Result<Option<Self>, InvalidValue> {
        if raw.is_empty() {
            return Ok(None);
        }
        if raw.chars().count() > Self::MAX_CHARS {
            return Err("Idempotency key must be at most 64 characters".into());
        }
        without_nul(raw)?;
        Ok(Some(Self(raw.to_owned())))
    }

    /// The key as the client sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
