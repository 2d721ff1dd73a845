//! Checks that the judge does what the training implementation does.

use super::*;
use crate::text::{fold::fold, sentences::sentences};
use serde::Deserialize;
use std::ops::Range;

/// An answer with the judgement that `training/export.py` recorded.
#[derive(Deserialize)]
struct Vector {
    question: String,
    points: Vec<String>,
    answer: String,
    sentences: Vec<String>,
    pieces: Vec<PieceId>,
    made: Vec<f32>,
    contradicted: Vec<f32>,
    by: Vec<Vec<f32>>,
    against: Vec<Vec<f32>>,
    falsehood: Vec<f32>,
    whole: f32,
    about: f32,
}

fn vectors() -> Vec<Vector> {
    let lines = include_str!("../../tests/judge-vectors.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn near(ours: &[f32], theirs: &[f32], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() < 0.01, "{what}: {ours:?} {theirs:?}");
    }
}

#[test]
fn the_judge_agrees_with_the_implementation_it_was_trained_in() {
    let judge = Judge::builtin();
    for vector in vectors() {
        let text = fold(&vector.answer);
        let parts: Vec<&str> = sentences(&text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(parts, vector.sentences);
        assert_eq!(judge.pieces(&text), vector.pieces, "{text}");
        let points: Vec<_> = vector.points.iter().map(|point| judge.pieces(point)).collect();
        let said: Vec<_> = parts.iter().map(|part| judge.pieces(part)).collect();
        let seen = judge.read(&judge.pieces(&vector.question), &points, &said);
        near(&[seen.whole, seen.about], &[vector.whole, vector.about], "whole");
        near(&seen.falsehood, &vector.falsehood, "falsehood");
        for (at, point) in seen.points.iter().enumerate() {
            near(&[point.made], &[vector.made[at]], "made");
            near(&[point.contradicted], &[vector.contradicted[at]], "contradicted");
            near(&point.by, &vector.by[at], "by");
            near(&point.against, &vector.against[at], "against");
        }
    }
}

#[test]
fn the_width_of_the_processors_vectors_changes_no_bit() {
    let judge = Judge::builtin();
    let vector = &vectors()[0];
    let points: Vec<_> = vector.points.iter().map(|point| judge.pieces(point)).collect();
    let said: Vec<_> = vector.sentences.iter().map(|part| judge.pieces(part)).collect();
    let said: Vec<&[PieceId]> = said.iter().map(Vec::as_slice).collect();
    let layout = Layout::new(&judge.pieces(&vector.question), &points, &said);
    let pass = || Pass { weights: &judge.weights, layout: &layout };
    let widest = Arch::new().dispatch(pass());
    #[cfg(target_arch = "x86_64")]
    if let Some(v3) = pulp::x86::V3::try_new() {
        assert_eq!(Simd::vectorize(v3, pass()), widest);
    }
    // Without fused multiply-add, sums are rounded once more.
    let plain = Simd::vectorize(pulp::Scalar, pass());
    near(&[plain.whole], &[widest.whole], "whole");
    near(&plain.falsehood, &widest.falsehood, "falsehood");
}

#[test]
fn a_point_is_judged_the_same_in_any_order_of_the_rubric() {
    let judge = Judge::builtin();
    let vector = &vectors()[0];
    let mut points: Vec<_> = vector.points.iter().map(|point| judge.pieces(point)).collect();
    let said: Vec<_> = vector.sentences.iter().map(|part| judge.pieces(part)).collect();
    let question = judge.pieces(&vector.question);
    let forwards = judge.read(&question, &points, &said);
    points.reverse();
    let mut backwards = judge.read(&question, &points, &said);
    backwards.points.reverse();
    for (a, b) in forwards.points.iter().zip(&backwards.points) {
        near(&[a.made], &[b.made], "made");
        near(&a.by, &b.by, "by");
    }
}

#[test]
fn many_points_are_read_in_groups() {
    let judge = Judge::builtin();
    let point = judge.pieces("A lock lets only one thread at a time into the section.");
    assert_eq!(groups(&vec![point.clone(); 40]).len(), 2);
    assert_eq!(groups(&[]), vec![Range { start: 0, end: 0 }]);
    let seen = judge.read(&[], &vec![point; 40], &[judge.pieces("One thread at a time.")]);
    assert_eq!(seen.points.len(), 40);
    assert!(seen.points.iter().all(|point| point.made > NOTHING));
}

#[test]
fn a_long_answer_to_many_points_is_read_where_it_has_their_words() {
    let sentence: Vec<PieceId> = vec![7000; 200];
    let mut sentences = vec![sentence.as_slice(); 40];
    let telling = [5000, 5001, 5002];
    sentences[33] = &telling;
    let runs = runs(&sentences.iter().map(|s| s.len()).collect::<Vec<_>>());
    let points = vec![telling.to_vec()];
    assert!(runs.len() > MOST_PASSES / 6);
    let kept = nearest(&runs, &sentences, &points, 6);
    assert_eq!(kept.len(), MOST_PASSES / 6);
    assert!(kept.iter().any(|run| run.contains(&33)));
    assert_eq!(nearest(&runs[..2], &sentences, &points, 6), runs[..2]);
}
