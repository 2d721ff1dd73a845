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
fn a_mistake_is_quoted_and_corrected_first() {
    let mut found = findings();
    found.mistakes = vec![MistakeResult {
        number: Some(0),
        claim: "Locks are free.".into(),
        evidence: "a lock is free".into(),
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
fn an_answer_beside_the_point_gets_a_kind_word_and_a_way_to_begin() {
    let mut empty = findings();
    empty.key_points = vec![point("Waiting costs time.", 1.0, 0.0, "")];
    empty.on_topic = false;
    empty.scores = sample::scores([0.0; 4]);
    let text = feedback(&empty);
    assert!(text.contains("that is fine"), "{text}");
    assert!(text.contains("Here is how you could begin: “Waiting costs time.”"), "{text}");
    assert!(text.contains("- Waiting costs time."), "{text}");
}

#[test]
fn no_suggestion_repeats_another() {
    let list = suggestions(&findings());
    assert!(list.len() <= 3);
    let points: std::collections::HashSet<_> =
        list.iter().map(|s| s.rsplit(": ").next().unwrap_or_default()).collect();
    assert_eq!(points.len(), list.len(), "{list:?}");
}

#[test]
fn neither_the_answer_nor_the_rubric_can_open_markdown_or_a_new_line() {
    let mut found = findings();
    found.key_points[0].evidence = "one\n# thread <b>![x](y)".into();
    found.key_points[0].point = "<img src=x onerror=alert(1)>".into();
    found.key_points[1].point = "1. [here](javascript:alert(1))".into();
    found.mistakes = vec![MistakeResult {
        number: Some(0),
        claim: "Locks are free.".into(),
        evidence: "a lock is free".into(),
        why_wrong: "**No**, <b>it is not</b>.".into(),
    }];
    found.contradictions = vec![FoundContradiction {
        quote: "a lock cannot be nested".into(),
        point: "Locks can be `nested`.".into(),
    }];
    let text = feedback(&found);
    for part in [
        r"one \# thread \<b\>!\[x\](y)",
        r"- \<img src=x onerror=alert(1)\> You say",
        r"- 1\. \[here\](javascript:alert(1))",
        r"\*\*No\*\*, \<b\>it is not\</b\>.",
        r"Locks can be \`nested\`.",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn for_a_rubric_of_one_point_the_reason_says_plainly_whether_the_answer_makes_it() {
    let reason = |coverage: f64| {
        let mut one = findings();
        let evidence = if coverage > 0.0 { "lets one thread in" } else { "" };
        one.key_points = vec![point("Only one thread holds the lock.", 1.0, coverage, evidence)];
        let explanations = explanations(&one);
        explanations.into_iter().find(|e| e.dimension == Dimension::Completeness).unwrap().reason
    };
    assert_eq!(reason(0.0), "It does not make the one point of a good answer.");
    assert_eq!(reason(0.5), "It touches on the one point of a good answer.");
    assert_eq!(reason(1.0), "It makes the one point of a good answer.");
}
