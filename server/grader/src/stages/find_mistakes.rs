//! Stage 3: which mistakes of the rubric the answer makes, and by which words.
//!
//! The judge hardly tells a mistake that an answer makes from one on a subject it mentions. What it
//! takes for false, and the words that a sentence shares with the mistake, help.

use super::{Coefficients, probability::probability, word_for_word};
use crate::{
    answer::Answer,
    assessment::{MistakeGrade, PointGrade, PointState},
    judge::{Judgement, NOTHING, PointJudgement},
    prepare::{Prepared, PreparedClaim},
};

/// Grades every mistake of the rubric. The mistakes are read after the points. A sentence that is
/// quoted for a point that is made is not reported as a mistake, too, unless it is word for word.
pub(super) fn find_mistakes(
    prepared: &Prepared,
    answer: &Answer,
    judgement: &Judgement,
    points: &[PointGrade],
) -> Vec<MistakeGrade> {
    let seen = judgement.points.iter().skip(prepared.points.len());
    let is_open: Vec<bool> = (0..answer.sentences.len())
        .map(|at| answer.sentences[at].has_content && !is_quoted(points, answer, at))
        .collect();
    let find = |(claim, seen)| find(claim, answer, seen, &judgement.falsehood, &is_open);
    prepared.claims.iter().zip(seen).map(find).collect()
}

fn is_quoted(points: &[PointGrade], answer: &Answer, at: usize) -> bool {
    let made = points.iter().filter(|point| point.state == PointState::Covered);
    let mut quotes = made.filter_map(|point| point.evidence.as_ref());
    let said = answer.original(&(at..at + 1));
    said.is_some_and(|said| quotes.any(|quote| quote.start <= said.start && said.end <= quote.end))
}

fn find(
    claim: &PreparedClaim,
    answer: &Answer,
    seen: &PointJudgement,
    falsehood: &[f32],
    is_open: &[bool],
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
    let can_make_it = |at: &usize| seen.by[*at] > NOTHING && is_open[*at];
    let all = (0..answer.sentences.len()).filter(can_make_it).map(|at| (at, log_odds(at)));
    let Some((best, log_odds)) = all.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))) else {
        return MistakeGrade { p: 0.0, evidence: None };
    };
    let p = probability(log_odds);
    let evidence = if p >= of.from { answer.original(&(best..best + 1)) } else { None };
    MistakeGrade { p, evidence }
}
