//! Setting aside: the parts of an answer that do not count, so that the rest can be graded for itself.

use super::subject::Stretch;
use crate::lexicon::WordId;
use crate::marking::Reading;
use crate::prepared::Prepared;
use std::collections::HashSet;
use std::ops::Range;

/// The parts of the answer that are said twice or are long digressions, in order, in bytes of the answer.
pub(super) fn parts(prepared: &Prepared, reading: &Reading<'_>) -> Vec<Range<usize>> {
    let mut parts = repetitions(reading);
    parts.extend(digressions(prepared, reading));
    parts.sort_by_key(|part| part.start);
    parts
}

/// The answer with these parts replaced by blanks, so that every other part keeps its place.
pub(super) fn blank(answer: &str, parts: &[Range<usize>]) -> String {
    let mut rest = String::with_capacity(answer.len());
    for part in parts {
        let start = part.start.max(rest.len());
        rest.push_str(&answer[rest.len()..start]);
        // A line break ends the sentence before it.
        if start < part.end {
            rest.push('\n');
            rest.extend(std::iter::repeat_n(' ', part.end - start - 1));
        }
    }
    rest.push_str(&answer[rest.len()..]);
    rest
}

/// Words in a row that make a phrase; a phrase that has been said before is a repetition.
const PHRASE: usize = 4;

/// Fewer repeated words in a row are left alone: some phrases simply occur twice.
const SHORTEST_REPETITION: usize = 8;

/// Stretches of words that only repeat phrases which stand before them.
fn repetitions(reading: &Reading<'_>) -> Vec<Range<usize>> {
    let tokens = &reading.answer.tokens;
    let words: Vec<WordId> = tokens.iter().map(|token| token.word).collect();
    let mut seen = HashSet::new();
    let mut is_repeated = vec![false; words.len()];
    for (start, phrase) in words.array_windows::<PHRASE>().enumerate() {
        if !seen.insert(phrase) {
            is_repeated[start..start + PHRASE].fill(true);
        }
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for run in is_repeated.chunk_by(|a, b| a == b) {
        let end = start + run.len();
        if run[0] && run.len() >= SHORTEST_REPETITION {
            let bytes = tokens[start].place.start..tokens[end - 1].place.end;
            parts.push(reading.answer.folded.original(bytes));
        }
        start = end;
    }
    parts
}

/// Sentences that are looked at together.
const WINDOW: usize = 3;

/// Log-odds below which a window is about something else.
const BESIDE: f64 = -1.0;

/// Stretches of sentences about something else. A sentence is part of one when no window of three that it
/// stands in is about the question; so an aside, an example or a colloquial sentence stays.
fn digressions(prepared: &Prepared, reading: &Reading<'_>) -> Vec<Range<usize>> {
    let sentences = reading.sentences();
    if sentences.len() <= WINDOW || prepared.about_candidate >= 0.5 {
        return Vec::new();
    }
    let stretches: Vec<_> =
        sentences.iter().map(|sentence| Stretch::of(prepared, reading, sentence)).collect();
    let mut counts = vec![false; sentences.len()];
    for (start, [a, b, c]) in stretches.array_windows::<WINDOW>().enumerate() {
        if a.join(b).join(c).log_odds() >= BESIDE {
            counts[start..start + WINDOW].fill(true);
        }
    }
    if !counts.contains(&true) {
        // Nothing would be left; whether the whole is about the question is asked elsewhere.
        return Vec::new();
    }
    let beside = sentences.iter().zip(counts).filter(|(_, counts)| !counts);
    beside.map(|(sentence, _)| reading.answer.folded.original(sentence.span.bytes.clone())).collect()
}
