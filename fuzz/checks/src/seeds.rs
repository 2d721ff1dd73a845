//! The seeds of the targets: the corpora of the tests, the question bank, and credentials.

use std::{fs, path::PathBuf, sync::OnceLock, time::Duration};

use prost::Message as _;
use serde_json::Value;
use viva_proto::v1::{
    GradeAnswerRequest, GradeAnswersItem, GradeAnswersRequest, RubricMistake, RubricPoint,
};
use viva_server::{
    auth::{access_token::AccessTokens, api_key, signing_key::SigningKey},
    domain::{
        account::Caller,
        clock::Timestamp,
        id::{SessionId, UserId},
    },
};

/// The time at which tokens are checked.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(1_767_225_600_000_000)
}

/// The signer of the one valid token.
pub(crate) fn access_tokens() -> &'static AccessTokens {
    static TOKENS: OnceLock<AccessTokens> = OnceLock::new();
    TOKENS.get_or_init(|| {
        let key = SigningKey::parse("a key for fuzzing, at least 32 bytes");
        AccessTokens::new(&key.unwrap_or_else(|e| panic!("{e}")), Duration::from_mins(30))
    })
}

/// The only valid token, always the same.
pub(crate) fn good_token() -> &'static str {
    static TOKEN: OnceLock<String> = OnceLock::new();
    TOKEN.get_or_init(|| {
        let caller = Caller { user_id: UserId::new(1), session_id: SessionId::new(2) };
        let signed = access_tokens().sign(caller, now());
        signed.unwrap_or_else(|e| panic!("{e}")).token
    })
}

/// The seeds of the target with this name.
///
/// # Panics
///
/// If a corpus is missing.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let texts = match target {
        "request" => return requests(),
        "bank_file" => bank(),
        "evaluation_reply" => replies().chain(contents("scores")).collect(),
        "json_request" => json_requests(),
        "question_reply" => questions(),
        "grade_row" => rows(),
        "retry_after" => waits().chain(replies()).collect(),
        "terminal_text" => answers().collect(),
        "gateway_text" => {
            ["", "AAAAAAA=", "AAAAAAA=gAAAAA==", "AA==AQI=Aw=="].map(Into::into).into()
        }
        "token" => vec![good_token().to_owned(), api_key::generate().secret],
        _ => Vec::new(),
    };
    texts.into_iter().map(String::into_bytes).collect()
}

/// Requests in JSON: batches, and what no batch may contain.
fn json_requests() -> Vec<String> {
    let batch = |row: &String| format!(r#"{{"items": [{{"itemId": "1", "request": {row}}}]}}"#);
    let wrong = [
        r#"{"items": [{}, null]}"#,
        r#"{"shared": {"key_points": [{"weight": "NaN", "id": "1"}], "level": 2}}"#,
        r#"{"shared": {"level": "LEVEL_SENIOR"}, "shared": {}}"#,
        r#"{"items": [{"itemId": "\ud83d\ude00", "request": {"answr": 1e3}}]}"#,
    ];
    rows().iter().take(3).map(batch).chain(wrong.map(Into::into)).collect()
}

/// Encoded messages: a batch with a rubric, the smallest item, and a request in two parts.
fn requests() -> Vec<Vec<u8>> {
    let texts = || vec!["one".to_owned(), String::new()];
    let point = RubricPoint {
        point: "A lock.".into(),
        weight: Some(2.0),
        phrasings: texts(),
        id: "p1".into(),
    };
    let mistake =
        RubricMistake { claim: "None.".into(), why_wrong: "There is one.".into(), id: "m1".into() };
    let request = GradeAnswerRequest {
        question: "Why?".into(),
        key_points: vec![point; 3],
        mistakes: vec![mistake; 2],
        answer: "So.".into(),
        ..GradeAnswerRequest::default()
    };
    let item = GradeAnswersItem { item_id: "1".into(), request: Some(request) };
    let batch = GradeAnswersRequest { items: vec![item; 2], shared: None };
    vec![batch.encode_to_vec(), vec![0x0a, 0], vec![0x0a, 4, 0x12, 2, 0x1a, 0]]
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn lines(path: &str) -> Vec<Value> {
    let json = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{path}: {e}"));
    read(path).lines().map(json).collect()
}

fn folder(path: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut names: Vec<_> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names.into_iter().map(|name| read(&format!("{path}/{name}"))).collect()
}

/// The bank's files under the name that the target uses, with two questions each.
fn bank() -> Vec<String> {
    let cut = |text: &String| {
        let parts: Vec<_> = text.splitn(4, "[[question]]").take(3).collect();
        let (head, rest) = parts.join("[[question]]").split_once('\n').map(owned)?;
        head.starts_with("topic = ").then(|| format!("topic = \"fuzz\"\n{rest}"))
    };
    folder("server/bank").iter().filter_map(cut).collect()
}

fn owned((one, other): (&str, &str)) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

/// The bodies of a language model's replies.
fn replies() -> impl Iterator<Item = String> {
    folder("server/tests/corpora/llm-responses").into_iter().filter_map(|text| {
        let reply: Value = serde_json::from_str(&text).ok()?;
        reply["http"]["body"].as_str().map(ToOwned::to_owned)
    })
}

/// The contents of those replies that contain this word.
fn contents(word: &str) -> impl Iterator<Item = String> {
    let found = replies().filter_map(|body| {
        let body: Value = serde_json::from_str(&body).ok()?;
        body["choices"][0]["message"]["content"].as_str().map(ToOwned::to_owned)
    });
    found.filter(move |content| content.contains(word))
}

/// Each question of the corpus as a model would reply with it.
fn questions() -> Vec<String> {
    let path = "server/tests/corpora/questions.json";
    let all: Vec<Value> =
        serde_json::from_str(&read(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    all.iter().map(|question| serde_json::json!({ "questions": [question] }).to_string()).collect()
}

/// The hostile answers of the injection corpus.
fn answers() -> impl Iterator<Item = String> {
    lines("server/tests/corpora/injections.jsonl")
        .into_iter()
        .filter_map(|row| row["answer"].as_str().map(ToOwned::to_owned))
}

fn rows() -> Vec<String> {
    let row = |answer: String| {
        let question = "What is a mutex for?";
        let points = [
            serde_json::json!({ "point": "One thread at a time is in the critical section." }),
            serde_json::json!({ "point": "The others wait.", "weight": 2, "phrasings": ["block"] }),
        ];
        let mistakes =
            [serde_json::json!({ "claim": "A mutex is free.", "why_wrong": "Locks cost time." })];
        serde_json::json!({
            "question": question, "key_points": points, "mistakes": mistakes, "answer": answer,
        })
        .to_string()
    };
    answers().map(row).collect()
}

fn waits() -> impl Iterator<Item = String> {
    let waits = ["0", "7", "1.5", "99999999999999999999", "Thu, 01 Jan 2026 00:00:30 GMT", "soon"];
    waits.into_iter().map(ToOwned::to_owned)
}
