//! Which words of the answer to quote for each point that it makes.
//!
//! The judge tells well whether an answer makes a point, but hardly by which sentence. The words that
//! a sentence shares with the point tell that better.

use super::find_points::FoundPoint;
use crate::{
    answer::Answer,
    judge::{NOTHING, PointJudgement},
    prepare::{Prepared, PreparedPoint},
};
use std::ops::Range;

/// A run of neighbouring sentences.
pub(super) type Passage = Range<usize>;

/// The most points that one sentence can show.
const MOST_POINTS_SHOWN: usize = 2;

/// How many points each sentence shows so far.
pub(super) struct Shown(Vec<usize>);

impl Shown {
    /// No point is shown yet.
    pub(super) fn nothing(answer: &Answer) -> Self {
        Self(vec![0; answer.sentences.len()])
    }

    /// Whether a sentence may show one more point.
    pub(super) fn is_free(&self, at: usize) -> bool {
        self.0[at] < MOST_POINTS_SHOWN
    }

    /// Counts a point that these sentences show.
    pub(super) fn add(&mut self, passage: &Passage) {
        for shown in &mut self.0[passage.clone()] {
            *shown += 1;
        }
    }
}

/// The sentences to quote for each point, in the order of the points. `order` says which point
/// chooses first.
pub(super) fn choose(
    prepared: &Prepared,
    answer: &Answer,
    seen: &[PointJudgement],
    found: &[FoundPoint],
    order: &[usize],
) -> Vec<Option<Passage>> {
    let mut shown = Shown::nothing(answer);
    let mut chosen = vec![None; found.len()];
    for at in order {
        let point = &prepared.points[*at];
        let best = || best(point, answer, &seen[*at], &shown).map(|best| best..best + 1);
        chosen[*at] = match &found[*at] {
            FoundPoint { by: Some(by), is_word_for_word: true, .. } => Some(by.clone()),
            FoundPoint { by: Some(by), .. } => best().or_else(|| Some(by.clone())),
            _ => None,
        };
        chosen[*at].iter().for_each(|passage| shown.add(passage));
    }
    for at in order.iter().filter(|at| !found[**at].is_word_for_word) {
        if let Some(passage) = &mut chosen[*at] {
            widen(passage, &prepared.points[*at], answer, &seen[*at], &mut shown);
        }
    }
    chosen
}

/// The sentence with most of the point's words. One that the judge takes for false comes last: a
/// sentence that denies a point shares most words with it.
fn best(
    point: &PreparedPoint,
    answer: &Answer,
    seen: &PointJudgement,
    shown: &Shown,
) -> Option<usize> {
    let can_show = |at: &usize| {
        answer.sentences[*at].has_content && shown.is_free(*at) && seen.by[*at] > NOTHING
    };
    let words = &point.words;
    let rank = |at: usize| {
        let said = &answer.sentences[at].telling;
        let way = words.ways.iter().map(|way| way.shared(said)).fold(0.0, f64::max);
        (seen.against[at] <= 0.0, words.news.shared(said) + way, seen.by[at])
    };
    (0..answer.sentences.len()).filter(can_show).max_by(|a, b| {
        let (one, other) = (rank(*a), rank(*b));
        let truth = one.0.cmp(&other.0);
        truth.then(one.1.total_cmp(&other.1)).then(one.2.total_cmp(&other.2)).then(b.cmp(a))
    })
}

/// Adds those neighbours that more likely than not make the point too, have some of its words, and
/// do not already show as many points as a sentence may.
fn widen(
    passage: &mut Passage,
    point: &PreparedPoint,
    answer: &Answer,
    seen: &PointJudgement,
    shown: &mut Shown,
) {
    let mut joins = |at: usize| {
        let joins = seen.by.get(at).is_some_and(|by| *by > 0.0)
            && seen.against[at] <= 0.0
            && point.words.union.shared(&answer.sentences[at].telling) > 0.0
            && shown.is_free(at);
        if joins {
            shown.add(&(at..at + 1));
        }
        joins
    };
    if passage.start > 0 && joins(passage.start - 1) {
        passage.start -= 1;
    }
    if joins(passage.end) {
        passage.end += 1;
    }
}
