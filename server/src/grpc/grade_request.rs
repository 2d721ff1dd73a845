//! Answers to grade as they come over the wire, every broken rule of each told at once.

use viva_proto::v1;

use super::request::level;
use crate::{
    domain::{
        grading::{
            GradingTask, MOST_QUESTION_CHARS, parse_answer, parse_each, parse_mistake, parse_point,
            parse_reference, parse_size, parse_text,
        },
        interview::{Level, parse_language},
        question::Rubric,
        violation::{Fault, Violations},
    },
    services::{
        ServiceError, ServiceResult,
        grading::{Item, MOST_ITEMS},
    },
};

/// The most characters of an item's id.
const MOST_ID_CHARS: usize = 64;

/// An answer with what it is graded by.
pub(super) fn task(request: &v1::GradeAnswerRequest) -> Result<GradingTask, Violations> {
    let mut violations = Violations::new();
    let question = parse_text(&request.question, "Question", MOST_QUESTION_CHARS);
    let question = violations.check("question", question);
    let key_points = parse_each("Key point", &request.key_points, |point| {
        parse_point(&point.point, point.weight, &point.phrasings)
    });
    // Where the points are wrong, nothing is said of the reference that they would stand in for.
    let reference = match &key_points {
        Err(_) if request.reference.is_empty() => Ok(String::new()),
        Err(_) => parse_reference(&request.reference, &[]),
        Ok(points) => parse_reference(&request.reference, points),
    };
    let reference = violations.check("reference", reference);
    let key_points = violations.check("key_points", key_points);
    let mistakes = parse_each("Mistake", &request.mistakes, |mistake| {
        parse_mistake(&mistake.claim, &mistake.why_wrong)
    });
    let mistakes = violations.check("mistakes", mistakes);
    let answer = violations.check("answer", parse_answer(&request.answer));
    let language = violations.check("language", parse_language(&request.language));
    let level = violations.check("level", level(request.level));
    let rubric = match (reference, key_points, mistakes) {
        (Some(reference), Some(key_points), Some(mistakes)) => {
            let rubric = parse_size(Rubric { reference, key_points, mistakes });
            rubric.map_err(|(field, fault)| violations.check::<()>(field, Err(fault))).ok()
        }
        _ => None,
    };
    match (question, rubric, answer, language, level) {
        (Some(question), Some(rubric), Some(answer), Some(language), Some(level)) => {
            let level = level.unwrap_or(Level::Mid);
            Ok(GradingTask { question, rubric, answer, level, language })
        }
        _ => Err(violations),
    }
}

/// The items of a batch. What is wrong with one is kept for its own reply.
pub(super) fn items(request: v1::GradeAnswersRequest) -> ServiceResult<Vec<Item>> {
    if !(1..=MOST_ITEMS).contains(&request.items.len()) {
        let mut violations = Violations::new();
        violations.check::<()>("items", Err("A batch must have 1 to 1000 items".into()));
        return Err(ServiceError::Validation(violations));
    }
    Ok(request.items.into_iter().map(item).collect())
}

fn item(item: v1::GradeAnswersItem) -> Item {
    let mut violations = Violations::new();
    let id = if item.item_id.chars().count() > MOST_ID_CHARS {
        Err(Fault::from("Item id must be at most 64 characters"))
    } else {
        Ok(())
    };
    let id = violations.check("item_id", id);
    let request = item.request.as_ref().ok_or_else(|| Fault::from("Please give a request"));
    let request = violations.check("request", request);
    let task = match (id, request) {
        (Some(()), Some(request)) => task(request),
        _ => Err(violations),
    };
    Item { id: item.item_id, task }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> v1::GradeAnswerRequest {
        v1::GradeAnswerRequest {
            question: "Why?".into(),
            reference: "Because of it.".into(),
            ..v1::GradeAnswerRequest::default()
        }
    }

    fn fields(wrong: &Violations) -> Vec<&'static str> {
        wrong.list().iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn everything_wrong_with_an_answer_is_told_at_once() {
        let point = v1::RubricPoint { weight: Some(0.0), point: "p".into(), ..Default::default() };
        let bad = v1::GradeAnswerRequest {
            question: " ".into(),
            key_points: vec![point],
            mistakes: vec![v1::RubricMistake::default()],
            language: "?".into(),
            level: 77,
            ..v1::GradeAnswerRequest::default()
        };
        let wrong = task(&bad).unwrap_err();
        assert_eq!(fields(&wrong), ["question", "key_points", "mistakes", "language", "level"]);
        assert_eq!(wrong.list()[1].description, "Key point 1: weight must be a number above 0");
        let nothing = v1::GradeAnswerRequest { reference: String::new(), ..sound() };
        assert_eq!(fields(&task(&nothing).unwrap_err()), ["reference"]);
    }

    #[test]
    fn what_is_too_long_is_named_by_its_field() {
        let point = v1::RubricPoint { point: "p".repeat(1001), ..Default::default() };
        let mistake = v1::RubricMistake { claim: "c".into(), why_wrong: "w".repeat(1001) };
        let long = v1::GradeAnswerRequest {
            question: "q".repeat(4001),
            reference: "r".repeat(20_001),
            key_points: vec![point],
            mistakes: vec![mistake],
            answer: "a".repeat(20_001),
            ..v1::GradeAnswerRequest::default()
        };
        let wrong = task(&long).unwrap_err();
        assert_eq!(fields(&wrong), ["question", "reference", "key_points", "mistakes", "answer"]);
        let mistake = v1::RubricMistake { claim: "c".repeat(999), why_wrong: "w".into() };
        let large = v1::GradeAnswerRequest { mistakes: vec![mistake; 40], ..sound() };
        assert_eq!(fields(&task(&large).unwrap_err()), ["mistakes"]);
    }

    #[test]
    fn an_empty_answer_is_an_answer_and_level_and_language_have_their_defaults() {
        let task = task(&sound()).unwrap();
        assert_eq!((task.answer.as_str(), task.language.as_str()), ("", "en"));
        assert_eq!(task.level, Level::Mid);
    }

    #[test]
    fn a_batch_has_one_to_a_thousand_items_and_a_bad_one_is_its_own_fault() {
        let one = v1::GradeAnswersItem { item_id: "i".into(), request: Some(sound()) };
        let batch = |list| items(v1::GradeAnswersRequest { items: list });
        assert!(batch(vec![]).is_err() && batch(vec![one.clone(); 1001]).is_err());
        let nameless = v1::GradeAnswersItem { item_id: "i".repeat(65), request: None };
        let read = batch(vec![one, nameless]).unwrap();
        assert!(read[0].task.is_ok());
        assert_eq!(fields(read[1].task.as_ref().unwrap_err()), ["item_id", "request"]);
    }
}
