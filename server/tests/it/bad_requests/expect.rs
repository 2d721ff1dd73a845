//! What the corpus expects, and how a result differs from it.

use std::time::Duration;

use serde_json::Value;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::support::{fields, reason};

const CORPUS: &str = include_str!("../../corpora/bad-requests.jsonl");

/// The corpus sets limits for an idle machine; here other tests run as well. The benchmark measures
/// how fast a submit really is.
const SLACK: u32 = 10;

/// What no message may contain: SQL, paths, traces, secrets.
const NEVER_SAID: [&str; 8] =
    ["SELECT", "INSERT", "/", "panicked", ".rs:", "correct horse", "eyJ", "sqlite"];

/// The rows of the corpus.
pub(crate) fn rows() -> Vec<Value> {
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

/// How a result differs from what its row expects.
pub(crate) fn faults(row: &Value, outcome: &Result<(), Status>, took: Duration) -> Vec<String> {
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
    let reason = status.map(reason).unwrap_or_default();
    if let Some(status) = status
        && !reasons(status).contains(&reason.as_str())
    {
        faults.push(format!("gives the reason {reason:?} for {message:?}"));
    }
    let never = expect["message_not_contains"].as_array().cloned().unwrap_or_default();
    let all = status.map(|s| format!("{message} {:?}", s.get_error_details())).unwrap_or_default();
    for word in never.iter().filter_map(Value::as_str).chain(NEVER_SAID) {
        if all.contains(word) {
            faults.push(format!("tells {word:?}: {all}"));
        }
    }
    if let Some(limit) = expect["max_ms"].as_u64()
        && took > SLACK * Duration::from_millis(limit)
    {
        faults.push(format!("took {took:?}"));
    }
    faults
}

/// The reasons that the contract's table of errors has for a code and message.
fn reasons(status: &Status) -> &'static [&'static str] {
    match (status.code(), status.message()) {
        (Code::Unauthenticated, "Invalid username or password") => &["INVALID_CREDENTIALS"],
        (Code::Unauthenticated, "Token has expired") => &["TOKEN_EXPIRED"],
        (Code::Unauthenticated, "Authentication required") => &["CREDENTIAL_MISSING"],
        (Code::Unauthenticated, "Invalid token format") => &["TOKEN_INVALID"],
        (Code::Unauthenticated, "Session has ended") => &["SESSION_ENDED"],
        (Code::InvalidArgument, "Invalid request") => &["VALIDATION_FAILED"],
        (Code::InvalidArgument, said) if said.starts_with("The request has ") => {
            &["REQUEST_TOO_LARGE"]
        }
        (Code::PermissionDenied, "Access denied") => &["ACCESS_DENIED"],
        (Code::NotFound, "Interview not found") => &["INTERVIEW_NOT_FOUND"],
        (Code::NotFound, "Question not found") => &["QUESTION_NOT_FOUND"],
        (Code::NotFound, "Answer not found") => &["ANSWER_NOT_FOUND"],
        (Code::NotFound, "Point not found") => &["POINT_NOT_FOUND"],
        (Code::NotFound, "API key not found") => &["API_KEY_NOT_FOUND"],
        (Code::NotFound, "Session not found") => &["SESSION_NOT_FOUND"],
        (Code::NotFound, "Mark not found") => &["MARK_NOT_FOUND"],
        (Code::AlreadyExists, "Username is already taken") => &["USERNAME_TAKEN"],
        (Code::AlreadyExists, "Email is already registered") => &["EMAIL_TAKEN"],
        (Code::FailedPrecondition, "Evaluation has not failed") => &["EVALUATION_NOT_FAILED"],
        (Code::FailedPrecondition, "Only an interview in real mode can be ended") => {
            &["NOT_IN_REAL_MODE"]
        }
        (Code::Unavailable, "Database temporarily unavailable") => &["DATABASE_UNAVAILABLE"],
        (Code::DeadlineExceeded, "Request timeout") => &["TIMEOUT"],
        _ => &[],
    }
}
