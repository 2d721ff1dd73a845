//! Counts of attempts, in budgets that all processes on one database share.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{clock::Timestamp, throttle::Rate};

/// Names a budget: the SHA-256 of what is counted.
pub type ThrottleKey = [u8; 32];

/// An attempt, and the budget that it is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitedAttempt {
    /// Which budget.
    pub key: ThrottleKey,
    /// Its size, and how fast it refills.
    pub rate: Rate,
}

/// Stores the budgets of attempts. `now` is always the database's time ([`super::Lifecycle::now`]).
#[async_trait]
pub trait ThrottleStore: Send + Sync {
    /// Takes all the attempts and returns `None`; or takes none of them and returns how long until
    /// all are available.
    async fn take(
        &self,
        attempts: Vec<LimitedAttempt>,
        now: Timestamp,
    ) -> StoreResult<Option<Duration>>;

    /// Returns attempts to their budgets.
    async fn give_back(&self, attempts: Vec<LimitedAttempt>) -> StoreResult<()>;

    /// How long until all the attempts are available; `None` if they are. Takes nothing.
    async fn wait_for(
        &self,
        attempts: &[LimitedAttempt],
        now: Timestamp,
    ) -> StoreResult<Option<Duration>>;

    /// Forgets the budgets that are full again; returns their number.
    async fn forget_full(&self, now: Timestamp) -> StoreResult<u64>;
}
