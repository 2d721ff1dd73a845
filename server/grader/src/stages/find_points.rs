//! Stage 2: which points the answer makes and by which words, and which it contradicts.

use super::{
    Coefficients,
    coefficients::Fit,
    probability::{highest, probability},
    quotes::{self, Passage, Shown},
    word_for_word,
};
use crate::{
    answer::Answer,
    assessment::{PointGrade, PointState},
    judge::PointJudgement,
    prepare::{PointWords, Prepared, PreparedPoint},
    text::words::Words,
};

/// Grades every point. The likeliest comes first, so that a sentence that would show a third point
/// shows the two likeliest.
pub(super) fn find_points(
    prepared: &Prepared,
    answer: &Answer,
    seen: &[PointJudgement],
) -> Vec<PointGrade> {
    let mut order: Vec<usize> = (0..seen.len()).collect();
    order.sort_by(|a, b| seen[*b].made.total_cmp(&seen[*a].made).then(a.cmp(b)));
    let fit = Coefficients::fit(prepared.is_known);
    let mut shown = Shown::nothing(answer);
    let find = |at: &usize| {
        let point = find(fit, &prepared.points[*at], answer, &seen[*at], &shown);
        point.by.iter().for_each(|by| shown.add(by));
        (*at, point)
    };
    let mut found: Vec<_> = order.iter().map(find).collect();
    found.sort_by_key(|(at, _)| *at);
    let found: Vec<FoundPoint> = found.into_iter().map(|(_, point)| point).collect();
    let quotes = quotes::choose(prepared, answer, seen, &found, &order);
    let original = |passage: Option<Passage>| passage.and_then(|at| answer.original(&at));
    let grade = |(point, quote): (FoundPoint, _)| PointGrade {
        p: point.p,
        state: point.state,
        evidence: original(quote),
        contradicted: original(point.against.map(|at| at..at + 1)),
    };
    found.into_iter().zip(quotes).map(grade).collect()
}

/// The probability that an answer makes a point, ignoring all other points.
pub(super) fn find_alone(
    fit: &Fit,
    point: &PreparedPoint,
    answer: &Answer,
    seen: &PointJudgement,
) -> f64 {
    find(fit, point, answer, seen, &Shown::nothing(answer)).p
}

/// What was found for a point, as sentence indexes.
pub(super) struct FoundPoint {
    p: f64,
    state: PointState,
    /// The sentence that the judge takes for it, or those that state it; `None` if the point is missed.
    pub(super) by: Option<Passage>,
    /// The sentence that contradicts it.
    against: Option<usize>,
    /// Whether it is stated word for word.
    pub(super) is_word_for_word: bool,
}

fn find(
    fit: &Fit,
    point: &PreparedPoint,
    answer: &Answer,
    seen: &PointJudgement,
    shown: &Shown,
) -> FoundPoint {
    let missed = FoundPoint {
        p: 0.0,
        state: PointState::Missed,
        by: None,
        against: None,
        is_word_for_word: false,
    };
    if let Some(by) = word_for_word::passage(answer, |said| point.phrasings.contains(said)) {
        return FoundPoint {
            p: probability(word_for_word::LOG_ODDS),
            state: PointState::Covered,
            by: Some(by),
            is_word_for_word: true,
            ..missed
        };
    }
    let free = |at: &usize| answer.sentences[*at].has_content && shown.is_free(*at);
    let best = (0..answer.sentences.len())
        .filter(free)
        .max_by(|a, b| seen.by[*a].total_cmp(&seen.by[*b]).then(b.cmp(a)));
    let against = highest(&seen.against);
    let (Some(best), Some((worst, against))) = (best, against) else { return missed };
    let of = &Coefficients::builtin().point;
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
            + of.news * words.news
            + of.near * words.near
            + of.near_made * words.near * f64::from(seen.made)
            + of.near_against * words.near * against,
    );
    let state = state(p, fit);
    if state == PointState::Missed {
        let denied = contradiction(seen, against) >= Coefficients::builtin().contradicted_from;
        return FoundPoint { p, against: denied.then_some(worst), ..missed };
    }
    FoundPoint { p, state, by: Some(best..best + 1), ..missed }
}

/// The shares of a point's words that an answer has, 0 to 1.
struct Shared {
    /// Of the point's own words, in one sentence.
    point: f64,
    /// Of the point's or a phrasing's words, in one sentence.
    way: f64,
    /// Of the words of all its phrasings together, in one sentence.
    union: f64,
    /// Of the words that are not in the question, in the whole answer.
    news: f64,
    /// How close a sentence comes to one phrasing: each has a share of the other's words, and this
    /// is the smaller one. Where a sentence is nearly the point, the few words that differ decide.
    near: f64,
}

impl Shared {
    fn new(point: &PreparedPoint, answer: &Answer) -> Self {
        let most = |words: &Words| {
            let shares = answer.sentences.iter().map(|sentence| words.shared(&sentence.telling));
            shares.fold(0.0, f64::max)
        };
        let near = |words: &Words, said: &Words| words.shared(said).min(said.shared(words));
        let nearest = |words: &Words| {
            let shares = answer.sentences.iter().map(|sentence| near(words, &sentence.telling));
            shares.fold(0.0, f64::max)
        };
        let PointWords { ways, union, news } = &point.words;
        Self {
            near: ways.iter().map(nearest).fold(0.0, f64::max),
            point: ways.first().map_or(0.0, most),
            way: ways.iter().map(most).fold(0.0, f64::max),
            union: most(union),
            news: news.shared(&answer.telling),
        }
    }
}

fn state(p: f64, fit: &Fit) -> PointState {
    if p >= fit.covered_from {
        PointState::Covered
    } else if p >= fit.partial_from {
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
