//! What the language model has been called for, and whether one more call may be made.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    clock::Timestamp,
    spending::{Payer, SpendingCaps},
};

/// Whether a call may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// It may, and has been counted.
    Charged,
    /// The interview has had all of its calls.
    InterviewSpent,
    /// The account has had all of the day's calls.
    DaySpent,
    /// All accounts together have had all of the day's calls.
    AllSpent,
}

/// Counts calls to the language model.
#[async_trait]
pub trait SpendingStore: Send + Sync {
    /// Counts one call, unless it would go beyond a cap; then nothing is counted.
    async fn charge_call(
        &self,
        payer: Payer,
        now: Timestamp,
        caps: SpendingCaps,
    ) -> StoreResult<Charge>;

    /// Takes back a call that was counted on the same day but brought nothing.
    async fn refund_call(&self, payer: Payer, now: Timestamp) -> StoreResult<()>;
}
