//! The table: who may call each RPC, and how to fill its request.

use serde_json::{Value, json};

/// Who may call an RPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everyone; no credential is needed.
    Open,
    /// Anyone with a working credential.
    Any,
    /// Signed-in people; no API key is accepted.
    SignedIn,
    /// Signed-in people, and API keys with this scope.
    Scope(&'static str),
}

/// Ids of things that were created for one call, and names that are not taken.
pub(crate) struct Things {
    pub(crate) interview: i64,
    pub(crate) question: i64,
    /// Its evaluation has failed, unless the RPC needs a completed one.
    pub(crate) answer: i64,
    pub(crate) api_key: i64,
    /// A point in its owner's memory.
    pub(crate) point: i64,
    /// A session other than the caller's.
    pub(crate) session: i64,
    pub(crate) refresh_token: String,
    /// A user name that is free.
    pub(crate) name: String,
}

/// One RPC.
pub(crate) struct Row {
    /// `Service/Method`.
    pub(crate) rpc: &'static str,
    pub(crate) access: Access,
    /// Whether its request names something of an account, which other accounts are denied.
    pub(crate) is_of_an_account: bool,
    /// A valid request about these things.
    pub(crate) fill: fn(&Things) -> Value,
    /// A request that is invalid in every possible way.
    pub(crate) malformed: fn() -> Value,
}

const READ: Access = Access::Scope("SCOPE_READ");
const PRACTISE: Access = Access::Scope("SCOPE_PRACTISE");
const GRADE: Access = Access::Scope("SCOPE_GRADE");

impl Row {
    /// Whether its request names a point of a memory.
    pub(crate) fn is_of_a_point(&self) -> bool {
        self.is_of_an_account && self.rpc.starts_with("MemoryService/")
    }

    /// Whether a successful call changes its caller's password, ends their other sessions or
    /// deletes their account.
    pub(crate) fn spends_its_caller(&self) -> bool {
        ["AuthService/EndOtherSessions", "AuthService/ChangePassword", "AuthService/DeleteAccount"]
            .contains(&self.rpc)
    }
}

/// An RPC whose request names nothing of an account.
const fn row(
    rpc: &'static str,
    access: Access,
    fill: fn(&Things) -> Value,
    malformed: fn() -> Value,
) -> Row {
    Row { rpc, access, is_of_an_account: false, fill, malformed }
}

/// An RPC whose request names something of an account.
const fn owned(
    rpc: &'static str,
    access: Access,
    fill: fn(&Things) -> Value,
    malformed: fn() -> Value,
) -> Row {
    Row { rpc, access, is_of_an_account: true, fill, malformed }
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
pub(crate) const TABLE: [Row; 48] = [
    row(
        "AuthService/Register",
        Access::Open,
        |things| {
            let email = format!("{}@corpus.example", things.name);
            json!({ "username": things.name, "email": email, "password": crate::support::PASSWORD })
        },
        nothing,
    ),
    row(
        "AuthService/Login",
        Access::Open,
        |_| json!({ "username": "ada", "password": crate::support::PASSWORD }),
        nothing,
    ),
    row(
        "AuthService/Refresh",
        Access::Open,
        |things| json!({ "refresh_token": things.refresh_token }),
        nothing,
    ),
    row("AuthService/Logout", Access::SignedIn, |_| json!({}), nothing),
    row("AuthService/ListSessions", Access::SignedIn, |_| json!({}), nothing),
    owned(
        "AuthService/EndSession",
        Access::SignedIn,
        |things| json!({ "session_id": things.session }),
        || json!({ "session_id": -1 }),
    ),
    row("AuthService/EndOtherSessions", Access::SignedIn, |_| json!({}), nothing),
    row(
        "AuthService/ChangePassword",
        Access::SignedIn,
        |_| json!({ "current_password": crate::support::PASSWORD, "new_password": "another one 43" }),
        || json!({ "new_password": "short" }),
    ),
    row(
        "AuthService/DeleteAccount",
        Access::SignedIn,
        |_| json!({ "password": crate::support::PASSWORD }),
        || json!({ "password": "not the password" }),
    ),
    row("AuthService/ExportAccount", Access::SignedIn, |_| json!({}), nothing),
    row("AuthService/GetMe", Access::Any, |_| json!({}), nothing),
    row(
        "AuthService/SetTimeZone",
        Access::SignedIn,
        |_| json!({ "time_zone": "Europe/Berlin" }),
        || json!({ "time_zone": "Berlin" }),
    ),
    row(
        "AuthService/CreateApiKey",
        Access::SignedIn,
        |things| json!({ "name": things.name, "expires_at": "9999-01-01T00:00:00Z" }),
        || json!({ "name": "\n", "expires_at": "1999-01-01T00:00:00Z", "scopes": [77] }),
    ),
    row("AuthService/ListApiKeys", Access::SignedIn, |_| json!({}), nothing),
    owned(
        "AuthService/RevokeApiKey",
        Access::SignedIn,
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
        "InterviewService/EndInterview",
        PRACTISE,
        |things| json!({ "interview_id": things.interview }),
        no_interview,
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
    owned(
        "InterviewService/GetHint",
        PRACTISE,
        |things| json!({ "question_id": things.question }),
        || json!({ "question_id": -1, "number": -1 }),
    ),
    owned(
        "InterviewService/RevealQuestion",
        PRACTISE,
        |things| json!({ "question_id": things.question }),
        || json!({ "question_id": -1 }),
    ),
    row(
        "InterviewService/ListTemplates",
        READ,
        |_| json!({}),
        || json!({ "page_size": -1, "page_token": "rubbish" }),
    ),
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
        "AnswerService/ChallengePoint",
        PRACTISE,
        |things| json!({ "answer_id": things.answer, "point_number": 1, "words": "measure first" }),
        || json!({ "answer_id": -1, "point_number": -1, "words": "\0" }),
    ),
    owned(
        "AnswerService/AssessPoint",
        PRACTISE,
        |things| json!({ "answer_id": things.answer, "point_number": 1 }),
        || json!({ "answer_id": -1, "point_number": -1, "self_assessment": 77 }),
    ),
    row(
        "AnswerService/SearchAnswers",
        READ,
        |_| json!({ "query": "measure" }),
        || json!({ "query": "", "page_size": -1, "page_token": "rubbish" }),
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
    row(
        "ReportService/GetProgress",
        READ,
        |_| json!({}),
        || json!({ "max_interviews": -1, "utc_offset_minutes": 841 }),
    ),
    owned(
        "ReportService/GetRubric",
        READ,
        |things| json!({ "question_id": things.question }),
        || json!({ "question_id": -1 }),
    ),
    owned(
        "ReportService/CompareAttempts",
        READ,
        |things| json!({ "question_id": things.question }),
        || json!({ "question_id": -1, "later_attempt": -1 }),
    ),
    row("MemoryService/GetMemory", READ, |_| json!({}), || json!({ "time_zone": "Berlin" })),
    row(
        "MemoryService/ListReviews",
        READ,
        |_| json!({ "mode": 2 }),
        || json!({ "mode": 77, "time_zone": "Berlin" }),
    ),
    owned(
        "MemoryService/SubmitReview",
        PRACTISE,
        |things| json!({ "point_id": things.point, "answer_text": "I would measure first." }),
        || json!({ "point_id": -1, "prompt_number": -1, "answer_text": "\0", "time_zone": "?" }),
    ),
    owned(
        "MemoryService/PostponeReview",
        PRACTISE,
        |things| json!({ "point_id": things.point, "days": 2 }),
        || json!({ "point_id": -1, "days": -1, "time_zone": "?" }),
    ),
    owned(
        "MemoryService/ForgetPoint",
        PRACTISE,
        |things| json!({ "point_id": things.point }),
        || json!({ "point_id": -1 }),
    ),
    row("GradeService/GradeAnswer", GRADE, |_| graded(), nothing),
    row(
        "GradeService/GradeAnswers",
        GRADE,
        |_| json!({ "items": [{ "item_id": "one", "request": graded() }] }),
        nothing,
    ),
    row("ServerService/GetServerInfo", Access::Open, |_| json!({}), nothing),
    row("ServerService/GetUsage", Access::Any, |_| json!({}), nothing),
];

fn graded() -> Value {
    json!({ "question": "Why?", "reference": "Because of it.", "answer": "So." })
}
