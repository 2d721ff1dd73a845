//! Denial: whether an answer affirms what it says.

use crate::marking::{Reading, Unit, is_near_copy};
use crate::passage::Passage;
use crate::prepared::Prepared;

/// Content words that deny the statement they are put before or behind.
const DENIALS: [&str; 16] = [
    "deny", "denies", "disagree", "doubt", "false", "hardly", "incorrect", "lie", "mistaken", "myth",
    "nobody", "nonsense", "refute", "seldom", "untrue", "wrong",
];

/// 1 where everything is affirmed, down to 0.1 where everything that repeats a true statement denies it.
///
/// Only near copies of a point, a phrasing or a sentence of the reference are looked at: elsewhere a
/// denial is as often right as wrong.
pub(super) fn factor(prepared: &Prepared, reading: &Reading<'_>) -> f64 {
    let statements = &prepared.statements[..prepared.references.end];
    let (mut said, mut denied) = (0.0, 0.0);
    for sentence in reading.sentences() {
        let nearest = sentence.agreement[..prepared.references.end].iter().zip(statements);
        let nearest = nearest.max_by(|(a, _), (b, _)| a.total_cmp(b));
        let Some((agreement, statement)) = nearest else { continue };
        let weight = sentence.passage.total * agreement;
        said += weight;
        if is_near_copy(&statement.stems, &sentence.passage.stems)
            && statement.denies != denies(reading, sentence)
        {
            denied += weight;
        }
    }
    if said > 0.0 { 1.0 - 0.9 * denied / said } else { 1.0 }
}
