use super::*;

fn sound() -> v1::GradeAnswerRequest {
    v1::GradeAnswerRequest {
        question: "Why?".into(),
        reference: "Because of it.".into(),
        ..v1::GradeAnswerRequest::default()
    }
}

fn point(text: &str) -> v1::RubricPoint {
    v1::RubricPoint { point: text.into(), ..v1::RubricPoint::default() }
}

fn claim(claim: &str, why_wrong: &str) -> v1::RubricMistake {
    v1::RubricMistake { claim: claim.into(), why_wrong: why_wrong.into(), id: String::new() }
}

fn named(id: &str, request: Option<v1::GradeAnswerRequest>) -> v1::GradeAnswersItem {
    v1::GradeAnswersItem { item_id: id.into(), request }
}

fn fields(wrong: &Violations) -> Vec<&str> {
    wrong.list().iter().map(|violation| violation.field.as_str()).collect()
}

#[test]
fn everything_wrong_with_an_answer_is_reported_together_with_its_path() {
    let weightless = v1::RubricPoint { weight: Some(0.0), ..point("p") };
    let bad = v1::GradeAnswerRequest {
        question: " ".into(),
        key_points: vec![point("p"), weightless, point("")],
        mistakes: vec![v1::RubricMistake::default(), claim("c", "w")],
        language: "?".into(),
        level: 77,
        ..v1::GradeAnswerRequest::default()
    };
    let wrong = task(&bad).unwrap_err();
    assert_eq!(
        fields(&wrong),
        [
            "question",
            "key_points[1].weight",
            "key_points[2].point",
            "mistakes[0].claim",
            "mistakes[0].why_wrong",
            "language",
            "level"
        ]
    );
    assert_eq!(wrong.list()[1].description, "Weight must be above 0 and at most 1,000,000");
    let nothing = v1::GradeAnswerRequest { reference: String::new(), ..sound() };
    assert_eq!(fields(&task(&nothing).unwrap_err()), ["reference"]);
}

#[test]
fn whatever_exceeds_a_limit_is_reported_with_its_path() {
    let long = v1::GradeAnswerRequest {
        question: "q".repeat(4001),
        reference: "r".repeat(20_001),
        key_points: vec![
            point(&"p".repeat(1001)),
            v1::RubricPoint { phrasings: vec!["x".into(); 11], ..point("p") },
            v1::RubricPoint { id: "i".repeat(65), ..point("p") },
        ],
        mistakes: vec![claim("c", &"w".repeat(1001))],
        answer: "a".repeat(20_001),
        ..v1::GradeAnswerRequest::default()
    };
    let wrong = task(&long).unwrap_err();
    assert_eq!(
        fields(&wrong),
        [
            "question",
            "reference",
            "key_points[0].point",
            "key_points[1].phrasings",
            "key_points[2].id",
            "mistakes[0].why_wrong",
            "answer"
        ]
    );
    let large =
        v1::GradeAnswerRequest { mistakes: vec![claim(&"c".repeat(999), "w"); 40], ..sound() };
    assert_eq!(fields(&task(&large).unwrap_err()), ["mistakes"]);
    let many = v1::GradeAnswerRequest { key_points: vec![point("p"); 51], ..sound() };
    assert_eq!(fields(&task(&many).unwrap_err()), ["key_points"]);
}

#[test]
fn an_empty_answer_is_accepted_and_level_and_language_have_defaults() {
    let task = task(&sound()).unwrap();
    assert_eq!((task.answer.as_str(), task.language.as_str()), ("", "en"));
    assert_eq!(task.level, Level::Mid);
}

#[test]
fn a_batch_has_one_to_a_thousand_items_and_a_bad_one_fails_alone() {
    let one = named("i", Some(sound()));
    let batch = |list| items(v1::GradeAnswersRequest { items: list, shared: None });
    assert!(batch(vec![]).is_err() && batch(vec![one.clone(); 1001]).is_err());
    let blank = v1::GradeAnswerRequest { question: String::new(), ..sound() };
    let read = batch(vec![one, named(&"i".repeat(65), None), named("k", Some(blank))]).unwrap();
    assert!(read[0].task.is_ok());
    let wrong = read[1].task.as_ref().unwrap_err();
    assert_eq!(fields(wrong), ["items[1].item_id", "items[1].request"]);
    assert_eq!(fields(read[2].task.as_ref().unwrap_err()), ["items[2].request.question"]);
}

#[test]
fn an_item_takes_from_the_shared_part_only_what_it_does_not_give_itself() {
    let shared = v1::SharedRubric {
        question: "Why not?".into(),
        key_points: vec![v1::RubricPoint { id: "p1".into(), ..point("It costs time.") }],
        language: "de".into(),
        level: v1::Level::Senior.into(),
        ..v1::SharedRubric::default()
    };
    let bare = v1::GradeAnswerRequest { answer: "So.".into(), ..Default::default() };
    let own = v1::GradeAnswerRequest { language: "fr".into(), level: 1, ..sound() };
    let list = vec![named("bare", Some(bare)), named("own", Some(own))];
    let batch = v1::GradeAnswersRequest { items: list, shared: Some(shared) };
    let read = items(batch).unwrap();
    let [bare, own] = [&read[0], &read[1]].map(|item| item.task.as_ref().unwrap());
    assert_eq!((bare.question.as_str(), bare.language.as_str()), ("Why not?", "de"));
    assert_eq!(
        (bare.rubric.rubric.reference.as_str(), bare.level),
        ("It costs time.", Level::Senior)
    );
    assert_eq!(bare.rubric.point_ids, ["p1"]);
    assert_eq!((own.question.as_str(), own.language.as_str()), ("Why?", "fr"));
    assert_eq!(
        (own.rubric.rubric.reference.as_str(), own.level),
        ("Because of it.", Level::Junior)
    );
    assert!(own.rubric.point_ids.is_empty(), "no ids of a rubric that it does not use");
}

#[test]
fn everything_wrong_with_the_shared_part_is_reported_with_the_number_of_items() {
    let shared = v1::SharedRubric {
        question: " ".into(),
        mistakes: vec![claim("", "w")],
        level: 77,
        ..v1::SharedRubric::default()
    };
    let batch = v1::GradeAnswersRequest { items: vec![], shared: Some(shared) };
    let Err(ServiceError::Validation(wrong)) = items(batch) else { panic!() };
    assert_eq!(
        fields(&wrong),
        [
            "items",
            "shared.question",
            "shared.reference",
            "shared.mistakes[0].claim",
            "shared.level"
        ]
    );
}
