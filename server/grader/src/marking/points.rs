//! Which points an answer makes, and which it contradicts.

use super::{Coefficients, Passage, probability};
use crate::{
    answer::Answer,
    assessment::{PointGrade, PointState},
    judge::{Judge, PointJudgement},
    prepared::{PointWords, Prepared, PreparedPoint, plain},
    text::words::Words,
};

/// Points that one sentence shows, at most.
const MOST_POINTS_SHOWN: usize = 2;

/// Sentences on either side of the best one that may belong to the evidence.
const NEIGHBOURS: usize = 1;

/// The log-odds of a point that is said word for word.
const WORD_FOR_WORD: f64 = 6.0;

/// Grades every point. The likeliest is looked at first, so that a sentence that would show a third
/// one shows the two likeliest.
pub(super) fn grade(
    prepared: &Prepared,
    answer: &Answer,
    seen: &[PointJudgement],
) -> Vec<PointGrade> {
    let mut shown = vec![0; answer.sentences.len()];
    let mut order: Vec<usize> = (0..seen.len()).collect();
    order.sort_by(|a, b| seen[*b].made.total_cmp(&seen[*a].made).then(a.cmp(b)));
    let mut grades: Vec<Option<PointGrade>> = vec![None; seen.len()];
    for at in order {
        grades[at] = Some(grade_point(&prepared.points[at], answer, &seen[at], &mut shown));
    }
    grades.into_iter().flatten().collect()
}

/// The probability that an answer makes a point, no other being looked at.
pub(super) fn grade_alone(point: &PreparedPoint, answer: &Answer, seen: &PointJudgement) -> f64 {
    grade_point(point, answer, seen, &mut vec![0; answer.sentences.len()]).p
}

fn grade_point(
    point: &PreparedPoint,
    answer: &Answer,
    seen: &PointJudgement,
    shown: &mut [usize],
) -> PointGrade {
    let coefficients = Coefficients::builtin();
    let missed = |p| PointGrade { p, state: PointState::Missed, evidence: None, contradicted: None };
    if let Some(at) = word_for_word(point, answer, shown) {
        shown[at] += 1;
        let evidence = answer.original(&(at..at + 1));
        let p = probability(WORD_FOR_WORD);
        return PointGrade { p, state: PointState::Covered, evidence, contradicted: None };
    }
    let free = |at: &usize| answer.sentences[*at].has_content && shown[*at] < MOST_POINTS_SHOWN;
    let best = (0..answer.sentences.len())
        .filter(free)
        .max_by(|a, b| seen.by[*a].total_cmp(&seen.by[*b]).then(b.cmp(a)));
    let against = super::highest(&seen.against);
    let (Some(best), Some((worst, against))) = (best, against) else { return missed(0.0) };
    let of = &coefficients.point;
    let words = Shared::new(point, answer);
    let p = probability(
        of.bias
            + of.made * f64::from(seen.made)
            + of.by * f64::from(seen.by[best])
            + of.contradicted * f64::from(seen.contradicted)
            + of.against * against
            + of.point_words * words.point
            + of.way_words * words.way
            + of.union_words * words.union
            + of.news * words.news,
    );
    let state = state(p);
    if state == PointState::Missed {
        let denied = contradiction(seen, against) >= coefficients.contradicted_from;
        let quote = answer.original(&(worst..worst + 1)).filter(|_| denied);
        return PointGrade { contradicted: quote, ..missed(p) };
    }
    let passage = passage(seen, best);
    shown[best] += 1;
    PointGrade { p, state, evidence: answer.original(&passage), contradicted: None }
}

/// The shares of a point's words that an answer has, 0 to 1.
struct Shared {
    /// Of the point's own, in one sentence.
    point: f64,
    /// Of the point's or a phrasing's, in one sentence.
    way: f64,
    /// Of all ways to say it together, in one sentence.
    union: f64,
    /// Of those that the question does not have, in the whole answer.
    news: f64,
}

impl Shared {
    fn new(point: &PreparedPoint, answer: &Answer) -> Self {
        let most = |words: &Words| {
            let shares = answer.sentences.iter().map(|sentence| words.shared(&sentence.telling));
            shares.fold(0.0, f64::max)
        };
        let PointWords { ways, union, news } = &point.words;
        Self {
            point: ways.first().map_or(0.0, most),
            way: ways.iter().map(most).fold(0.0, f64::max),
            union: most(union),
            news: news.shared(&answer.telling),
        }
    }
}

fn state(p: f64) -> PointState {
    let coefficients = Coefficients::builtin();
    if p >= coefficients.covered_from {
        PointState::Covered
    } else if p >= coefficients.partial_from {
        PointState::Partial
    } else {
        PointState::Missed
    }
}

/// The probability that a point is contradicted.
fn contradiction(seen: &PointJudgement, against: f64) -> f64 {
    let of = &Coefficients::builtin().contradiction;
    probability(of.bias + of.contradicted * f64::from(seen.contradicted) + of.against * against)
}

/// The sentence that says the point, or one of its phrasings, word for word.
fn word_for_word(point: &PreparedPoint, answer: &Answer, shown: &[usize]) -> Option<usize> {
    let judge = Judge::builtin();
    let says = |pieces: &[_]| point.phrasings.contains(&plain(pieces.to_vec(), judge));
    (0..answer.sentences.len())
        .find(|at| shown[*at] < MOST_POINTS_SHOWN && says(&answer.sentences[*at].pieces))
}

/// The sentence and those of its neighbours that are likelier than not to make the point as well.
fn passage(seen: &PointJudgement, best: usize) -> Passage {
    let makes = |at: usize| seen.by.get(at).is_some_and(|by| *by > 0.0);
    let before = (1..=NEIGHBOURS).take_while(|n| best >= *n && makes(best - n)).count();
    let after = (1..=NEIGHBOURS).take_while(|n| makes(best + n)).count();
    best - before..best + after + 1
}
