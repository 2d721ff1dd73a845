//! Stage 3: which mistakes of the rubric the answer makes, and by which words.
//!
//! The judge hardly tells a mistake that an answer makes from one on a subject it mentions. What it
//! takes for false, and the words that a sentence shares with the mistake, help.

use super::{Coefficients, probability::probability, word_for_word};
use crate::{
    answer::Answer,
    assessment::MistakeGrade,
    judge::{Judgement, NOTHING, PointJudgement},
    prepare::{Prepared, PreparedClaim},
};

/// Grades every mistake of the rubric. The mistakes are read after the points.
pub(super) fn find_mistakes(
    prepared: &Prepared,
    answer: &Answer,
    judgement: &Judgement,
) -> Vec<MistakeGrade> {
    let seen = judgement.points.iter().skip(prepared.points.len());
    let falsehood = &judgement.falsehood;
    let find = |(claim, seen)| find(claim, answer, seen, falsehood);
    prepared.claims.iter().zip(seen).map(find).collect()
}

fn find(
    claim: &PreparedClaim,
    answer: &Answer,
    seen: &PointJudgement,
    falsehood: &[f32],
) -> MistakeGrade {
    if let Some(by) = word_for_word::passage(answer, |said| said == claim.plain) {
        let p = probability(word_for_word::LOG_ODDS);
        return MistakeGrade { p, evidence: answer.original(&by) };
    }
    let of = &Coefficients::builtin().mistake;
    let log_odds = |at: usize| {
        let said = &answer.sentences[at].telling;
        of.bias
            + of.by * f64::from(seen.by[at])
            + of.falsehood * f64::from(falsehood[at])
            + of.made * f64::from(seen.made)
            + of.claim_words * claim.words.shared(said)
            + of.said_words * said.shared(&claim.words)
    };
    let was_read = |at: &usize| seen.by[*at] > NOTHING && answer.sentences[*at].has_content;
    let all = (0..answer.sentences.len()).filter(was_read).map(|at| (at, log_odds(at)));
    let Some((best, log_odds)) = all.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))) else {
        return MistakeGrade { p: 0.0, evidence: None };
    };
    let p = probability(log_odds);
    let evidence = if p >= of.from { answer.original(&(best..best + 1)) } else { None };
    MistakeGrade { p, evidence }
}
