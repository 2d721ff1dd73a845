//! Topic: whether the answer is about the question at all.

use super::reading::Reading;
use crate::prepared::Prepared;
use crate::signals::AnswerSignals;
use std::collections::HashMap;

/// Fills in the signals about the topic.
pub(crate) fn measure(prepared: &Prepared, reading: &Reading<'_>, signals: &mut AnswerSignals) {
    let whole = &reading.whole;
    let total = whole.total.max(1e-9);
    let said = whole.terms.iter().zip(&reading.on_topic).map(|(term, said)| term.weight * said);
    let true_stems = &prepared.truth.passage.stems;
    let in_rubric = whole.terms.iter().filter(|term| true_stems.contains(term.stem));
    signals.precision = said.sum::<f64>() / total;
    signals.lexical_precision = in_rubric.map(|term| term.weight).sum::<f64>() / total;
    signals.sentence_relevance = sentence_relevance(prepared, reading);
    signals.own_words = whole.terms.len() as f64;
    signals.mass = mass(prepared, reading);
}

/// The mean over the sentences of how much of each the nearest point or sentence of the reference
/// says.
fn sentence_relevance(prepared: &Prepared, reading: &Reading<'_>) -> f64 {
    let sentences = reading.sentences();
    let nearest = sentences.iter().map(|sentence| {
        sentence.precision[..prepared.references.end].iter().copied().fold(0.0, f64::max)
    });
    nearest.sum::<f64>() / sentences.len().max(1) as f64
}

/// The logarithm of the answer's distinct vocabulary on the topic, relative to the rubric's. The
/// cap keeps an answer from earning points by size alone.
fn mass(prepared: &Prepared, reading: &Reading<'_>) -> f64 {
    let mut heaviest: HashMap<_, f64> = HashMap::new();
    for (term, said) in reading.whole.terms.iter().zip(&reading.on_topic) {
        let weight = heaviest.entry(term.stem).or_default();
        *weight = weight.max(term.weight * said);
    }
    // Summed in the order of the stems: a hash map's own order changes from run to run.
    let sum: f64 = reading.whole.stems.iter().filter_map(|stem| heaviest.get(&stem)).sum();
    ((1.0 + sum) / (1.0 + prepared.mass)).ln().min(-1.1)
}
