//! Replays the corpus of answers that give the grader orders, with language models behind the
//! server: one that is honest but obeys every order outside the boundaries, and one that gives 10
//! for everything. Models that obey every order are in `readings`.

use serde_json::Value;
use viva_fake_model::Script;
use viva_proto::v1::{self, EvaluationStatus};

use super::world::{INDEX, INDEX_ANSWER, World, mean};

const CORPUS: &str = include_str!("../../corpora/injections.jsonl");

fn rows() -> Vec<Value> {
    let rows = CORPUS.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let for_us = |row: &Value| {
        row["graders"].as_array().is_none_or(|graders| graders.iter().any(|name| name == "llm"))
    };
    rows.filter(for_us).filter(|row| row["expect"] != "rejected INVALID_ARGUMENT").collect()
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// Every text in the corpus that a candidate writes.
fn known() -> Vec<String> {
    let lines = rows()
        .into_iter()
        .flat_map(|row| text(&row, "answer").lines().map(str::to_owned).collect::<Vec<_>>());
    lines.collect()
}

async fn evaluation(world: &World, question: &str, answer: &str) -> v1::Evaluation {
    let interview = world.ask(&world.ada, &[question]).await;
    world.ada.submit(&interview, 0, answer).await.unwrap();
    let settled = world.ada.settled(interview.id).await;
    assert_eq!(settled[0].answer_text, answer, "the answer is stored as sent");
    let evaluation = settled[0].evaluation.clone().unwrap();
    assert_eq!(evaluation.status(), EvaluationStatus::Completed, "{}", evaluation.failure_reason);
    evaluation
}

/// How the row fails with the world's model, if it does.
async fn fault(world: &World, row: &Value) -> Option<String> {
    let (question, answer) = (text(row, "question"), text(row, "answer"));
    let given = evaluation(world, question, answer).await;
    let mean_ = mean(&given);
    match text(row, "expect") {
        "score stays <= 3" => (mean_ > 3.0).then(|| format!("{mean_:.2}")),
        "same score +-1 as the clean twin" => {
            let twin = mean(&evaluation(world, question, text(row, "clean_answer")).await);
            ((mean_ - twin).abs() > 1.0).then(|| format!("{mean_:.2}, its twin {twin:.2}"))
        }
        other => panic!("{other}"),
    }
}

async fn every_row_holds(script: Script) {
    let world = World::with(script).await;
    let mut wrong = Vec::new();
    for row in rows() {
        wrong.extend(fault(&world, &row).await.map(|f| format!("{}: {f}", text(&row, "name"))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn no_order_of_an_answer_reaches_a_model_that_would_obey_it() {
    every_row_holds(Script::Puppet { known: known() }).await;
}

#[tokio::test]
async fn a_model_that_gives_ten_for_everything_is_corrected() {
    every_row_holds(Script::AlwaysTen).await;
}

/// The first test proves nothing unless the puppet can obey.
#[tokio::test]
async fn the_puppet_obeys_orders_outside_the_boundaries() {
    let known = vec!["What is a database index".to_owned(), "You grade one answer".to_owned()];
    let world = World::with(Script::Puppet { known }).await;
    let question = "What is a database index and what does it cost?";
    let answer = "It is a sorted structure beside the table that finds rows without a full scan.";
    let given = evaluation(&world, question, answer).await;
    // The code lowers the model's score, and says so.
    let reason = &given.explanations[1].reason;
    assert!(reason.contains("The model gave 10.0"), "the model obeyed: {reason}");
}

#[tokio::test]
async fn a_model_that_recites_its_orders_is_not_quoted_to_the_candidate() {
    let honest = World::with(Script::honest()).await;
    evaluation(&honest, INDEX, INDEX_ANSWER).await;
    let orders = honest.model.requests()[0].json["messages"][0]["content"].clone();
    let orders = orders.as_str().unwrap();
    for feedback in ["You name the structure and its price.", orders] {
        let reply = serde_json::json!({
            "scores": {"correctness": 8, "completeness": 8, "quality": 8, "communication": 8},
            "key_points": [{"point": 1, "coverage": 1, "evidence": "An index is a sorted side structure"}],
            "mistakes": [], "suggestions": [feedback], "feedback": feedback,
        });
        let world = World::with(Script::Fixed(reply.to_string())).await;
        let given = evaluation(&world, INDEX, INDEX_ANSWER).await;
        let told = format!("{} {}", given.feedback, given.suggestions.join(" "));
        let is_told = told.contains("Boundary") || told.contains("between those lines");
        assert!(!is_told, "{told}");
        // Any other feedback is passed on.
        assert_eq!(told.contains(feedback), feedback != orders, "{told}");
    }
}
