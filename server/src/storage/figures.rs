//! Figures for the operator of a store. They are read now and then, never during a call.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::clock::Timestamp;

/// The pending evaluations at one moment. The three numbers add up to their total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueFigures {
    /// Due and not claimed.
    pub due: u64,
    /// Due later.
    pub waiting: u64,
    /// Claimed by a worker.
    pub running: u64,
    /// When the oldest of the due ones fell due; `None` if nothing is due.
    pub oldest_due: Option<Timestamp>,
}

/// A pool of connections to the database at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolFigures {
    /// The pool's name, one of the few that the store has.
    pub pool: &'static str,
    /// Connections that are open.
    pub open: u32,
    /// How many of these are idle.
    pub idle: u32,
}

/// A store that can be measured.
#[async_trait]
pub trait Figures: Send + Sync {
    /// The queue at this moment.
    async fn queue(&self, now: Timestamp) -> StoreResult<QueueFigures>;

    /// The pools.
    fn pools(&self) -> Vec<PoolFigures>;
}
