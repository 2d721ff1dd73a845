//! The table: for each RPC whom it serves, and how a request of it is filled.

use serde_json::{Value, json};

/// Whom an RPC serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// Everybody; no credential is asked for.
    Open,
    /// Whoever has a credential that works.
    Any,
    /// Whoever is signed in; no API key will do.
    SignedIn,
    /// Whoever is signed in, and API keys with that scope.
    Scope(&'static str),
}

/// Ids of things that were made for one call, and names that nobody else has.
pub(crate) struct Things {
    pub(crate) interview: i64,
    pub(crate) question: i64,
    /// Its evaluation has failed.
    pub(crate) answer: i64,
    pub(crate) api_key: i64,
    pub(crate) refresh_token: String,
    /// A user name that is free.
    pub(crate) name: String,
}

/// One RPC.
pub(crate) struct Row {
    /// `Service/Method`.
    pub(crate) rpc: &'static str,
    pub(crate) door: Door,
    /// Whether its request names a thing of the owner's, which others are denied.
    pub(crate) is_of_an_account: bool,
    /// A sound request about these things.
    pub(crate) fill: fn(&Things) -> Value,
    /// A request that is wrong in every way it can be.
    pub(crate) rubbish: fn() -> Value,
}

const READ: Door = Door::Scope("SCOPE_READ");
const PRACTISE: Door = Door::Scope("SCOPE_PRACTISE");
const GRADE: Door = Door::Scope("SCOPE_GRADE");

impl Row {
    /// Whether a call that is served leaves its caller with another password, or with no account.
    pub(crate) fn spends_its_caller(&self) -> bool {
        ["AuthService/ChangePassword", "AuthService/DeleteAccount"].contains(&self.rpc)
    }
}

/// An RPC about nothing in particular.
const fn row(
    rpc: &'static str,
    door: Door,
    fill: fn(&Things) -> Value,
    rubbish: fn() -> Value,
) -> Row {
    Row { rpc, door, is_of_an_account: false, fill, rubbish }
}

/// An RPC about a thing of an account.
const fn owned(
    rpc: &'static str,
    door: Door,
    fill: fn(&Things) -> Value,
    rubbish: fn() -> Value,
) -> Row {
    Row { rpc, door, is_of_an_account: true, fill, rubbish }
}

fn nothing() -> Value {
    json!({})
}

fn no_interview() -> Value {
    json!({ "interview_id": 4_711_471_147_i64 })
}

fn no_answer() -> Value {
    json!({ "answer_id": -1 })
}

/// Every RPC.
pub(crate) const TABLE: [Row; 30] = [
    row(
        "AuthService/Register",
        Door::Open,
        |things| {
            let email = format!("{}@corpus.example", things.name);
            json!({ "username": things.name, "email": email, "password": crate::support::PASSWORD })
        },
        nothing,
    ),
    row(
        "AuthService/Login",
        Door::Open,
        |_| json!({ "username": "ada", "password": crate::support::PASSWORD }),
        nothing,
    ),
    row(
        "AuthService/Refresh",
        Door::Open,
        |things| json!({ "refresh_token": things.refresh_token }),
        nothing,
    ),
    row("AuthService/Logout", Door::SignedIn, |_| json!({}), nothing),
    row(
        "AuthService/ChangePassword",
        Door::SignedIn,
        |_| json!({ "current_password": crate::support::PASSWORD, "new_password": "another one 43" }),
        || json!({ "new_password": "short" }),
    ),
    row(
        "AuthService/DeleteAccount",
        Door::SignedIn,
        |_| json!({ "password": crate::support::PASSWORD }),
        || json!({ "password": "not the password" }),
    ),
    row("AuthService/ExportAccount", Door::SignedIn, |_| json!({}), nothing),
    row("AuthService/GetMe", Door::Any, |_| json!({}), nothing),
    row(
        "AuthService/CreateApiKey",
        Door::SignedIn,
        |things| json!({ "name": things.name, "expires_at": "9999-01-01T00:00:00Z" }),
        || json!({ "name": "\n", "expires_at": "1999-01-01T00:00:00Z", "scopes": [77] }),
    ),
    row("AuthService/ListApiKeys", Door::SignedIn, |_| json!({}), nothing),
    owned(
        "AuthService/RevokeApiKey",
        Door::SignedIn,
        |things| json!({ "api_key_id": things.api_key }),
        || json!({ "api_key_id": -1 }),
    ),
    row(
        "InterviewService/CreateInterview",
        PRACTISE,
        |_| json!({ "role": "Backend engineer", "num_questions": 1 }),
        || json!({ "num_questions": 99, "level": 77, "language": "?" }),
    ),
    owned(
        "InterviewService/GetInterview",
        READ,
        |things| json!({ "interview_id": things.interview }),
        no_interview,
    ),
    row(
        "InterviewService/ListInterviews",
        READ,
        |_| json!({}),
        || json!({ "page_size": -1, "page_token": "rubbish" }),
    ),
    owned(
        "InterviewService/DeleteInterview",
        PRACTISE,
        |things| json!({ "interview_id": things.interview }),
        no_interview,
    ),
    owned(
        "InterviewService/AddFollowUp",
        PRACTISE,
        |things| json!({ "question_id": things.question }),
        || json!({ "question_id": -1 }),
    ),
    row("InterviewService/ListTemplates", READ, |_| json!({}), nothing),
    row(
        "InterviewService/PreviewInterview",
        READ,
        |_| json!({ "interview": { "role": "Backend engineer", "num_questions": 1 } }),
        || json!({ "interview": { "num_questions": 99, "level": 77, "language": "?" } }),
    ),
    owned(
        "InterviewService/SetQuestionMark",
        PRACTISE,
        |things| json!({ "question_id": things.question, "starred": true }),
        || json!({ "question_id": 1, "mark_id": 1, "note": "\0", "wish": 77 }),
    ),
    row(
        "InterviewService/ListQuestionMarks",
        READ,
        |_| json!({}),
        || json!({ "page_size": -1, "page_token": "rubbish" }),
    ),
    owned(
        "AnswerService/SubmitAnswer",
        PRACTISE,
        |things| {
            json!({
                "interview_id": things.interview,
                "question_id": things.question,
                "answer_text": "I would measure first.",
            })
        },
        || json!({ "answer_text": "short", "duration_ms": -1 }),
    ),
    owned(
        "AnswerService/GetAnswerStatus",
        READ,
        |things| json!({ "answer_id": things.answer }),
        no_answer,
    ),
    owned(
        "AnswerService/WatchInterview",
        READ,
        |things| json!({ "interview_id": things.interview }),
        no_interview,
    ),
    owned(
        "AnswerService/RetryEvaluation",
        PRACTISE,
        |things| json!({ "answer_id": things.answer }),
        no_answer,
    ),
    owned(
        "ReportService/GetReport",
        READ,
        |things| json!({ "interview_id": things.interview }),
        no_interview,
    ),
    owned(
        "ReportService/ExportReport",
        READ,
        |things| json!({ "interview_id": things.interview, "format": 1 }),
        no_interview,
    ),
    row("ReportService/GetProgress", READ, |_| json!({}), || json!({ "max_interviews": -1 })),
    owned(
        "ReportService/GetRubric",
        READ,
        |things| json!({ "question_id": things.question }),
        || json!({ "question_id": -1 }),
    ),
    row("GradeService/GradeAnswer", GRADE, |_| graded(), nothing),
    row(
        "GradeService/GradeAnswers",
        GRADE,
        |_| json!({ "items": [{ "item_id": "one", "request": graded() }] }),
        nothing,
    ),
];

fn graded() -> Value {
    json!({ "question": "Why?", "reference": "Because of it.", "answer": "So." })
}
