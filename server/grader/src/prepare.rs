//! Prepares rubrics: does once what depends only on the question.

use crate::{
    judge::{Judge, PieceId},
    rubric::{KeyPoint, Rubric},
    text::{fold::fold, sentences::sentences, words::Words},
    topic::Topic,
};
use std::{collections::HashSet, sync::Arc};

/// The most sentences of a reference used in place of points when a rubric has none.
const MOST_SENTENCES: usize = 8;

/// A rubric prepared for grading; keep it for as long as the question is in use.
#[derive(Debug)]
pub struct Prepared {
    pub(crate) question: Vec<PieceId>,
    /// The words of the question, used to recognise a copy of it.
    pub(crate) question_words: HashSet<String>,
    pub(crate) points: Vec<PreparedPoint>,
    /// Whether the judge was trained on all of the points.
    pub(crate) is_known: bool,
    /// The false claims that people commonly make.
    pub(crate) claims: Vec<PreparedClaim>,
    /// The topic that the question is from, and its number there.
    pub(crate) topic: Option<(Arc<Topic>, usize)>,
}

/// A key point of a prepared rubric.
#[derive(Debug)]
pub struct PreparedPoint {
    /// The point as it is in the rubric, or a sentence of the reference.
    pub text: String,
    /// How much it counts; never negative, and never 0 for all points of a rubric.
    pub weight: f64,
    pub(crate) pieces: Vec<PieceId>,
    pub(crate) words: PointWords,
    /// The point and its phrasings: an answer that states one of them word for word makes the
    /// point.
    pub(crate) phrasings: HashSet<Vec<PieceId>>,
}

/// A false claim of a prepared rubric.
#[derive(Debug)]
pub(crate) struct PreparedClaim {
    pub(crate) pieces: Vec<PieceId>,
    /// Without trailing punctuation: an answer that states it word for word makes the mistake.
    pub(crate) plain: Vec<PieceId>,
    pub(crate) words: Words,
}

impl PreparedClaim {
    fn new(claim: &str) -> Self {
        let (judge, claim) = (Judge::builtin(), fold(claim));
        let pieces = judge.pieces(&claim);
        Self { plain: plain(pieces.clone(), judge), pieces, words: judge.words(&claim) }
    }
}

/// The informative words of a point.
#[derive(Debug)]
pub(crate) struct PointWords {
    /// Of the point, and of each of its phrasings.
    pub(crate) ways: Vec<Words>,
    /// Of all of them together.
    pub(crate) union: Words,
    /// Of all of them together, without the question's words.
    pub(crate) news: Words,
}

impl PointWords {
    fn new(point: &KeyPoint, question: &Words) -> Self {
        let judge = Judge::builtin();
        let ways: Vec<String> =
            [&point.point].into_iter().chain(&point.phrasings).map(|text| fold(text)).collect();
        let union = judge.words(&ways.join(" "));
        Self {
            news: union.without(question),
            union,
            ways: ways.iter().map(|text| judge.words(text)).collect(),
        }
    }
}

impl Prepared {
    /// The points that answers are graded against.
    pub fn points(&self) -> &[PreparedPoint] {
        &self.points
    }

    pub(crate) fn new(rubric: &Rubric) -> Self {
        let judge = Judge::builtin();
        let question = fold(&rubric.question);
        let question_telling = judge.words(&question);
        let points = key_points(rubric);
        let weights = weights(&points);
        let point = |(point, weight): (KeyPoint, f64)| {
            let pieces = judge.pieces(&fold(&point.point));
            let said = |text: &String| plain(judge.pieces(&fold(text)), judge);
            let phrasings = point.phrasings.iter().map(said).chain([plain(pieces.clone(), judge)]);
            PreparedPoint {
                phrasings: phrasings.filter(|phrasing| !phrasing.is_empty()).collect(),
                words: PointWords::new(&point, &question_telling),
                text: point.point,
                weight,
                pieces,
            }
        };
        Self {
            is_known: points.iter().all(|point| judge.knows(&point.point)),
            question: judge.pieces(&question),
            question_words: crate::answer::words(&question).map(str::to_lowercase).collect(),
            points: points.into_iter().zip(weights).map(point).collect(),
            claims: rubric.mistakes.iter().map(|made| PreparedClaim::new(&made.claim)).collect(),
            topic: None,
        }
    }
}

/// The pieces without trailing punctuation.
pub(crate) fn plain(mut pieces: Vec<PieceId>, judge: &Judge) -> Vec<PieceId> {
    while pieces.last().is_some_and(|piece| judge.is_mark(*piece)) {
        pieces.pop();
    }
    pieces
}

fn key_points(rubric: &Rubric) -> Vec<KeyPoint> {
    if !rubric.key_points.is_empty() {
        return rubric.key_points.clone();
    }
    let reference = fold(&rubric.reference);
    let from_sentence = |range| KeyPoint {
        point: String::from(&reference[range]),
        weight: 1.0,
        phrasings: Vec::new(),
    };
    sentences(&reference).into_iter().take(MOST_SENTENCES).map(from_sentence).collect()
}

/// The points' weights; all equal if none is positive.
fn weights(key_points: &[KeyPoint]) -> Vec<f64> {
    let weights: Vec<_> = key_points.iter().map(|point| point.weight.max(0.0)).collect();
    if weights.iter().sum::<f64>() > 0.0 { weights } else { vec![1.0; key_points.len()] }
}
