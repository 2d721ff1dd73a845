//! Finds what an answer states word for word, whatever the judge thinks of it.

use crate::{
    answer::Answer,
    judge::{Judge, PieceId},
    prepare::plain,
};
use std::ops::Range;

/// The log-odds of a point or a mistake that the answer states word for word.
pub(super) const LOG_ODDS: f64 = 6.0;

/// The most neighbouring sentences of a statement. A semicolon, or a mark in a piece of code, cuts one
/// in two.
const MOST_SENTENCES: usize = 3;

/// The first neighbouring sentences that `is_stated` accepts, as pieces without trailing punctuation.
pub(super) fn passage(
    answer: &Answer,
    is_stated: impl Fn(&[PieceId]) -> bool,
) -> Option<Range<usize>> {
    let all = answer.sentences.len();
    let ends = |start: usize| start + 1..=all.min(start + MOST_SENTENCES);
    let mut passages = (0..all).flat_map(|start| ends(start).map(move |end| start..end));
    passages.find(|passage| is_stated(&pieces(answer, passage)))
}

fn pieces(answer: &Answer, passage: &Range<usize>) -> Vec<PieceId> {
    let said = answer.sentences[passage.clone()].iter();
    plain(said.flat_map(|sentence| sentence.pieces.iter().copied()).collect(), Judge::builtin())
}
