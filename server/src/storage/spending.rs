//! Calls to the language model, and whether one more may be made.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    clock::Timestamp,
    id::UserId,
    spending::{Payer, SpendingCaps},
};

/// Whether a call may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// It may, and is counted.
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
    /// Counts one call, unless it would exceed a cap.
    async fn charge_call(
        &self,
        payer: Payer,
        now: Timestamp,
        caps: SpendingCaps,
    ) -> StoreResult<Charge>;

    /// The number of calls charged to the account on the day of `now`.
    async fn calls_of_day(&self, user_id: UserId, now: Timestamp) -> StoreResult<u32>;

    /// Takes back a call that was counted on the same day but had no result.
    async fn refund_call(&self, payer: Payer, now: Timestamp) -> StoreResult<()>;
}
