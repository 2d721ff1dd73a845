//! Everything that can go wrong for a caller. `grpc::status` alone turns it into codes and
//! messages.

use std::{fmt::Display, time::Duration};

use crate::{
    auth::password::{self, PasswordError},
    domain::{api_key::Scope, violation::Violations},
    storage::StoreError,
};

/// What a service gives.
pub type ServiceResult<T> = Result<T, ServiceError>;

/// Why a caller does not get what it asked for.
#[derive(Debug)]
pub enum ServiceError {
    /// The password is wrong, or there is no such account; nobody is told which.
    InvalidCredentials,
    /// The access token's time has passed.
    TokenExpired,
    /// There is no credential.
    CredentialMissing,
    /// The credential is none of ours, or has been revoked.
    TokenInvalid,
    /// The refresh token is unknown, used up, or past its time.
    SessionEnded,
    /// It was tried too often from there; after so long there is another try.
    RateLimited(Duration),
    /// The request breaks rules; all of them are listed.
    Validation(Violations),
    /// The API key may not be used for this.
    ScopeMissing(Scope),
    /// The account has as many API keys that work as it may have.
    TooManyKeys,
    /// The thing belongs to another account.
    AccessDenied,
    /// There is no such thing.
    NotFound(Thing),
    /// Only whoever runs the server makes accounts.
    RegistrationClosed,
    /// Another account has the name.
    UsernameTaken,
    /// Another account has the address.
    EmailTaken,
    /// The idempotency key belongs to another request.
    IdempotencyKeyReused,
    /// The evaluation that was to be retried has not failed.
    EvaluationNotFailed,
    /// Only a question of the bank can be asked again.
    NotOfBank,
    /// No answer to the question has a completed evaluation.
    NoEvaluation,
    /// The grader cannot grade now, but may later.
    GraderBusy {
        /// How long it asked to be left alone.
        after: Option<Duration>,
        /// For a person.
        reason: String,
    },
    /// The grader cannot grade this until somebody changes something; the reason is for a person.
    GradingFailed(String),
    /// The database cannot be reached, or is full.
    DatabaseUnavailable(String),
    /// The database took too long.
    Timeout(String),
    /// The server is stopping.
    ShuttingDown,
    /// A watch has been open for as long as one may be; connecting again goes on with it.
    WatchTooOld,
    /// Anything else; the cause is for the log alone.
    Internal(String),
}

/// Things that may not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// An interview.
    Interview,
    /// A question, or one of that interview.
    Question,
    /// An answer.
    Answer,
    /// A template of the bank.
    Template,
    /// An API key.
    ApiKey,
    /// A mark on a question.
    Mark,
}

impl ServiceError {
    /// An error that nobody could have caused from outside.
    pub fn internal(cause: impl Display) -> Self {
        Self::Internal(cause.to_string())
    }
}

impl From<PasswordError> for ServiceError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::RateLimited(password::COME_BACK),
            PasswordError::Failed(_) => Self::internal(error),
        }
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => Self::DatabaseUnavailable(cause),
            StoreError::Timeout(cause) => Self::Timeout(cause),
            // Its sessions went with it, so the credential is none any more.
            StoreError::AccountGone(_) => Self::TokenInvalid,
            StoreError::Internal(cause) => Self::Internal(cause),
        }
    }
}
