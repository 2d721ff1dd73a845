//! Turns what the judge says into what a person reads: points with their evidence, mistakes,
//! scores.

mod coefficients;
mod points;
mod scores;

pub(crate) use coefficients::Coefficients;

use crate::{
    answer::Answer,
    assessment::{Assessment, MistakeGrade, PointGrade},
    judge::{Judge, Judgement, PieceId, PointJudgement},
    prepared::{Prepared, plain},
    refusal,
    style::Style,
};
use std::{collections::HashSet, ops::Range};

/// The log-odds of a point or a mistake that the answer states word for word.
const WORD_FOR_WORD: f64 = 6.0;

/// Assesses an answer against a prepared rubric.
pub(crate) fn assess(prepared: &Prepared, answer: &Answer) -> Assessment {
    let judgement = read(prepared, answer);
    let (of_points, of_claims) = judgement.points.split_at(prepared.points.len());
    let points = points::grade(prepared, answer, of_points);
    let mistakes: Vec<_> = prepared
        .claims
        .iter()
        .zip(of_claims)
        .map(|(claim, seen)| mistake(claim, answer, seen))
        .collect();
    let style = Style::of(answer);
    let found = Found { points: &points, mistakes: &mistakes };
    let marks = scores::mark(prepared, answer, &found, &judgement, &style);
    let refusal = refusal::refusal(prepared, answer, &points, &judgement);
    Assessment {
        is_about_the_question: judgement.about > 0.0,
        refusal,
        overall: marks.dimensions.mean() / 10.0,
        range: marks.range,
        needs_review: marks.needs_review,
        mistakes,
        points,
        dimensions: marks.dimensions,
        style,
    }
}

/// The probability that a passage, read on its own, makes a point.
pub(crate) fn shows(prepared: &Prepared, point: usize, passage: &Answer) -> f64 {
    let Some(point) = prepared.points.get(point) else { return 0.0 };
    let sentences: Vec<_> = passage.sentences.iter().map(|s| s.pieces.clone()).collect();
    let seen =
        Judge::builtin().read(&prepared.question, std::slice::from_ref(&point.pieces), &sentences);
    let fit = Coefficients::fit(prepared.is_known);
    seen.points.first().map_or(0.0, |seen| points::grade_alone(fit, point, passage, seen))
}

/// A sentence with fewer pieces may occur in the question by chance.
const LEAST_COPIED: usize = 6;

/// Reads the answer together with the points, followed by the false claims. Repeated sentences are
/// skipped, so that repetition changes nothing, and so are sentences copied from the question.
fn read(prepared: &Prepared, answer: &Answer) -> Judgement {
    let points = prepared.points.iter().map(|point| point.pieces.clone());
    let all: Vec<_> = points.chain(prepared.claims.iter().cloned()).collect();
    let mut seen = HashSet::new();
    let mut is_new = |at: &usize| {
        let said = &answer.sentences[*at].pieces;
        !is_copied(said, &prepared.question) && seen.insert(said)
    };
    let new: Vec<usize> = (0..answer.sentences.len()).filter(|at| is_new(at)).collect();
    let sentences: Vec<_> = new.iter().map(|at| answer.sentences[*at].pieces.clone()).collect();
    let judgement = Judge::builtin().read(&prepared.question, &all, &sentences);
    judgement.spread(&new, answer.sentences.len())
}

fn is_copied(said: &[PieceId], question: &[PieceId]) -> bool {
    said.len() >= LEAST_COPIED && question.windows(said.len()).any(|part| part == said)
}

/// What an answer was found to say.
struct Found<'a> {
    points: &'a [PointGrade],
    mistakes: &'a [MistakeGrade],
}

fn mistake(claim: &[PieceId], answer: &Answer, seen: &PointJudgement) -> MistakeGrade {
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

/// The index of the highest logit, and its value.
fn highest(logits: &[f32]) -> Option<(usize, f64)> {
    let best = logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
    best.map(|(at, logit)| (at, f64::from(*logit)))
}

/// The probability for these log-odds.
pub(crate) fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + exp(-log_odds.clamp(-40.0, 40.0)))
}

/// e to the power of x, using only multiplication and addition, so that every system gets the same
/// result.
#[expect(clippy::cast_possible_truncation, reason = "it is a whole number of two digits")]
fn exp(x: f64) -> f64 {
    let whole = (x * std::f64::consts::LOG2_E).floor();
    let rest = x - whole * std::f64::consts::LN_2;
    let mut sum = 1.0;
    for n in (1..=18).rev() {
        sum = 1.0 + sum * rest / f64::from(n);
    }
    sum * 2.0_f64.powi(whole as i32)
}

/// A run of neighbouring sentences.
type Passage = Range<usize>;
