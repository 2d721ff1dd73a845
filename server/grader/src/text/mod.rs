//! Plain text: folding that makes look-alikes alike, sentences, and what its words are.

pub(crate) mod fold;
pub(crate) mod lists;
pub(crate) mod sentences;
pub(crate) mod words;
