//! Plain text: folding, which makes look-alikes equal; sentences; and words.

pub(crate) mod fold;
pub(crate) mod lists;
pub(crate) mod sentences;
pub(crate) mod words;
