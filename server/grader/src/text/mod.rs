//! Plain text: characters, words, stems, sentences, clauses, and the folding that makes look-alikes
//! alike.

pub(crate) mod antonyms;
pub(crate) mod chars;
pub(crate) mod clauses;
pub(crate) mod fold;
pub(crate) mod instructions;
pub(crate) mod lists;
pub(crate) mod sentences;
pub(crate) mod stem;
pub(crate) mod tokens;
pub(crate) mod words;
