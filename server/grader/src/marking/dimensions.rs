//! The four dimensions.
//!
//! Their weights are set by hand: no data here has marks by people for them. Communication rests on
//! form alone, and is held down where the answer is beside the point.

use super::reading::Reading;
use super::style::specifics;
use crate::grade::{Communication, Completeness, Correctness, Dimension, Dimensions, Quality};
use crate::scale::rise;
use crate::signals::AnswerSignals;

/// Marks the four dimensions of an answer with this overall mark.
pub(crate) fn mark(reading: &Reading<'_>, signals: &AnswerSignals, overall: f64) -> Dimensions {
    let reasoning = density(reading.answer.reason_words, reading, 25.0);
    let correctness = correctness(signals, overall);
    Dimensions {
        correctness,
        completeness: completeness(signals),
        quality: quality(reading, signals, reasoning, correctness.basis.overall, correctness.value),
        communication: communication(reading, signals, reasoning),
    }
}

fn correctness(signals: &AnswerSignals, overall: f64) -> Dimension<Correctness> {
    let prose = 1.0 - signals.list;
    let wrong = signals.mistake_p.max(signals.contradicted);
    let says_a_point = rise(signals.best, (0.0, 0.6)) * (1.0 - wrong) * prose;
    let value = 10.0 * signals.relevance * (0.6 * overall + 0.4 * says_a_point);
    let basis = Correctness {
        overall,
        best_point: signals.best,
        mistake: signals.mistake_p,
        contradicted: signals.contradicted,
    };
    Dimension::new(value, basis)
}

fn completeness(signals: &AnswerSignals) -> Dimension<Completeness> {
    let prose = 1.0 - signals.list;
    let value = 10.0 * signals.coverage * signals.relevance * (0.4 + 0.6 * prose);
    let basis = Completeness { coverage: signals.coverage, relevance: signals.relevance };
    Dimension::new(value, basis)
}

/// Specifics and reasons count only as far as the answer is right, and lift it at most two marks
/// above its correctness.
fn quality(
    reading: &Reading<'_>,
    signals: &AnswerSignals,
    reasoning: f64,
    overall: f64,
    correctness: f64,
) -> Dimension<Quality> {
    let specifics = ((specifics(&reading.answer.folded.text) as f64).ln_1p() / 2.4).min(1.0);
    let extras = (0.2 * specifics + 0.15 * reasoning) * (2.0 * overall).min(1.0);
    let value = 10.0 * signals.relevance * (0.65 * overall + extras);
    Dimension::new(value.min(correctness + 2.0), Quality { overall, specifics, reasoning })
}

fn communication(
    reading: &Reading<'_>,
    signals: &AnswerSignals,
    reasoning: f64,
) -> Dimension<Communication> {
    let words = reading.answer.tokens.len();
    let sentence_words = words.max(1) as f64 / reading.all_sentences.len().max(1) as f64;
    let too_long = (sentence_words - 24.0).max(0.0) / 24.0;
    let too_short = (5.0 - sentence_words).max(0.0) / 5.0;
    let flow = (1.0 - too_long - too_short).clamp(0.0, 1.0);
    let filler = density(reading.answer.fillers, reading, 12.0);
    let length = (words.max(1) as f64 / 40.0).min(1.0);
    let prose = 1.0 - signals.list;
    let form = 0.35 * flow + 0.3 * length + 0.2 * (1.0 - filler) + 0.15 * reasoning;
    let value = if words == 0 { 0.0 } else { 10.0 * prose * form };
    let value = if signals.relevance < 0.5 { value.min(3.0) } else { value };
    let basis = Communication { sentence_words, prose, length, filler, reasoning };
    Dimension::new(value, basis)
}

/// The share of some words among all of them, times `scale` and at most 1.
fn density(count: usize, reading: &Reading<'_>, scale: f64) -> f64 {
    (scale * count as f64 / reading.answer.tokens.len().max(1) as f64).min(1.0)
}
