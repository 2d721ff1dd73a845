//! The one place where an error becomes a gRPC status: code, message, reason and details as the
//! contract's table of errors has them.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use viva_proto::bounded::TooHeavy;

use super::api_key;
use crate::services::{ServiceError, Thing, api_keys::MOST_KEYS};

/// The domain of every `ErrorInfo`.
const DOMAIN: &str = "viva";

/// How soon a client may come back to a server that is away for a moment.
const COME_BACK: Duration = Duration::from_secs(1);

/// The status of an error. What only an operator may know is logged here and left out of it.
pub(super) fn of(error: ServiceError) -> Status {
    match error {
        ServiceError::InvalidCredentials => {
            unauthenticated("Invalid username or password", "INVALID_CREDENTIALS")
        }
        ServiceError::TokenExpired => unauthenticated("Token has expired", "TOKEN_EXPIRED"),
        ServiceError::CredentialMissing => {
            unauthenticated("Authentication required", "CREDENTIAL_MISSING")
        }
        ServiceError::TokenInvalid => unauthenticated("Invalid token format", "TOKEN_INVALID"),
        ServiceError::SessionEnded => unauthenticated("Session has ended", "SESSION_ENDED"),
        ServiceError::RateLimited(wait) => rate_limited(wait),
        ServiceError::Validation(violations) => {
            let mut details = info("VALIDATION_FAILED");
            for violation in violations.list() {
                details.add_bad_request_violation(violation.field, &violation.description);
            }
            status(Code::InvalidArgument, "Invalid request", details)
        }
        ServiceError::AccessDenied => {
            status(Code::PermissionDenied, "Access denied", info("ACCESS_DENIED"))
        }
        ServiceError::RegistrationClosed => status(
            Code::PermissionDenied,
            "Registration is closed on this server",
            info("REGISTRATION_CLOSED"),
        ),
        ServiceError::ScopeMissing(scope) => {
            let scope = ("scope".to_owned(), api_key::scope_name(scope).to_owned());
            let mut details = ErrorDetails::new();
            details.set_error_info("SCOPE_MISSING", DOMAIN, [scope]);
            status(Code::PermissionDenied, "Access denied", details)
        }
        ServiceError::TooManyKeys => status(
            Code::FailedPrecondition,
            &format!("An account can have {MOST_KEYS} API keys; please revoke one first"),
            info("API_KEY_LIMIT"),
        ),
        ServiceError::NotFound(thing) => {
            let (message, reason) = not_found(thing);
            status(Code::NotFound, message, info(reason))
        }
        ServiceError::UsernameTaken => {
            status(Code::AlreadyExists, "Username is already taken", info("USERNAME_TAKEN"))
        }
        ServiceError::EmailTaken => {
            status(Code::AlreadyExists, "Email is already registered", info("EMAIL_TAKEN"))
        }
        ServiceError::IdempotencyKeyReused => status(
            Code::AlreadyExists,
            "Idempotency key was used for another request",
            info("IDEMPOTENCY_KEY_REUSED"),
        ),
        ServiceError::EvaluationNotFailed => status(
            Code::FailedPrecondition,
            "Evaluation has not failed",
            info("EVALUATION_NOT_FAILED"),
        ),
        ServiceError::NotOfBank => status(
            Code::FailedPrecondition,
            "Only a question of the question bank can be asked again",
            info("NOT_OF_BANK"),
        ),
        ServiceError::NoEvaluation => status(
            Code::FailedPrecondition,
            "No answer to the question has been evaluated",
            info("NO_EVALUATION"),
        ),
        ServiceError::GraderBusy { after, reason } => {
            let mut details = info("GRADER_BUSY");
            details.set_retry_info(Some(after.unwrap_or(COME_BACK)));
            status(Code::Unavailable, &reason, details)
        }
        ServiceError::GradingFailed(reason) => {
            tracing::warn!(reason, "an answer of no interview could not be graded");
            status(Code::FailedPrecondition, &reason, info("GRADING_FAILED"))
        }
        ServiceError::DatabaseUnavailable(cause) => {
            tracing::error!(cause, "the database is unavailable");
            come_back("Database temporarily unavailable", "DATABASE_UNAVAILABLE")
        }
        ServiceError::Timeout(cause) => {
            tracing::warn!(cause, "a request ran out of time");
            timeout()
        }
        ServiceError::ShuttingDown => come_back("Server is shutting down", "SHUTTING_DOWN"),
        ServiceError::WatchTooOld => come_back("Please connect again", "WATCH_TOO_OLD"),
        ServiceError::Internal(cause) => {
            tracing::error!(cause, "a request failed");
            internal()
        }
    }
}

/// A caller that has asked too often and may ask again after `wait`.
pub(super) fn rate_limited(wait: Duration) -> Status {
    let mut details = info("RATE_LIMITED");
    // Whole seconds, so that a client that waits for them is not a moment too early.
    details.set_retry_info(Some(Duration::from_secs(wait.as_secs() + 1)));
    status(Code::ResourceExhausted, "Too many requests", details)
}

/// A server that is not ready yet.
pub(super) fn starting() -> Status {
    come_back("Server is starting", "STARTING")
}

/// A call that ran past its deadline.
pub(super) fn timeout() -> Status {
    status(Code::DeadlineExceeded, "Request timeout", info("TIMEOUT"))
}

/// Anything that is nobody's business but the log's.
pub(super) fn internal() -> Status {
    status(Code::Internal, "Something went wrong", info("INTERNAL"))
}

/// A request that is too large, or no message of its kind at all.
pub(super) fn unreadable() -> Status {
    status(Code::InvalidArgument, "Invalid request", info("VALIDATION_FAILED"))
}

/// A request that would take too much memory, with the field that makes it so.
pub(super) fn too_heavy(heavy: TooHeavy) -> Status {
    let mut details = info("VALIDATION_FAILED");
    details.add_bad_request_violation(
        heavy.field,
        "There are too many parts in one request; please send fewer at a time",
    );
    status(Code::InvalidArgument, "Invalid request", details)
}

/// An RPC of the contract that this server does not offer yet.
pub(super) fn unimplemented(rpc: &str) -> Status {
    let message = format!("{rpc} is not available on this server yet");
    status(Code::Unimplemented, &message, info("UNIMPLEMENTED"))
}

/// A PDF of a server that was built without what makes one.
#[cfg(not(feature = "pdf"))]
pub(super) fn without_pdf() -> Status {
    let message = "This server was built without PDF; Markdown and JSON work, and the page can be \
                   printed";
    status(Code::Unimplemented, message, info("UNIMPLEMENTED"))
}

/// A file that no client would take for one message.
pub(super) fn export_too_large() -> Status {
    let message = "The report is too large for one file; GetReport has all that is in it";
    status(Code::FailedPrecondition, message, info("EXPORT_TOO_LARGE"))
}

/// The code that headers or trailers name.
pub(super) fn code(headers: &http::HeaderMap) -> Option<Code> {
    Status::from_header_map(headers).map(|status| status.code())
}

fn not_found(thing: Thing) -> (&'static str, &'static str) {
    match thing {
        Thing::Interview => ("Interview not found", "INTERVIEW_NOT_FOUND"),
        Thing::Question => ("Question not found", "QUESTION_NOT_FOUND"),
        Thing::Answer => ("Answer not found", "ANSWER_NOT_FOUND"),
        Thing::Template => ("Template not found", "TEMPLATE_NOT_FOUND"),
        Thing::ApiKey => ("API key not found", "API_KEY_NOT_FOUND"),
        Thing::Mark => ("Mark not found", "MARK_NOT_FOUND"),
    }
}

fn info(reason: &str) -> ErrorDetails {
    let mut details = ErrorDetails::new();
    details.set_error_info(reason, DOMAIN, [] as [(String, String); 0]);
    details
}

fn status(code: Code, message: &str, details: ErrorDetails) -> Status {
    Status::with_error_details(code, message, details)
}

fn unauthenticated(message: &str, reason: &str) -> Status {
    status(Code::Unauthenticated, message, info(reason))
}

fn come_back(message: &str, reason: &str) -> Status {
    let mut details = info(reason);
    details.set_retry_info(Some(COME_BACK));
    status(Code::Unavailable, message, details)
}
