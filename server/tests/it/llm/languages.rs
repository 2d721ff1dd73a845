//! Answers and questions in languages that the built-in judge does not read.

use viva_fake_model::{Quoting, Reading, Request, Script};
use viva_proto::v1;
use viva_server::domain::question::{KeyPoint, NewQuestion, Rubric};

use super::world::{INDEX, INDEX_ANSWER, World, ask_in, evaluated, mean, question};

const STRUCTURE: &str = "Ein Index ist eine getrennte, sortierte Struktur, meist ein B-Baum, der von \
                         Spaltenwerten zu den Zeilen führt.";
const STORY: &str =
    "Ich habe das vor vielen Jahren in einer Vorlesung gehört und seither oft gebraucht.";

fn answer() -> String {
    format!("{STRUCTURE} {STORY}")
}

/// A model that quotes the first point with a score of 8, and has these English translations.
fn reads(english: &[(&str, &str)]) -> Script {
    let quoted = (1, 1.0, "eine getrennte, sortierte Struktur".to_owned());
    let english = english.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned()));
    Script::Reads(Reading {
        scores: [5.0, 3.0, 4.0, 4.0],
        quoting: Quoting::Given(vec![quoted]),
        english: english.collect(),
    })
}

const ENGLISH: [(&str, &str); 1] = [(
    STRUCTURE,
    "An index is a separate, sorted structure, usually a B-tree, which leads from column values to \
     the rows.",
)];

fn is_translation(request: &Request) -> bool {
    request.system().starts_with("Task: translation\n")
}

fn is_unverified(given: &v1::Evaluation) -> bool {
    given.needs_review && given.explanations[0].reason.contains("It is unverified")
}

#[tokio::test]
async fn a_quoted_passage_is_translated_without_the_rubric_or_the_rest_of_the_answer() {
    let world = World::with(reads(&ENGLISH)).await;
    let interview = world.ask(&world.ada, &[INDEX]).await;
    let given = evaluated(&world.ada, &interview, &answer()).await;
    assert!(given.key_points[0].coverage() > 0.0 && given.key_points[0].confidence.is_some());
    assert!(!is_unverified(&given));
    let requests = world.model.requests();
    assert_eq!(requests.iter().map(is_translation).collect::<Vec<_>>(), [false, true]);
    assert_eq!(given.provenance.unwrap().model_calls, 2);
    let sent = requests[1].user();
    assert!(sent.contains(STRUCTURE) && !sent.contains("Vorlesung"), "{sent}");
    assert!(!sent.contains("auxiliary structure") && !sent.contains(INDEX), "{sent}");
}

#[tokio::test]
async fn an_answer_in_english_is_not_translated() {
    let world = World::with(Script::honest()).await;
    let interview = world.ask(&world.ada, &[INDEX]).await;
    evaluated(&world.ada, &interview, INDEX_ANSWER).await;
    assert_eq!(world.model.calls(), 1);
}

#[tokio::test]
async fn without_a_translation_the_score_stands_unverified_and_is_not_reused() {
    let world = World::with(reads(&[])).await;
    let interview = world.ask(&world.ada, &[INDEX]).await;
    for calls in [2, 4] {
        let given = evaluated(&world.ada, &interview, &answer()).await;
        assert!(is_unverified(&given), "{:?}", given.explanations[0]);
        assert!(given.key_points[0].confidence.is_none());
        assert!(mean(&given) > 3.5, "{}", mean(&given));
        assert_eq!(world.model.calls(), calls, "the same answer is evaluated again");
    }
    world.model.set(reads(&ENGLISH));
    assert!(!is_unverified(&evaluated(&world.ada, &interview, &answer()).await));
}

#[tokio::test]
async fn without_calls_left_the_translation_is_dropped_and_the_score_stays() {
    let limits = [("LLM_CALLS_PER_INTERVIEW", "1")];
    let world = World::with_settings(reads(&ENGLISH), &limits, crate::support::settings()).await;
    let interview = world.ask(&world.ada, &[INDEX]).await;
    let given = evaluated(&world.ada, &interview, &answer()).await;
    assert!(is_unverified(&given));
    assert_eq!(world.model.calls(), 1);
}

#[tokio::test]
async fn a_rubric_in_another_language_is_translated_without_the_answer() {
    const QUESTION: &str = "Was ist ein Datenbankindex, und wozu ist er da?";
    const POINT: &str =
        "Ein Index ist eine sortierte Zusatzstruktur, die von Werten zu Zeilen führt.";
    let mut english = ENGLISH.to_vec();
    english.push((QUESTION, "What is a database index, and what is it for?"));
    english
        .push((POINT, "An index is a sorted additional structure that leads from values to rows."));
    let world = World::with(reads(&english)).await;
    let point = KeyPoint { point: POINT.into(), weight: 1.0, phrasings: vec![] };
    let rubric = Rubric { key_points: vec![point], ..Rubric::default() };
    let asked = NewQuestion { rubric, ..question(QUESTION) };
    let interview = ask_in(&world.server, &world.ada, "de", vec![asked]).await;
    let given = evaluated(&world.ada, &interview, &answer()).await;
    assert!(given.key_points[0].confidence.is_some() && !is_unverified(&given));
    assert_eq!(given.key_points[0].point, POINT, "the point is shown as written");
    let requests = world.model.requests();
    let of_passages: Vec<_> = requests.iter().filter(|one| is_translation(one)).collect();
    assert_eq!(of_passages.len(), 2);
    for request in of_passages {
        let sent = request.user();
        assert!(sent.contains(POINT) != sent.contains(STRUCTURE), "{sent}");
    }
}
