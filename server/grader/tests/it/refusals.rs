//! Which answers are refused, and which are judged.

use crate::corpora::{assess, interviews, lines, prepare, questions};
use serde::Deserialize;
use std::sync::Arc;
use viva_grader::{Grader, Prepared, Refusal, Rubric};

#[derive(Deserialize)]
struct NonAnswer {
    kind: String,
    question: String,
    text: String,
    expected: String,
}

#[derive(Deserialize)]
struct Unknown {
    question: String,
    text: String,
}

/// A rubric for a question that has none: that of another question, about something else.
fn rubric(question: &str) -> Rubric {
    let known = questions().into_iter().next().unwrap();
    Rubric { question: question.to_owned(), ..known }
}

fn word(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Language => "LANGUAGE_NOT_SUPPORTED",
        Refusal::NotAnAnswer => "NOT_AN_ANSWER",
        Refusal::OffTopic | Refusal::OtherQuestion(_) => "OFF_TOPIC",
    }
}

#[test]
fn of_fifty_texts_that_do_not_answer_hardly_any_gets_a_score() {
    let rows: Vec<NonAnswer> = lines(include_str!("../corpora/non-answers.jsonl"));
    assert_eq!(rows.len(), 50);
    let mut wrong = Vec::new();
    for row in rows {
        let refusal = assess(&prepare(&rubric(&row.question)), &row.text).refusal.map(word);
        // Whether an off-topic text is an answer at all is a matter of taste.
        let fits = match row.expected.as_str() {
            "LANGUAGE_NOT_SUPPORTED" => refusal == Some("LANGUAGE_NOT_SUPPORTED"),
            _ => matches!(refusal, Some("NOT_AN_ANSWER" | "OFF_TOPIC")),
        };
        if !fits {
            wrong.push(format!("{} {refusal:?}: {:.60}", row.kind, row.text));
        }
    }
    // A story or a list of versions may pass for an answer; docs/grader.md says so.
    assert!(wrong.len() <= 4, "{}", wrong.join("\n"));
}

#[test]
fn an_honest_i_do_not_know_is_judged_and_scores_low() {
    let rows: Vec<Unknown> = lines(include_str!("../corpora/unknown.jsonl"));
    assert_eq!(rows.len(), 20);
    for row in rows {
        let found = assess(&prepare(&rubric(&row.question)), &row.text);
        assert_eq!(found.refusal, None, "{}", row.text);
        assert!(found.overall < 0.2, "{:.2} {}", found.overall, row.text);
    }
}

#[test]
fn no_answer_that_readers_value_is_refused() {
    let mut refused = Vec::new();
    for interview in interviews() {
        let prepared = prepare(&interview.rubric);
        for answer in interview.answers.iter().filter(|answer| answer.score01 >= 0.35) {
            if assess(&prepared, &answer.text).refusal.is_some() {
                refused.push(&answer.text);
            }
        }
    }
    assert!(refused.len() <= 1, "{refused:#?}");
}

const GENERAL: &str = "I would measure first, because guesses mislead: look at where time goes, form \
    one hypothesis, change one thing and measure again. If that does not help, I ask somebody who \
    knows the system and write down what we have learnt.";

/// The interview questions, prepared as one topic.
fn prepared_as_one_topic() -> Vec<Prepared> {
    let rubrics: Vec<Rubric> = interviews().iter().map(|one| one.rubric.clone()).collect();
    let topic = Arc::new(Grader::builtin().topic(&rubrics));
    let prepare = |(number, rubric)| Grader::builtin().prepare_in(rubric, &topic, number);
    rubrics.iter().enumerate().map(prepare).collect()
}

#[test]
fn an_answer_to_another_question_of_the_topic_is_refused_and_names_it() {
    let (prepared, interviews) = (prepared_as_one_topic(), interviews());
    for (own, interview) in interviews.iter().enumerate() {
        let other = (own + 1) % interviews.len();
        let stranger = &interviews[other].rubric.reference;
        let refusal = assess(&prepared[own], stranger).refusal;
        assert_eq!(refusal, Some(Refusal::OtherQuestion(other)), "{}", interview.rubric.question);
        let alone = assess(&prepare(&interview.rubric), stranger).refusal;
        assert!(!matches!(alone, Some(Refusal::OtherQuestion(_))), "it knows no other question");
    }
}

#[test]
fn no_answer_is_refused_for_another_question_of_its_topic_that_fits_a_little_better() {
    let prepared = prepared_as_one_topic();
    for (interview, prepared) in interviews().iter().zip(&prepared) {
        for answer in interview.answers.iter().filter(|answer| answer.score01 >= 0.35) {
            let refusal = assess(prepared, &answer.text).refusal;
            assert!(!matches!(refusal, Some(Refusal::OtherQuestion(_))), "{}", answer.text);
        }
        // A few words of another question are too little to go by, and a general answer fits many.
        for text in ["An index, a mutex, a closure.", GENERAL] {
            let refusal = assess(prepared, text).refusal;
            assert!(!matches!(refusal, Some(Refusal::OtherQuestion(_))), "{refusal:?} {text}");
        }
    }
}

#[test]
fn this_projects_documents_and_its_licence_get_no_score() {
    let documents = [
        include_str!("../../../../docs/reliability.md"),
        include_str!("../../../../docs/operations.md"),
        include_str!("../../../../README.md"),
        include_str!("../../../../LICENSE-APACHE"),
    ];
    for rubric in questions().into_iter().step_by(3) {
        let prepared = prepare(&rubric);
        for document in documents {
            let text: String = document.chars().take(20_000).collect();
            let found = assess(&prepared, &text);
            assert!(found.refusal.is_some(), "{:.2} {:.60}", found.overall, document);
        }
    }
}

#[test]
fn english_notes_without_function_words_are_read() {
    let notes = [
        "Backward-compatible changes let consumers upgrade first; forward-compatible changes let \
         producers upgrade first.",
        "Collect durations for each stage: checkout, container start, fixtures, queue, execution.",
        "It went live ten days early without a double charge.",
    ];
    for notes in notes {
        assert!(Grader::builtin().reads(notes), "{notes}");
    }
    let german = "Ein Deadlock entsteht, wenn zwei Threads auf die Sperre des anderen warten.";
    assert!(!Grader::builtin().reads(german));
}
