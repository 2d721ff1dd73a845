//! When an answer is read a second time, and which reading counts.

use super::*;

#[test]
fn a_model_that_finds_nothing_itself_needs_no_second_reading() {
    let checked = checked(&reply([0.0, 0.0, 1.0, 2.0], &json!([]))).unwrap();
    assert!(!checked.is_unsupported());
    assert!(doubt(&checked, &built_in()).is_none());
}

#[test]
fn the_answer_is_read_again_if_the_graders_are_far_apart() {
    let points = json!([
        { "point": 1, "coverage": 1, "evidence": "without scanning the whole table" },
        { "point": 2, "coverage": 1, "evidence": "must also update it" },
        { "point": 3, "coverage": 1, "evidence": "An index lets the engine" },
    ]);
    let high = checked(&reply([8.0; 4], &points)).unwrap();
    let note = doubt(&high, &built_in()).unwrap().note();
    // 1.75 is shown as 1.7: never more than was found.
    assert!(note.contains("8.0") && note.contains("1.7"), "{note}");
    assert!(note.ends_with("It was read a second time; the lower reading stands."), "{note}");
    assert!(is_disputed(&high, &built_in()));
    let near = checked(&reply([5.0; 4], &points)).unwrap();
    assert!(doubt(&near, &built_in()).is_none() && !is_disputed(&near, &built_in()));
}

#[test]
fn a_far_lower_reading_without_a_mistake_is_doubted_and_the_nearer_one_counts() {
    let points = json!([
        { "point": 1, "coverage": 1, "evidence": APART[0] },
        { "point": 2, "coverage": 1, "evidence": APART[1] },
        { "point": 3, "coverage": 1, "evidence": APART[2] },
    ]);
    let mut fond = built_in();
    fond.findings.scores = sample::scores([8.0; 4]);
    let harsh =
        checked_with(&reply([2.0; 4], &points), ANSWER, &fond, &[QuoteVerdict::Judged(0.9); 3]);
    let harsh = harsh.unwrap();
    let doubt_of_it = doubt(&harsh, &fond).unwrap();
    let note = doubt_of_it.note();
    assert!(note.contains("named no mistake") && note.contains("second time"), "{note}");
    for (second, stands) in [(7.0, 1), (1.0, 0)] {
        let second = reply([second; 4], &points);
        let second = checked_with(&second, ANSWER, &fond, &[QuoteVerdict::Judged(0.9); 3]).unwrap();
        assert_eq!(doubt_of_it.standing(&[harsh.clone(), second], &fond), stands);
    }
    assert!(is_disputed(&harsh, &fond));
    let mut reasoned = reply([2.0; 4], &points);
    reasoned.mistakes = Some(vec![super::super::reply::ReplyMistake {
        quote: "Every write must".into(),
        why_wrong: "Only writes to the indexed columns.".into(),
    }]);
    let reasoned = checked_with(&reasoned, ANSWER, &fond, &[QuoteVerdict::Judged(0.9); 3]).unwrap();
    assert!(doubt(&reasoned, &fond).is_none() && !is_disputed(&reasoned, &fond));
}
