//! Short right answers are right, and the same sentence with another name, number or direction is not.

use crate::corpora::{assess, lines, prepare};
use serde::Deserialize;
use viva_grader::{KeyPoint, Prepared, Rubric};

#[derive(Deserialize)]
struct Fact {
    question: String,
    point: String,
    right: String,
    twin: String,
}

fn facts() -> Vec<Fact> {
    lines(include_str!("../corpora/facts.jsonl"))
}

fn prepared(fact: &Fact, phrasings: Vec<String>) -> Prepared {
    let point = KeyPoint { point: fact.point.clone(), weight: 1.0, phrasings };
    prepare(&Rubric {
        question: fact.question.clone(),
        reference: fact.point.clone(),
        key_points: vec![point],
        mistakes: vec![],
    })
}

#[test]
fn facts_are_told_from_their_twins() {
    let facts = facts();
    assert_eq!(facts.len(), 40);
    let wrong: Vec<String> = facts
        .iter()
        .filter_map(|fact| {
            let prepared = prepared(fact, vec![]);
            let (right, twin) = (assess(&prepared, &fact.right), assess(&prepared, &fact.twin));
            let told = right.points[0].is_ticked() && !twin.points[0].is_ticked();
            let marks = format!("{:.2} {:.2}", right.points[0].p, twin.points[0].p);
            (!told).then(|| format!("{marks} {} / {}", fact.right, fact.twin))
        })
        .collect();
    assert!(wrong.len() <= 2, "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_point_or_a_phrasing_word_for_word_gets_full_coverage() {
    for fact in facts() {
        let phrasing = "It is that one, as everybody in the trade knows".to_owned();
        let prepared = prepared(&fact, vec![phrasing.clone()]);
        for answer in [&fact.point, &phrasing] {
            let found = assess(&prepared, answer);
            assert_eq!(found.points[0].state.coverage().to_string(), "1", "{answer}");
            assert_eq!(found.points[0].evidence, Some(0..answer.len()));
            assert!(found.dimensions.completeness >= 10.0, "{answer}");
        }
    }
}
