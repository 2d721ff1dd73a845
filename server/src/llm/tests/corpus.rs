//! Every reply of the corpus, as one call sees it.

use std::{fs, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Value;

use super::{
    ask, client,
    endpoint::{Endpoint, response},
};
use crate::llm::{Fault, only_object};

#[derive(Debug, Deserialize)]
struct Evaluation {
    scores: Scores,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "that they can be read is what is tested")]
struct Scores {
    correctness: f64,
    completeness: f64,
    quality: f64,
    communication: f64,
}

/// The cases that answer as they are; the others are in the tests of the network and the limits.
fn cases() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpora/llm-responses");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let json = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    json.map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
        .filter(|case: &Value| case["http"]["behaviour"] == "normal")
        .collect()
}

fn reply(http: &Value) -> Vec<u8> {
    let headers = http["headers"].as_object().unwrap();
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    let body = match http["body_base64"].as_str() {
        Some(packed) => STANDARD.decode(packed).unwrap(),
        None => http["body"].as_str().unwrap().as_bytes().to_vec(),
    };
    response(u16::try_from(http["status"].as_u64().unwrap()).unwrap(), &headers, &body)
}

/// What one call comes to, in the corpus's words.
async fn outcome(case: &Value) -> &'static str {
    let endpoint = Endpoint::always(reply(&case["http"])).await;
    let read = client(endpoint.url())
        .complete(&ask())
        .await
        .and_then(|reply| only_object::<Evaluation>(&reply.content, "scores"));
    match read {
        Ok(evaluation) => {
            assert!(evaluation.scores.correctness.is_finite());
            "completed"
        }
        Err(Fault::Retry { .. }) => "retried",
        Err(Fault::Fail { .. }) => "failed",
    }
}

#[tokio::test]
async fn every_reply_of_the_corpus_comes_to_what_it_says() {
    let cases = cases();
    assert!(cases.len() >= 27, "the corpus has moved");
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let expected = match name {
            // Attempts are the worker's to count, and the scale is the evaluation's to check.
            "rate-429-forever" => "retried",
            "bad-score-range" => "completed",
            _ => case["expect"]["outcome"].as_str().unwrap(),
        };
        assert_eq!(outcome(&case).await, expected, "{name}");
    }
}
