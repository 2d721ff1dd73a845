//! Stage 3: which mistakes of the rubric the answer makes, and by which words.

use super::{
    Coefficients, WORD_FOR_WORD,
    probability::{highest, probability},
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
    let judge = Judge::builtin();
    let claim = plain(claim.to_vec(), judge);
    let says = |at: &usize| plain(answer.sentences[*at].pieces.clone(), judge) == claim;
    if let Some(at) = (0..answer.sentences.len()).find(says) {
        let evidence = answer.original(&(at..at + 1));
        return MistakeGrade { p: probability(WORD_FOR_WORD), evidence };
    }
    let best = highest(&seen.by);
    let p = probability(best.map_or(f64::NEG_INFINITY, |(_, by)| f64::from(seen.made).min(by)));
    let made = p >= coefficients.mistake_from;
    let evidence = best.filter(|_| made).and_then(|(at, _)| answer.original(&(at..at + 1)));
    MistakeGrade { p, evidence }
}
