//! Rules that texts from people share.

pub use viva_text::is_visible;

use super::violation::Fault;

/// Refuses U+0000, which one of the two databases cannot hold, so neither is asked to.
pub fn without_nul(text: &str) -> Result<&str, Fault> {
    if text.contains('\0') {
        return Err("must not contain the character U+0000".into());
    }
    Ok(text)
}

/// Characters (Unicode scalar values), surrounding white space not counted.
pub fn trimmed_chars(text: &str) -> usize {
    text.trim().chars().count()
}

/// A line of text: trimmed, without control characters, within `min..=max` characters, and visible.
pub fn line(text: &str, min: usize, max: usize, fault: &str) -> Result<String, Fault> {
    let text = without_nul(text)?.trim();
    let length = text.chars().count();
    if length < min || length > max {
        return Err(fault.into());
    }
    if min > 0 && !is_visible(text) {
        return Err(Fault(format!("{fault}, and some of them must be visible")));
    }
    if text.chars().any(char::is_control) {
        return Err("must be one line without control characters".into());
    }
    Ok(text.to_owned())
}

/// Chosen by a client so that a repeated request has one effect: at most 64 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The most characters a key may have.
    pub const MAX_CHARS: usize = 64;

    /// None for an empty key, which means that the client chose none.
    pub fn parse(raw: &str) -> Result<Option<Self>, Fault> {
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
