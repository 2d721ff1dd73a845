//! Every error that a caller can get. Only `grpc::status` turns them into codes and messages.

use std::{fmt::Display, time::Duration};

use crate::{
    auth::password::{self, PasswordError},
    domain::{
        api_key::{Bearer, Scope},
        clock::Timestamp,
        violation::Violations,
    },
    services::limit::Limit,
    storage::StoreError,
};

/// The result of a service.
pub type ServiceResult<T> = Result<T, ServiceError>;

/// Why a call failed.
#[derive(Debug)]
pub enum ServiceError {
    /// The password is wrong, or the account does not exist; the caller does not learn which.
    InvalidCredentials,
    /// The access token or API key has expired.
    TokenExpired,
    /// The call has no credential.
    CredentialMissing,
    /// The credential does not work.
    TokenInvalid(Rejection),
    /// The refresh token is unknown, used or expired.
    SessionEnded,
    /// A limit is reached; the duration is the wait until the next try.
    RateLimited(Limit, Duration),
    /// The request breaks rules; all of them are listed.
    Validation(Violations),
    /// The API key may not be used for this.
    ScopeMissing(Scope),
    /// The account has the most API keys that it may have.
    TooManyKeys,
    /// The resource belongs to another account.
    AccessDenied,
    /// The resource does not exist.
    NotFound(Resource),
    /// Only the server's operator creates accounts.
    RegistrationClosed,
    /// Another account has the name.
    UsernameTaken,
    /// Another account has the address.
    EmailTaken,
    /// The idempotency key was used for a different request.
    IdempotencyKeyReused,
    /// The evaluation to retry has not failed.
    EvaluationNotFailed,
    /// Only a question of the bank can be asked again.
    NotOfBank,
    /// No answer to the question has a completed evaluation.
    NoEvaluation,
    /// Whatever the answer left out or got wrong has been asked about already.
    NothingToFollowUp,
    /// The interview has the most questions that it may have.
    InterviewFull,
    /// Fewer than two attempts are evaluated, or a named one is not.
    NothingToCompare,
    /// The question has no more hints, or they were not asked for in order.
    NoMoreHints,
    /// The question has an answer, whose evaluation shows more than the reference alone.
    QuestionAnswered,
    /// The evaluation finds the point made in full.
    PointMade,
    /// The point has been challenged as often as it may be.
    ChallengesSpent,
    /// The grader is sure about the point, so nothing is asked about it.
    PointCertain,
    /// The bank no longer has a prompt for the point.
    NoPrompt,
    /// Feedback is withheld until the real interview ends.
    FeedbackWithheld,
    /// Only an interview in real mode can be ended.
    NotInRealMode,
    /// The grader cannot grade now, but may later.
    GraderBusy {
        /// How long to wait, if the grader said so.
        after: Option<Duration>,
        /// Why, for a person.
        reason: String,
    },
    /// The grader cannot grade this until a person changes something; the text says why.
    GradingFailed(String),
    /// The allowed calls to the language model are used up.
    ModelCallsSpent {
        /// Why, for a person; says when calls are allowed again.
        reason: String,
        /// When calls are allowed again.
        renews_at: Timestamp,
        /// How long until then.
        wait: Duration,
    },
    /// The database cannot be reached, or is full.
    DatabaseUnavailable(String),
    /// The database took too long.
    Timeout(String),
    /// The server is stopping.
    ShuttingDown,
    /// A watch has reached its longest time; the client connects again to continue.
    WatchTooOld,
    /// Anything else; the cause is only for the log.
    Internal(String),
}

/// Why a credential is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// The metadata is not `Bearer`, a space and a credential.
    NoBearer,
    /// It is not an access token of this server.
    Malformed,
    /// It looks like an API key and is incomplete.
    KeyMistyped,
    /// The API key is unknown or revoked.
    KeyUnknown,
    /// The access token's session has ended.
    SessionEnded,
    /// Only the owner of this server is served.
    NotTheOwner,
}

/// The kinds of resources that may not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// An interview.
    Interview,
    /// A question, or one of the named interview.
    Question,
    /// An answer.
    Answer,
    /// A template of the bank.
    Template,
    /// An API key.
    ApiKey,
    /// A session.
    Session,
    /// A mark on a question.
    Mark,
    /// A point in a memory.
    Point,
}

impl ServiceError {
    /// An error that no caller could have caused.
    pub fn internal(cause: impl Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// The error for a credential that was accepted and no longer works.
    pub const fn ended(bearer: Bearer) -> Self {
        Self::TokenInvalid(match bearer {
            Bearer::Session(_) => Rejection::SessionEnded,
            Bearer::Key(_) => Rejection::KeyUnknown,
        })
    }
}

impl From<PasswordError> for ServiceError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::RateLimited(Limit::Hashing, password::RETRY_AFTER),
            PasswordError::Failed(_) => Self::internal(error),
        }
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => Self::DatabaseUnavailable(cause),
            StoreError::Timeout(cause) => Self::Timeout(cause),
            // Its sessions were deleted with it, so the credential no longer works.
            StoreError::AccountGone(_) => Self::TokenInvalid(Rejection::SessionEnded),
            StoreError::Internal(cause) => Self::Internal(cause),
        }
    }
}
