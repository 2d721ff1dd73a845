//! What went wrong with a call, by the error's reason and never by its text, and the message for
//! the user. The caller decides what to do about it.

mod certificate;

use std::{error::Error as _, io, time::Duration};

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What kind of fault it is.
    pub(crate) kind: ProblemKind,
    /// What failed, for the user.
    pub(crate) message: String,
    /// The fields of the request that break a rule.
    pub(crate) violations: Vec<Violation>,
    /// What is safe despite the problem; the caller knows.
    pub(crate) safe: Option<&'static str>,
    /// How long the server asks the client to wait.
    pub(crate) retry_after: Option<Duration>,
    /// The id under which the server's log says more.
    pub(crate) request_id: Option<String>,
}

/// A field and the rule it breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The field, named as in the contract.
    pub(crate) field: String,
    /// What is wrong with it, for the user.
    pub(crate) message: String,
}

/// The kinds of fault that callers distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// The access token has expired; it may be renewed.
    TokenExpired,
    /// You must sign in, perhaps again.
    SignIn,
    /// The API key is not accepted.
    Key,
    /// The username or the password is wrong.
    Credentials,
    /// The request breaks a rule.
    Validation,
    /// It belongs to another account.
    Denied,
    /// It does not exist.
    NotFound,
    /// It already exists.
    Conflict,
    /// Its state does not allow it.
    Precondition,
    /// Too many calls.
    Busy,
    /// The server answers, but cannot serve now.
    Unavailable,
    /// The server does not answer.
    Unreachable,
    /// This machine has no network.
    NoNetwork,
    /// The reply did not come in time.
    Timeout,
    /// This server cannot do it.
    Unsupported,
    /// The server failed.
    Server,
    /// Something on this machine failed: the built-in server, a file.
    Local,
}

impl Problem {
    /// A problem of this kind with this message.
    pub(crate) fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            violations: Vec::new(),
            safe: None,
            retry_after: None,
            request_id: None,
        }
    }

    /// A call without a reply in time.
    pub(crate) fn timeout() -> Self {
        Self::new(ProblemKind::Timeout, "Request timed out. Please try again.")
    }

    /// There is no credential.
    pub(crate) fn sign_in() -> Self {
        Self::new(ProblemKind::SignIn, "Please sign in.")
    }

    /// The API key is not accepted, or no longer.
    pub(crate) fn key_refused() -> Self {
        let message = "The server rejects the API key in VIVA_API_KEY: it is unknown, revoked or \
                       expired. Set it to one that works, or unset it and sign in.";
        Self::new(ProblemKind::Key, message)
    }

    /// Adds what is safe despite the problem.
    #[must_use]
    pub(crate) fn with_safe(self, safe: &'static str) -> Self {
        Self { safe: Some(safe), ..self }
    }

    /// Whether signing in would help.
    pub(crate) fn needs_sign_in(&self) -> bool {
        matches!(self.kind, ProblemKind::SignIn | ProblemKind::TokenExpired)
    }

    /// Whether the server cannot be reached for now.
    pub(crate) fn is_offline(&self) -> bool {
        use ProblemKind::{NoNetwork, Timeout, Unavailable, Unreachable};
        matches!(self.kind, NoNetwork | Timeout | Unavailable | Unreachable)
    }

    /// Whether the call may have succeeded anyway, or would if repeated: the caller should repeat
    /// it with the same idempotency key.
    pub(crate) fn is_passing(&self) -> bool {
        self.is_offline()
            || self.needs_sign_in()
            || matches!(
                self.kind,
                ProblemKind::Busy | ProblemKind::Server | ProblemKind::Local | ProblemKind::Key
            )
    }
}

impl From<Status> for Problem {
    fn from(status: Status) -> Self {
        let details = status.get_error_details();
        let reason = details.error_info().map(|info| info.reason.as_str());
        let kind = kind_of(&status, reason);
        let scope = details.error_info().and_then(|info| info.metadata.get("scope"));
        let words = scope.map_or_else(|| words(kind, status.message()), |scope| lacks(scope));
        let words = certificate::refused(&status).map_or(words, str::to_owned);
        let is_reused = reason == Some("IDEMPOTENCY_KEY_REUSED");
        let words = if is_reused { SENT_BEFORE.to_owned() } else { words };
        let mut problem = Self::new(kind, words);
        if let Some(request) = details.bad_request() {
            problem.violations.extend(
                request
                    .field_violations
                    .iter()
                    .map(|v| Violation { field: v.field.clone(), message: v.description.clone() }),
            );
        }
        problem.violations.extend(taken(reason, status.message()));
        problem.retry_after = details.retry_info().and_then(|info| info.retry_delay);
        let id = status.metadata().get("x-request-id").and_then(|id| id.to_str().ok());
        problem.request_id = id.map(str::to_owned);
        problem
    }
}

/// The server's own message is about keys, which the user has never seen.
const SENT_BEFORE: &str =
    "Something else was already sent in its place, probably from another window.";

/// The message about an API key without this scope.
fn lacks(scope: &str) -> String {
    let scope = scope.trim_start_matches("SCOPE_").to_lowercase();
    format!("The API key may not be used for this: it lacks the scope {scope}.")
}

/// A taken name is a fault of its field, and shown beside it.
fn taken(reason: Option<&str>, message: &str) -> Option<Violation> {
    let field = match reason? {
        "USERNAME_TAKEN" => "username",
        "EMAIL_TAKEN" => "email",
        _ => return None,
    };
    Some(Violation { field: field.to_owned(), message: message.to_owned() })
}

fn kind_of(status: &Status, reason: Option<&str>) -> ProblemKind {
    reason.and_then(kind_of_reason).unwrap_or_else(|| kind_of_code(status))
}

fn kind_of_reason(reason: &str) -> Option<ProblemKind> {
    Some(match reason {
        "INVALID_CREDENTIALS" => ProblemKind::Credentials,
        "TOKEN_EXPIRED" => ProblemKind::TokenExpired,
        "CREDENTIAL_MISSING" | "TOKEN_INVALID" | "SESSION_ENDED" => ProblemKind::SignIn,
        "VALIDATION_FAILED" | "REQUEST_TOO_LARGE" => ProblemKind::Validation,
        "ACCESS_DENIED" | "SCOPE_MISSING" => ProblemKind::Denied,
        "INTERVIEW_NOT_FOUND"
        | "QUESTION_NOT_FOUND"
        | "ANSWER_NOT_FOUND"
        | "TEMPLATE_NOT_FOUND"
        | "API_KEY_NOT_FOUND"
        | "SESSION_NOT_FOUND"
        | "MARK_NOT_FOUND" => ProblemKind::NotFound,
        "USERNAME_TAKEN" | "EMAIL_TAKEN" | "IDEMPOTENCY_KEY_REUSED" => ProblemKind::Conflict,
        "EVALUATION_NOT_FAILED"
        | "NO_EVALUATION"
        | "NOTHING_TO_FOLLOW_UP"
        | "QUESTION_LIMIT"
        | "NO_MORE_HINTS"
        | "QUESTION_ANSWERED"
        | "NOTHING_TO_COMPARE"
        | "API_KEY_LIMIT"
        | "NOT_OF_BANK"
        | "GRADING_FAILED"
        | "MODEL_CALLS_SPENT"
        | "REGISTRATION_CLOSED" => ProblemKind::Precondition,
        "RATE_LIMITED" => ProblemKind::Busy,
        "DATABASE_UNAVAILABLE" | "SHUTTING_DOWN" | "GRADER_BUSY" => ProblemKind::Unavailable,
        "TIMEOUT" => ProblemKind::Timeout,
        "INTERNAL" => ProblemKind::Server,
        // A reason newer than this client: its code is enough.
        _ => return None,
    })
}

/// The kind of an error without a reason: from the transport, a proxy, or a newer server.
fn kind_of_code(status: &Status) -> ProblemKind {
    match status.code() {
        Code::Unauthenticated => ProblemKind::SignIn,
        Code::InvalidArgument | Code::OutOfRange => ProblemKind::Validation,
        Code::PermissionDenied => ProblemKind::Denied,
        Code::NotFound => ProblemKind::NotFound,
        Code::AlreadyExists => ProblemKind::Conflict,
        Code::FailedPrecondition | Code::Aborted => ProblemKind::Precondition,
        Code::ResourceExhausted => ProblemKind::Busy,
        Code::Unimplemented => ProblemKind::Unsupported,
        // tonic reports a deadline of its own as CANCELLED "Timeout expired".
        Code::DeadlineExceeded | Code::Cancelled => ProblemKind::Timeout,
        Code::Unavailable if no_network(status) => ProblemKind::NoNetwork,
        Code::Unavailable => ProblemKind::Unreachable,
        // A connection that broke under a call is reported as UNKNOWN with a source.
        Code::Unknown if status.source().is_some() => ProblemKind::Unreachable,
        Code::Ok | Code::Unknown | Code::Internal | Code::DataLoss => ProblemKind::Server,
    }
}

fn no_network(status: &Status) -> bool {
    let mut cause = status.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            use io::ErrorKind::{NetworkDown, NetworkUnreachable};
            return matches!(error.kind(), NetworkDown | NetworkUnreachable);
        }
        cause = error.source();
    }
    false
}

/// The messages of the original design; otherwise the server's own.
fn words(kind: ProblemKind, message: &str) -> String {
    match kind {
        ProblemKind::NoNetwork => "No internet connection. Please check your network.",
        ProblemKind::Timeout => "Request timed out. Please try again.",
        ProblemKind::Unreachable => "Unable to reach server. Please try again later.",
        ProblemKind::Denied => "You don't have permission to access this resource.",
        ProblemKind::NotFound => "Resource not found.",
        ProblemKind::Server => "Something went wrong. Please try again later.",
        ProblemKind::Unsupported => "This server cannot do that.",
        ProblemKind::TokenExpired | ProblemKind::SignIn => {
            "Your session has ended. Please sign in."
        }
        _ => message,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use tonic_types::ErrorDetails;

    use super::*;

    fn status(code: Code, reason: &str) -> Status {
        let details = ErrorDetails::with_error_info(reason, "viva", []);
        Status::with_error_details(code, "as the server puts it", details)
    }

    #[test]
    fn the_reason_takes_precedence_over_the_code() {
        let kind = |code, reason| Problem::from(status(code, reason)).kind;
        assert_eq!(kind(Code::Unauthenticated, "TOKEN_EXPIRED"), ProblemKind::TokenExpired);
        assert_eq!(kind(Code::Unauthenticated, "INVALID_CREDENTIALS"), ProblemKind::Credentials);
        assert_eq!(kind(Code::Unauthenticated, "SESSION_ENDED"), ProblemKind::SignIn);
        assert_eq!(kind(Code::Unavailable, "SHUTTING_DOWN"), ProblemKind::Unavailable);
        assert_eq!(kind(Code::NotFound, "SOMETHING_NEW"), ProblemKind::NotFound);
    }

    #[test]
    fn closed_registration_is_explained_in_the_servers_words() {
        let problem = Problem::from(status(Code::PermissionDenied, "REGISTRATION_CLOSED"));
        assert_eq!(problem.message, "as the server puts it");
    }

    #[test]
    fn a_reused_key_is_explained_without_mentioning_keys() {
        let problem = Problem::from(status(Code::AlreadyExists, "IDEMPOTENCY_KEY_REUSED"));
        assert_eq!((problem.kind, problem.message.as_str()), (ProblemKind::Conflict, SENT_BEFORE));
    }

    #[test]
    fn a_reached_limit_is_explained_in_the_servers_words() {
        let told = |code, reason| {
            let problem = Problem::from(status(code, reason));
            (problem.kind, problem.message)
        };
        let words = "as the server puts it".to_owned();
        assert_eq!(
            told(Code::ResourceExhausted, "MODEL_CALLS_SPENT"),
            (ProblemKind::Precondition, words.clone())
        );
        assert_eq!(
            told(Code::InvalidArgument, "REQUEST_TOO_LARGE"),
            (ProblemKind::Validation, words.clone())
        );
        assert_eq!(told(Code::ResourceExhausted, "RATE_LIMITED"), (ProblemKind::Busy, words));
    }

    #[test]
    fn a_missing_scope_is_named() {
        let scope = [("scope".to_owned(), "SCOPE_PRACTISE".to_owned())];
        let details = ErrorDetails::with_error_info("SCOPE_MISSING", "viva", scope);
        let status = Status::with_error_details(Code::PermissionDenied, "Access denied", details);
        let problem = Problem::from(status);
        assert_eq!(problem.kind, ProblemKind::Denied);
        assert!(problem.message.ends_with("lacks the scope practise."), "{}", problem.message);
    }

    #[test]
    fn a_deadline_that_tonic_reports_as_cancelled_is_a_timeout() {
        let problem = Problem::from(Status::cancelled("Timeout expired"));
        assert_eq!(problem.kind, ProblemKind::Timeout);
        assert_eq!(problem.message, "Request timed out. Please try again.");
    }

    #[test]
    fn the_messages_of_the_original_design_are_used_verbatim() {
        let message = |status: Status| Problem::from(status).message;
        assert_eq!(
            message(Status::unavailable("tcp connect error")),
            "Unable to reach server. Please try again later."
        );
        assert_eq!(
            message(status(Code::PermissionDenied, "ACCESS_DENIED")),
            "You don't have permission to access this resource."
        );
        assert_eq!(message(status(Code::NotFound, "INTERVIEW_NOT_FOUND")), "Resource not found.");
        assert_eq!(
            message(status(Code::Internal, "INTERNAL")),
            "Something went wrong. Please try again later."
        );
        let mut offline = Status::unavailable("");
        offline.set_source(std::sync::Arc::new(io::Error::from(io::ErrorKind::NetworkUnreachable)));
        assert_eq!(message(offline), "No internet connection. Please check your network.");
    }

    #[test]
    fn violations_arrive_by_field_and_a_taken_name_is_one() {
        let details = ErrorDetails::with_bad_request_violation("role", "at most 100 characters");
        let status_ = Status::with_error_details(Code::InvalidArgument, "Invalid request", details);
        let problem = Problem::from(status_);
        assert_eq!(problem.kind, ProblemKind::Validation);
        assert_eq!(problem.violations[0].field, "role");
        let problem = Problem::from(status(Code::AlreadyExists, "EMAIL_TAKEN"));
        assert_eq!(problem.violations[0].field, "email");
        assert_eq!(problem.violations[0].message, "as the server puts it");
    }
}
