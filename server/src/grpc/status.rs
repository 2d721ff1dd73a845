//! Converts errors to gRPC statuses: code, message, reason and details as in the contract's table
//! of errors. Nothing else makes a status.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, QuotaViolation, StatusExt};
use viva_connect::refusal::{RETRY_AFTER, details as info_with, lasting};
use viva_proto::bounded::TooHeavy;

pub(super) use viva_connect::refusal::{internal, too_large};

use super::api_key;
use crate::{
    domain::{challenge::MOST_CHALLENGES, follow_up::MOST_QUESTIONS, violation::Violation},
    services::{Limit, Rejection, Resource, ServiceError, api_keys::MOST_KEYS},
};

/// Returns the status of an error. What only an operator may know is logged and left out of it.
#[expect(clippy::too_many_lines, reason = "a table with a row for each error")]
pub(super) fn of(error: ServiceError) -> Status {
    match error {
        ServiceError::InvalidCredentials => {
            unauthenticated("Invalid username or password", "INVALID_CREDENTIALS")
        }
        ServiceError::TokenExpired => unauthenticated("Token has expired", "TOKEN_EXPIRED"),
        ServiceError::CredentialMissing => {
            unauthenticated("Authentication required", "CREDENTIAL_MISSING")
        }
        ServiceError::TokenInvalid(why) => unauthenticated(rejection(why), "TOKEN_INVALID"),
        ServiceError::SessionEnded => unauthenticated("Session has ended", "SESSION_ENDED"),
        ServiceError::RateLimited(limit, wait) => rate_limited(limit, wait),
        ServiceError::Validation(violations) => broken_rules(violations.list()),
        ServiceError::AccessDenied => {
            status(Code::PermissionDenied, "Access denied", info("ACCESS_DENIED"))
        }
        ServiceError::RegistrationClosed => status(
            Code::PermissionDenied,
            "Registration is closed on this server",
            info("REGISTRATION_CLOSED"),
        ),
        ServiceError::ScopeMissing(scope) => {
            let scope = [("scope", api_key::scope_name(scope).to_owned())];
            status(Code::PermissionDenied, "Access denied", info_with("SCOPE_MISSING", scope))
        }
        ServiceError::TooManyKeys => status(
            Code::FailedPrecondition,
            &format!("An account can have {MOST_KEYS} API keys; please revoke one first"),
            info("API_KEY_LIMIT"),
        ),
        ServiceError::NotFound(resource) => {
            let (message, reason) = not_found(resource);
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
        ServiceError::NothingToFollowUp => status(
            Code::FailedPrecondition,
            "The answer leaves nothing to ask about",
            info("NOTHING_TO_FOLLOW_UP"),
        ),
        ServiceError::InterviewFull => status(
            Code::FailedPrecondition,
            &format!("An interview can have {MOST_QUESTIONS} questions with its follow-ups"),
            info("QUESTION_LIMIT"),
        ),
        ServiceError::NothingToCompare => status(
            Code::FailedPrecondition,
            "Comparing needs two evaluated attempts",
            info("NOTHING_TO_COMPARE"),
        ),
        ServiceError::NoMoreHints => status(
            Code::FailedPrecondition,
            "The question has no other hint",
            info("NO_MORE_HINTS"),
        ),
        ServiceError::QuestionAnswered => status(
            Code::FailedPrecondition,
            "The question is answered; the evaluation shows what a good answer says",
            info("QUESTION_ANSWERED"),
        ),
        ServiceError::PointMade => status(
            Code::FailedPrecondition,
            "The evaluation finds this point made in full",
            info("POINT_MADE"),
        ),
        ServiceError::ChallengesSpent => status(
            Code::FailedPrecondition,
            &format!("A point can be challenged {MOST_CHALLENGES} times"),
            info("CHALLENGE_LIMIT"),
        ),
        ServiceError::PointCertain => status(
            Code::FailedPrecondition,
            "The grader is sure about this point; challenge it if it is wrong",
            info("POINT_CERTAIN"),
        ),
        ServiceError::NoPrompt => status(
            Code::FailedPrecondition,
            "The question bank no longer has a prompt for the point",
            info("NO_PROMPT"),
        ),
        ServiceError::FeedbackWithheld => status(
            Code::FailedPrecondition,
            "This is available once the interview has ended",
            info("FEEDBACK_WITHHELD"),
        ),
        ServiceError::NotInRealMode => status(
            Code::FailedPrecondition,
            "Only an interview in real mode can be ended",
            info("NOT_IN_REAL_MODE"),
        ),
        ServiceError::GraderBusy { after, reason } => {
            again(Code::Unavailable, &reason, info("GRADER_BUSY"), after.unwrap_or(RETRY_AFTER))
        }
        ServiceError::ModelCallsSpent { reason, renews_at, wait } => {
            let renewal = [("renews_at", renews_at.to_rfc3339())];
            let mut details = info_with("MODEL_CALLS_SPENT", renewal);
            details.set_quota_failure([QuotaViolation::new("account", &reason)]);
            again(Code::ResourceExhausted, &reason, details, whole_seconds(wait))
        }
        ServiceError::GradingFailed(reason) => {
            tracing::warn!(reason, "an answer outside interviews could not be graded");
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

/// The status for a caller that has reached a limit and may retry after `wait`.
pub(super) fn rate_limited(limit: Limit, wait: Duration) -> Status {
    let words = limit.words();
    let mut details = info_with("RATE_LIMITED", [("limit", limit.name().to_owned())]);
    details.set_quota_failure([QuotaViolation::new(limit.subject(), &words)]);
    let message = format!("Too many requests: {words}");
    again(Code::ResourceExhausted, &message, details, whole_seconds(wait))
}

/// Rounds up to whole seconds, so that a client that waits this long is never too early.
fn whole_seconds(wait: Duration) -> Duration {
    Duration::from_secs(wait.as_secs() + 1)
}

/// The most violations in a status. Its details are sent in headers, of which clients read at most
/// 8 KiB.
const MOST_VIOLATIONS: usize = 30;

fn broken_rules(violations: &[Violation]) -> Status {
    let number = [("violations", violations.len().to_string())];
    let mut details = info_with("VALIDATION_FAILED", number);
    for violation in violations.iter().take(MOST_VIOLATIONS) {
        details.add_bad_request_violation(&violation.field, &violation.description);
    }
    status(Code::InvalidArgument, "Invalid request", details)
}

fn rejection(why: Rejection) -> &'static str {
    match why {
        Rejection::NoBearer => "The authorization metadata must be \"Bearer CREDENTIAL\"",
        Rejection::Malformed => "Invalid token format",
        Rejection::KeyMistyped => "The API key is incomplete or mistyped",
        Rejection::KeyUnknown => "The API key is unknown or was revoked",
        Rejection::SessionEnded => "The session of this access token has ended",
        Rejection::NotTheOwner => "This server accepts only its owner's credentials",
    }
}

/// The status of a server that is not ready yet.
pub(super) fn starting() -> Status {
    come_back("Server is starting", "STARTING")
}

/// The status of a call that exceeded its deadline.
pub(super) fn timeout() -> Status {
    status(Code::DeadlineExceeded, "Request timeout", info("TIMEOUT"))
}

/// The status for a request that cannot be decoded.
pub(super) fn unreadable() -> Status {
    status(Code::InvalidArgument, "Invalid request", info("VALIDATION_FAILED"))
}

/// The status for a request that would take too much memory once decoded, with the field at fault.
pub(super) fn too_heavy(heavy: TooHeavy) -> Status {
    let mut details = info("VALIDATION_FAILED");
    details.add_bad_request_violation(
        heavy.field,
        "There are too many parts in one request; please send fewer at a time",
    );
    status(Code::InvalidArgument, "Invalid request", details)
}

/// The status for a PDF from a server that was built without PDF export.
#[cfg(not(feature = "pdf"))]
pub(super) fn without_pdf() -> Status {
    let message = "This server was built without PDF export; use Markdown or JSON, or print the \
                   page";
    status(Code::Unimplemented, message, info("UNIMPLEMENTED"))
}

/// The status for a file that is too large for one message.
pub(super) fn export_too_large() -> Status {
    let message = "The report is too large for one file; GetReport returns all of it";
    status(Code::FailedPrecondition, message, info("EXPORT_TOO_LARGE"))
}

/// Returns the code in headers or trailers.
pub(super) fn code(headers: &http::HeaderMap) -> Option<Code> {
    Status::from_header_map(headers).map(|status| status.code())
}

fn not_found(resource: Resource) -> (&'static str, &'static str) {
    match resource {
        Resource::Interview => ("Interview not found", "INTERVIEW_NOT_FOUND"),
        Resource::Question => ("Question not found", "QUESTION_NOT_FOUND"),
        Resource::Answer => ("Answer not found", "ANSWER_NOT_FOUND"),
        Resource::Template => ("Template not found", "TEMPLATE_NOT_FOUND"),
        Resource::ApiKey => ("API key not found", "API_KEY_NOT_FOUND"),
        Resource::Session => ("Session not found", "SESSION_NOT_FOUND"),
        Resource::Mark => ("Mark not found", "MARK_NOT_FOUND"),
        Resource::Point => ("Point not found", "POINT_NOT_FOUND"),
    }
}

fn info(reason: &str) -> ErrorDetails {
    info_with(reason, [])
}

fn status(code: Code, message: &str, details: ErrorDetails) -> Status {
    Status::with_error_details(code, message, details)
}

fn unauthenticated(message: &str, reason: &str) -> Status {
    lasting(Code::Unauthenticated, message, reason)
}

fn come_back(message: &str, reason: &str) -> Status {
    again(Code::Unavailable, message, info(reason), RETRY_AFTER)
}

/// The longest time that a library should wait by itself. A call that is held longer seems to hang.
const LONGEST_PUSHBACK: Duration = Duration::from_mins(10);

/// The status of a transient error. `RetryInfo` tells the caller when to retry, and the pushback
/// tells a library that retries by itself (gRFC A6); a negative pushback tells it not to.
fn again(code: Code, message: &str, mut details: ErrorDetails, wait: Duration) -> Status {
    details.set_retry_info(Some(wait));
    let mut status = status(code, message, details);
    let pushback =
        if wait > LONGEST_PUSHBACK { "-1".to_owned() } else { wait.as_millis().to_string() };
    if let Ok(pushback) = pushback.parse() {
        status.metadata_mut().insert("grpc-retry-pushback-ms", pushback);
    }
    status
}
