use viva_grader::Style;

use super::*;
use crate::domain::{band::Band, sample};

fn point(text: &str, weight: f64, coverage: f64, evidence: &str) -> KeyPointResult {
    KeyPointResult {
        point: text.into(),
        weight,
        coverage,
        evidence: evidence.into(),
        confidence: None,
    }
}

fn findings() -> Findings {
    Findings {
        scores: sample::scores([7.4, 6.0, 6.6, 8.0]),
        range: None,
        needs_review: false,
        key_points: vec![
            point("Only one thread holds the lock.", 0.6, 1.0, "lets one thread in"),
            point("Waiting costs time.", 0.3, 0.0, ""),
            point("Locks can be nested.", 0.1, 0.0, ""),
        ],
        mistakes: vec![],
        contradictions: vec![],
        on_topic: true,
        style: Style {
            words: 60,
            sentence_words: 14.0,
            prose: 1.0,
            length: 1.0,
            filler: 0.0,
            reasoning: 0.2,
            specifics: 0.2,
        },
    }
}

fn step(findings: &Findings, dimension: Dimension) -> String {
    explanations(findings).into_iter().find(|e| e.dimension == dimension).unwrap().next_step
}

#[test]
fn the_next_step_of_completeness_is_the_lightest_point_that_reaches_the_next_band() {
    // 6.0 needs 1.0 to be good: the point of weight 0.1 gives just that.
    assert_eq!(step(&findings(), Dimension::Completeness), "Add this point: Locks can be nested.");
    let mut lower = findings();
    lower.scores = sample::scores([7.4, 5.0, 6.6, 8.0]);
    assert_eq!(step(&lower, Dimension::Completeness), "Add this point: Waiting costs time.");
}

#[test]
fn a_mistake_is_quoted_and_put_right_first() {
    let mut found = findings();
    found.mistakes = vec![FoundMistake {
        quote: "a lock is free".into(),
        why_wrong: "Even a lock that nobody waits for costs an atomic write.".into(),
    }];
    let text = feedback(&found);
    assert!(text.contains("You say “a lock is free”. Even a lock"), "{text}");
    assert!(suggestions(&found)[0].starts_with("Take back “a lock is free”."));
    assert_eq!(explanations(&found)[0].evidence, ["a lock is free"]);
}

#[test]
fn nothing_is_left_to_do_in_the_highest_band_and_something_in_every_other() {
    let mut best = findings();
    best.scores = sample::scores([10.0; 4]);
    assert!(explanations(&best).iter().all(|e| e.next_step.is_empty()));
    assert!(suggestions(&best).is_empty());
    for value in [0.0, 3.0, 5.0, 7.0] {
        let mut any = findings();
        any.scores = sample::scores([value; 4]);
        for explanation in explanations(&any) {
            assert_eq!(explanation.band, Band::of(value));
            assert!(!explanation.next_step.is_empty() && !explanation.reason.is_empty());
        }
    }
}

#[test]
fn an_answer_beside_the_point_gets_a_kind_word_and_a_way_in() {
    let mut empty = findings();
    empty.key_points = vec![point("Waiting costs time.", 1.0, 0.0, "")];
    empty.on_topic = false;
    empty.scores = sample::scores([0.0; 4]);
    let text = feedback(&empty);
    assert!(text.contains("does not yet reach"), "{text}");
    assert!(text.contains("- Waiting costs time."), "{text}");
}

#[test]
fn no_suggestion_says_what_another_says() {
    let list = suggestions(&findings());
    assert!(list.len() <= 3);
    let points: std::collections::HashSet<_> =
        list.iter().map(|s| s.rsplit(": ").next().unwrap_or_default()).collect();
    assert_eq!(points.len(), list.len(), "{list:?}");
}

#[test]
fn a_quotation_cannot_open_markdown_or_a_new_line() {
    let mut found = findings();
    found.key_points[0].evidence = "one\n# thread <b>![x](y)".into();
    let text = feedback(&found);
    assert!(text.contains(r"one \# thread \<b\>!\[x\](y)"), "{text}");
}
