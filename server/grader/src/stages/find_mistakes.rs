//! Stage 3: which mistakes of the rubric the answer makes, and by which words.

use super::{
    Coefficients,
    probability::{highest, probability},
    word_for_word,
};
use crate::{
    answer::Answer,
    assessment::MistakeGrade,
    judge::{Judge, PieceId, PointJudgement},
    prepare::{Prepared, plain},
};

/// Grades every mistake of the rubric.
pub(super) fn find_mistakes(
    prepared: &Prepared,
    answer: &Answer,
    seen: &[PointJudgement],
) -> Vec<MistakeGrade> {
    prepared.claims.iter().zip(seen).map(|(claim, seen)| find(claim, answer, seen)).collect()
}

fn find(claim: &[PieceId], answer: &Answer, seen: &PointJudgement) -> MistakeGrade {
    let coefficients = Coefficients::builtin();
    let claim = plain(claim.to_vec(), Judge::builtin());
    if let Some(by) = word_for_word::passage(answer, |said| said == claim) {
        let p = probability(word_for_word::LOG_ODDS);
        return MistakeGrade { p, evidence: answer.original(&by) };
    }
    let best = highest(&seen.by);
    let p = probability(best.map_or(f64::NEG_INFINITY, |(_, by)| f64::from(seen.made).min(by)));
    let made = p >= coefficients.mistake_from;
    let evidence = best.filter(|_| made).and_then(|(at, _)| answer.original(&(at..at + 1)));
    MistakeGrade { p, evidence }
}
