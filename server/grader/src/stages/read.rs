//! Stage 1: reads the answer with the judge.

use crate::{
    answer::Answer,
    judge::{Judge, Judgement, PieceId},
    prepare::Prepared,
};
use std::collections::HashSet;

/// The fewest pieces of a copied sentence: a shorter one may occur in the question by chance.
const LEAST_COPIED: usize = 6;

/// Reads the answer together with the points, followed by the false claims. Repeated sentences are
/// skipped, so that repetition changes nothing, and so are sentences copied from the question.
pub(super) fn read(prepared: &Prepared, answer: &Answer) -> Judgement {
    let points = prepared.points.iter().map(|point| point.pieces.clone());
    let claims = prepared.claims.iter().map(|claim| claim.pieces.clone());
    let all: Vec<_> = points.chain(claims).collect();
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
