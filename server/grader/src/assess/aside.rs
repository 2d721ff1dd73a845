//! Setting aside: the parts of an answer that do not count, so that the rest can be graded for
//! itself.

use super::subject::Stretch;
use crate::lexicon::WordId;
use crate::marking::Reading;
use crate::prepared::Prepared;
use std::collections::HashSet;
use std::ops::Range;

/// The parts of the answer that are said twice or are long digressions, in order, in bytes of the
/// answer.
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

/// What it costs to believe that the answer turns away from the question, or back to it.
const TURN: f64 = 4.5;

/// Stretches of sentences about something else.
///
/// One sentence says little about its subject: examples and colloquial remarks share few words with
/// any rubric. So this is the likeliest course of a subject that seldom changes: a single remark is
/// never enough to turn away, nor is a single lucky sentence among many foreign ones enough to turn
/// back.
fn digressions(prepared: &Prepared, reading: &Reading<'_>) -> Vec<Range<usize>> {
    let sentences = reading.sentences();
    if prepared.about_candidate >= 0.5 || !prepared.has_key_points {
        return Vec::new();
    }
    let evidence =
        sentences.iter().map(|sentence| Stretch::of(prepared, reading, sentence).evidence());
    let counts = likeliest_course(&evidence.collect::<Vec<_>>());
    if !counts.contains(&true) {
        // Nothing would be left; whether the whole is about the question is asked elsewhere.
        return Vec::new();
    }
    let beside = sentences.iter().zip(counts).filter(|(_, counts)| !counts);
    beside
        .map(|(sentence, _)| reading.answer.folded.original(sentence.span.bytes.clone()))
        .collect()
}

/// For every sentence whether it is about the question: the choice with the largest sum of evidence
/// for the sentences that are, less [`TURN`] for every change (the Viterbi path through two
/// states).
fn likeliest_course(evidence: &[f64]) -> Vec<bool> {
    let (mut on, mut off) = (0.0_f64, 0.0_f64);
    // For every sentence, whether the best path that ends on it, or off it, comes from the other
    // state.
    let mut turns = Vec::with_capacity(evidence.len());
    for (n, evidence) in evidence.iter().enumerate() {
        let turn = if n == 0 { 0.0 } else { TURN };
        turns.push((off - turn > on, on - turn > off));
        (on, off) = (on.max(off - turn) + evidence, off.max(on - turn));
    }
    let mut is_on = on >= off;
    let mut course = vec![false; evidence.len()];
    for (counts, (to_on, to_off)) in course.iter_mut().zip(turns).rev() {
        *counts = is_on;
        is_on ^= if is_on { to_on } else { to_off };
    }
    course
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanking_keeps_every_other_part_in_its_place() {
        let answer = "one ½ two three";
        assert_eq!(blank(answer, &[4..6, 11..16]), "one \n  two \n    ");
        assert_eq!(blank(answer, &[0..6, 4..11]), "\n     \n    three");
        assert_eq!(blank(answer, &[]), answer);
    }

    #[test]
    fn a_single_remark_is_no_digression_but_a_long_stretch_is() {
        assert_eq!(likeliest_course(&[3.0, -1.5, 3.0]), [true, true, true]);
        assert_eq!(
            likeliest_course(&[3.0, 3.0, -1.5, -1.5, -1.5, -1.5]),
            [true, true, false, false, false, false]
        );
        assert_eq!(likeliest_course(&[]), Vec::<bool>::new());
    }

    #[test]
    fn a_lucky_sentence_among_foreign_ones_does_not_turn_back_to_the_question() {
        assert_eq!(likeliest_course(&[-1.5, -1.5, 4.0, -1.5, -1.5]), [false; 5]);
        let answer_in_the_middle = [-1.5, -1.5, -1.5, -1.5, 4.0, 4.0, 4.0, -1.5, -1.5, -1.5, -1.5];
        assert_eq!(likeliest_course(&answer_in_the_middle)[4..7], [true; 3]);
        assert_eq!(likeliest_course(&answer_in_the_middle)[..4], [false; 4]);
    }
}
