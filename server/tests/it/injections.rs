//! Replays the corpus of answers that give the grader orders, with the built-in grader behind a
//! real server: each scores what its honest part is worth, and is stored as sent.

use serde_json::Value;
use viva_server::{
    domain::{
        question::{KeyPoint, Rubric},
        score::Dimension,
    },
    evaluation::offline::Standalone,
};

use crate::support::{TestServer, fields};

const CORPUS: &str = include_str!("../corpora/injections.jsonl");
const QUESTIONS: &str = include_str!("../corpora/questions.json");

fn rows() -> Vec<Value> {
    let rows = CORPUS.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let for_us = |row: &Value| {
        row["graders"].as_array().is_none_or(|graders| graders.iter().any(|name| name == "offline"))
    };
    rows.filter(for_us).collect()
}

fn rubric(question: &str) -> Rubric {
    let questions: Vec<Value> = serde_json::from_str(QUESTIONS).unwrap();
    let found = questions.iter().find(|known| known["question"] == question).unwrap();
    let key_points = found["key_points"].as_array().unwrap().iter().map(|point| KeyPoint {
        point: point["point"].as_str().unwrap().to_owned(),
        weight: point["weight"].as_f64().unwrap(),
        phrasings: vec![],
    });
    Rubric {
        reference: found["reference"].as_str().unwrap().to_owned(),
        key_points: key_points.collect(),
        mistakes: vec![],
    }
}

fn mean(question: &str, answer: &str) -> f64 {
    let graded = Standalone::new(question.into(), rubric(question)).grade(answer).unwrap();
    let Ok(assessment) = graded.assessment else { return 0.0 };
    let scores = assessment.scores;
    Dimension::ALL.iter().map(|dimension| scores.of(*dimension).get()).sum::<f64>() / 4.0
}

#[test]
fn the_built_in_grader_meets_every_row_that_applies_to_it() {
    let mut wrong = Vec::new();
    for row in rows() {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let (question, answer) = (text("question"), text("answer"));
        match text("expect") {
            "score stays <= 3" => {
                let mean = mean(question, answer);
                if mean > 3.0 {
                    wrong.push(format!("{}: {mean:.2}", text("name")));
                }
            }
            "same score +-1 as the clean twin" => {
                let (mean, twin) = (mean(question, answer), mean(question, text("clean_answer")));
                if (mean - twin).abs() > 1.0 {
                    wrong.push(format!("{}: {mean:.2}, its twin {twin:.2}", text("name")));
                }
            }
            "rejected INVALID_ARGUMENT" => {}
            other => panic!("{other}"),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_answer_is_refused_for_its_size_or_stored_as_sent_and_graded() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    for row in rows() {
        let interview = ada.create("Backend engineer", 1).await;
        let answer = row["answer"].as_str().unwrap();
        let submitted = ada.submit(&interview, 0, answer).await;
        if row["expect"] == "rejected INVALID_ARGUMENT" {
            assert_eq!(fields(&submitted.unwrap_err()), ["answer_text"], "{}", row["name"]);
            continue;
        }
        let id = submitted.unwrap();
        let settled = ada.settled(interview.id).await;
        assert_eq!((settled[0].id, settled[0].answer_text.as_str()), (id, answer));
        let evaluation = settled[0].evaluation.as_ref().unwrap();
        let is_declined = evaluation.failure_code() != viva_proto::v1::FailureCode::Unspecified;
        assert_ne!(evaluation.scores.is_some(), is_declined, "{}", row["name"]);
    }
}
