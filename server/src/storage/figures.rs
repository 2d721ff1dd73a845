//! What an operator wants to know of a store: figures that are read now and again, never on the way
//! of a call.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::clock::Timestamp;

/// The pending evaluations at one moment. The three numbers add up to all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueFigures {
    /// Due, and in nobody's hands.
    pub due: u64,
    /// To be tried later.
    pub waiting: u64,
    /// In a worker's hands.
    pub running: u64,
    /// Since when the oldest of the due ones has been due; none when nothing is due.
    pub oldest_due: Option<Timestamp>,
}

/// A pool of connections to the database at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolFigures {
    /// Which pool: a word of the store's own, always one of the same few.
    pub pool: &'static str,
    /// Connections that are open.
    pub open: u32,
    /// How many of these nobody uses.
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
