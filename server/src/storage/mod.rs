//! The traits of the store. Each method is one step that happens completely or not at all; what does not
//! exist is `None`, never an error. Who may do what is decided by the services.
//!
//! `sqlite` keeps the data in a file, `postgres` in a database that many processes share. `contract` has
//! every promise as a test for any store.

// `sql` is compiled once for each database, against that database's `dialect`.
#![allow(clippy::duplicate_mod)]

pub mod accounts;
pub mod answers;
pub mod api_keys;
pub mod attempts;
pub mod calls;
pub mod challenges;
pub mod export;
pub mod figures;
pub mod follow_ups;
pub mod help;
pub mod interviews;
pub mod marks;
pub mod memory;
mod pool;
pub mod postgres;
mod progress;
pub mod queue;
mod record;
mod remark_record;
mod schema;
pub mod signals;
pub mod spending;
pub mod sqlite;
pub mod throttles;

#[cfg(test)]
mod contract;
#[cfg(test)]
mod crlf_checkout;

use async_trait::async_trait;

use crate::domain::clock::Timestamp;

pub use accounts::AccountStore;
pub use answers::AnswerStore;
pub use api_keys::ApiKeyStore;
pub use attempts::AttemptStore;
pub use calls::CallStore;
pub use challenges::ChallengeStore;
pub use export::ExportStore;
pub use figures::Figures;
pub use follow_ups::FollowUpStore;
pub use help::HelpStore;
pub use interviews::InterviewStore;
pub use marks::MarkStore;
pub use memory::MemoryStore;
pub use queue::EvaluationQueue;
pub use signals::Signals;
pub use spending::SpendingStore;
pub use throttles::ThrottleStore;

/// Everything that the server keeps.
pub trait Store:
    AccountStore
    + ApiKeyStore
    + CallStore
    + InterviewStore
    + FollowUpStore
    + HelpStore
    + AnswerStore
    + AttemptStore
    + ChallengeStore
    + MarkStore
    + MemoryStore
    + EvaluationQueue
    + SpendingStore
    + ThrottleStore
    + ExportStore
    + Figures
    + Signals
    + Lifecycle
{
}

impl<S> Store for S where
    S: AccountStore
        + ApiKeyStore
        + CallStore
        + InterviewStore
        + FollowUpStore
        + HelpStore
        + AnswerStore
        + AttemptStore
        + ChallengeStore
        + MarkStore
        + MemoryStore
        + EvaluationQueue
        + SpendingStore
        + ThrottleStore
        + ExportStore
        + Figures
        + Signals
        + Lifecycle
{
}

/// The store as a whole.
#[async_trait]
pub trait Lifecycle: Send + Sync {
    /// Whether the database answers at all.
    async fn ping(&self) -> StoreResult<()>;

    /// The current time by the database's clock, which all processes on it share. Times that processes
    /// compare with each other, above all leases, come from it.
    async fn now(&self) -> StoreResult<Timestamp>;

    /// Waits for running writes, then closes the database. Every later call fails with
    /// [`StoreError::Unavailable`].
    async fn close(&self);
}

/// The result of a store's method.
pub type StoreResult<T> = Result<T, StoreError>;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, is full or is damaged.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database took longer than the query timeout.
    #[error("the database did not answer in time: {0}")]
    Timeout(String),
    /// The account has been deleted in the meantime.
    #[error("the account is gone: {0}")]
    AccountGone(String),
    /// Something that should not happen: a broken row, a fault in a statement.
    #[error("the database gave an error: {0}")]
    Internal(String),
}

impl StoreError {
    /// The task of a transaction panicked, and nothing was written. The panic's text is left out,
    /// because it may quote the data.
    fn panicked() -> Self {
        Self::Internal("a transaction panicked".to_owned())
    }
}
