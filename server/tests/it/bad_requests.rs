//! Replays the corpus of bad requests: each row's call must give what the row expects, and after
//! each the server still answers a good one.

mod fixture;
mod lock;
mod raw;

use std::time::{Duration, Instant};

use serde_json::Value;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use viva_server::storage::Lifecycle;

use crate::support::{QUERY_TIMEOUT, fields};
use fixture::Fixture;

const CORPUS: &str = include_str!("../corpora/bad-requests.jsonl");

/// What no message may hold: SQL, paths, traces, secrets.
const NEVER_SAID: [&str; 8] =
    ["SELECT", "INSERT", "/", "panicked", ".rs:", "correct horse", "eyJ", "sqlite"];

fn rows() -> Vec<Value> {
    CORPUS.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn code(name: &str) -> Code {
    let codes = [
        ("OK", Code::Ok),
        ("INVALID_ARGUMENT", Code::InvalidArgument),
        ("UNAUTHENTICATED", Code::Unauthenticated),
        ("PERMISSION_DENIED", Code::PermissionDenied),
        ("NOT_FOUND", Code::NotFound),
        ("ALREADY_EXISTS", Code::AlreadyExists),
        ("FAILED_PRECONDITION", Code::FailedPrecondition),
        ("UNAVAILABLE", Code::Unavailable),
        ("DEADLINE_EXCEEDED", Code::DeadlineExceeded),
        ("RESOURCE_EXHAUSTED", Code::ResourceExhausted),
    ];
    codes.into_iter().find(|(known, _)| *known == name).expect(name).1
}

/// What is wrong with an outcome, in the row's eyes.
fn faults(row: &Value, outcome: &Result<(), Status>, took: Duration) -> Vec<String> {
    let expect = &row["expect"];
    let mut faults = Vec::new();
    let got = outcome.as_ref().err().map_or(Code::Ok, Status::code);
    let accepted = expect["accept"].as_array().into_iter().flatten();
    let right = std::iter::once(&expect["grpc_code"]).chain(accepted).filter_map(Value::as_str);
    if !right.clone().any(|name| code(name) == got) {
        faults.push(format!("gave {got:?} {outcome:?}"));
    }
    let status = outcome.as_ref().err();
    let message = status.map(Status::message).unwrap_or_default();
    if let Some(wanted) = expect["message"].as_str()
        && wanted != message
    {
        faults.push(format!("said {message:?}, not {wanted:?}"));
    }
    let wanted_fields = expect["fields"].as_array().cloned().unwrap_or_default();
    for wanted in wanted_fields.iter().chain(expect.get("field")).filter_map(Value::as_str) {
        if !status.map(fields).unwrap_or_default().iter().any(|field| field == wanted) {
            faults.push(format!("does not name {wanted}"));
        }
    }
    let never = expect["message_not_contains"].as_array().cloned().unwrap_or_default();
    let all = status.map(|s| format!("{message} {:?}", s.get_error_details())).unwrap_or_default();
    for word in never.iter().filter_map(Value::as_str).chain(NEVER_SAID) {
        if all.contains(word) {
            faults.push(format!("tells {word:?}: {all}"));
        }
    }
    if let Some(limit) = expect["max_ms"].as_u64()
        && took > Duration::from_millis(limit)
    {
        faults.push(format!("took {took:?}"));
    }
    faults
}

#[tokio::test]
async fn every_row_of_the_corpus_gives_what_it_expects() {
    let mut wrong = Vec::new();
    for row in rows().iter().filter(|row| row["env"].is_null()) {
        let fixture = Fixture::new().await;
        let began = Instant::now();
        let outcome = fixture.send(row).await;
        let took = began.elapsed();
        let mut found = faults(row, &outcome, took);
        if !fixture.answers_the_next_good_request().await {
            found.push("the next good request fails".into());
        }
        wrong.extend(found.into_iter().map(|fault| format!("{}: {fault}", row["name"])));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn rows_with_the_database_down_say_that_it_is_unavailable() {
    let fixture = Fixture::new().await;
    fixture.server.store.close().await;
    for row in rows().iter().filter(|row| row["env"] == "db_down") {
        let found = faults(row, &fixture.send(row).await, Duration::ZERO);
        assert!(found.is_empty(), "{}: {found:?}", row["name"]);
    }
}

#[tokio::test]
async fn rows_with_a_blocked_database_say_that_time_ran_out_and_then_it_recovers() {
    let fixture = Fixture::new().await;
    let database = fixture.server.folder.path().join("viva.db");
    let lock = lock::hold(&database);
    for row in rows().iter().filter(|row| row["env"] == "db_slow") {
        let began = Instant::now();
        let found = faults(row, &fixture.send(row).await, Duration::ZERO);
        assert!(found.is_empty(), "{}: {found:?}", row["name"]);
        assert!(began.elapsed() >= QUERY_TIMEOUT / 2, "it did wait for the lock");
    }
    drop(lock);
    while !fixture.answers_the_next_good_request().await {}
}

#[test]
fn the_corpus_has_rows_of_every_environment() {
    for env in ["db_down", "db_slow"] {
        assert!(rows().iter().any(|row| row["env"] == env));
    }
    assert!(rows().iter().filter(|row| row["env"].is_null()).count() >= 40);
}
