//! Short correct answers are accepted; the same sentences with another name, number or direction are not.

use crate::corpora::{assess, lines, prepare};
use serde::Deserialize;
use viva_grader::{KeyPoint, Mistake, Prepared, Rubric};

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
fn facts_are_more_likely_than_their_twins() {
    let facts = facts();
    assert_eq!(facts.len(), 40);
    let (mut told, mut in_order) = (0, 0);
    for fact in &facts {
        let prepared = prepared(fact, vec![]);
        let right = &assess(&prepared, &fact.right).points[0];
        let twin = &assess(&prepared, &fact.twin).points[0];
        told += usize::from(right.is_counted() && !twin.is_counted());
        in_order += usize::from(right.p > twin.p);
    }
    // A model of this size tells about half of the pairs apart for certain; docs/grader.md says so.
    assert!(told >= 20 && in_order >= 35, "{told} told apart, {in_order} in order");
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

#[test]
fn a_statement_of_several_sentences_is_recognised_word_for_word() {
    let point = "The 0 is only a minimum delay; the callback still waits for its turn.";
    let claim = "With 0 the callback runs at once! Nothing can come before it.";
    let prepared = prepare(&Rubric {
        question: "When does the callback of setTimeout(f, 0) run?".into(),
        reference: point.into(),
        key_points: vec![KeyPoint { point: point.into(), weight: 1.0, phrasings: vec![] }],
        mistakes: vec![Mistake { claim: claim.into(), why_wrong: "It waits.".into() }],
    });
    let before = "I have seen this once. ";
    let found = assess(&prepared, &format!("{before}{point} That is all."));
    assert_eq!(found.points[0].evidence, Some(before.len()..before.len() + point.len()));
    assert_eq!(found.points[0].state.coverage().to_string(), "1");
    let found = assess(&prepared, &format!("{before}{claim}"));
    assert_eq!(found.mistakes[0].evidence, Some(before.len()..before.len() + claim.len()));
}

#[test]
fn a_mistake_is_found_in_other_words_and_not_where_a_point_is_made() {
    let point = |point: &str| KeyPoint { point: point.into(), weight: 1.0, phrasings: vec![] };
    let claim = "An index makes every kind of query and write faster.";
    let prepared = prepare(&Rubric {
        question: "What is a database index and what does it cost?".into(),
        reference: "It finds rows without a scan, and every write must update it.".into(),
        key_points: vec![
            point("It lets the engine find rows without scanning the whole table."),
            point("Every write must also update the index, so writes become slower."),
        ],
        mistakes: vec![Mistake { claim: claim.into(), why_wrong: "Writes get slower.".into() }],
    });
    let wrong = "An index makes every query faster, and every write too.";
    let found = assess(&prepared, wrong);
    assert_eq!(found.mistakes[0].evidence, Some(0..wrong.len()));
    let right = "It makes reads faster, but every write must also update the index, so writes become slower.";
    let found = assess(&prepared, right);
    assert!(found.points[1].evidence.is_some());
    assert_eq!(found.mistakes[0].evidence, None, "{:?}", found.mistakes);
}
