//! What is kept of tries, so that all processes on one database share each budget.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{clock::Timestamp, throttle::Rate};

/// Names a budget: SHA-256 of what is counted.
pub type ThrottleKey = [u8; 32];

/// One try, and the budget that it is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Try {
    /// Which budget.
    pub key: ThrottleKey,
    /// How large it is, and how fast it fills up again.
    pub rate: Rate,
}

/// Keeps budgets of tries. `now` is always the database's ([`super::Lifecycle::now`]).
#[async_trait]
pub trait ThrottleStore: Send + Sync {
    /// Takes each of the tries, or none and says how long it will be until all are there.
    async fn take(&self, tries: Vec<Try>, now: Timestamp) -> StoreResult<Option<Duration>>;

    /// Gives tries back that were taken.
    async fn give_back(&self, tries: Vec<Try>) -> StoreResult<()>;

    /// How long it will be until all of the tries are there; none when they are. Takes nothing.
    async fn wait_for(&self, tries: &[Try], now: Timestamp) -> StoreResult<Option<Duration>>;

    /// Forgets the budgets that are full again; gives their number.
    async fn forget_full(&self, now: Timestamp) -> StoreResult<u64>;
}
