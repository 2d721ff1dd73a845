//! What the server keeps, as traits. Each method is one step that happens whole or not at all; a
//! thing that is not there is `None`, never an error. Rules about who may do what are the services'.
//!
//! `sqlite` keeps it in a file, `postgres` in a database that many processes share; `contract` holds the promises as tests that any store must pass.

// `sql` is compiled once for each database, whose `dialect` it names.
#![allow(clippy::duplicate_mod)]

pub mod accounts;
pub mod answers;
pub mod api_keys;
pub mod export;
pub mod figures;
pub mod interviews;
pub mod marks;
pub mod postgres;
pub mod queue;
mod record;
mod schema;
pub mod signals;
pub mod spending;
pub mod sqlite;
pub mod throttles;

#[cfg(test)]
mod checkout;
#[cfg(test)]
mod contract;

use async_trait::async_trait;

use crate::domain::clock::Timestamp;

pub use accounts::AccountStore;
pub use answers::AnswerStore;
pub use api_keys::ApiKeyStore;
pub use export::ExportStore;
pub use figures::Figures;
pub use interviews::InterviewStore;
pub use marks::MarkStore;
pub use queue::EvaluationQueue;
pub use signals::Signals;
pub use spending::SpendingStore;
pub use throttles::ThrottleStore;

/// Everything that the server keeps.
pub trait Store:
    AccountStore
    + ApiKeyStore
    + InterviewStore
    + AnswerStore
    + MarkStore
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
        + InterviewStore
        + AnswerStore
        + MarkStore
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

    /// The present moment by the database's clock, which all processes on it share: whatever they
    /// compare with each other's times, leases above all, is counted by it.
    async fn now(&self) -> StoreResult<Timestamp>;

    /// Waits for what is being written, then lets go of the database. Every later call is
    /// [`StoreError::Unavailable`].
    async fn close(&self);
}

/// What a store's methods give.
pub type StoreResult<T> = Result<T, StoreError>;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, or is full, or is no database any more.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database took longer than the query timeout.
    #[error("the database did not answer in time: {0}")]
    Timeout(String),
    /// The account has been deleted meanwhile.
    #[error("the account is gone: {0}")]
    AccountGone(String),
    /// Something that should not be: a broken row, a fault in a statement.
    #[error("the database gave an error: {0}")]
    Internal(String),
}

impl StoreError {
    /// The task of a transaction panicked, and nothing of it has happened. The text of the panic is
    /// left out, because it may quote what was to be written.
    fn panicked() -> Self {
        Self::Internal("a transaction panicked".to_owned())
    }
}
