//! What the language model has been called for, and whether one more call may be made.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    clock::Timestamp,
    id::{InterviewId, UserId},
};

/// For whom a call to the language model is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payer {
    /// The account.
    pub user_id: UserId,
    /// The interview; none while it does not exist yet.
    pub interview_id: Option<InterviewId>,
}

/// How many calls may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpendingCaps {
    /// For one interview, the calls that wrote its questions among them.
    pub per_interview: u32,
    /// For one account on one day (UTC).
    pub per_user_and_day: u32,
}

/// Whether a call may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// It may, and has been counted.
    Charged,
    /// The interview has had all of its calls.
    InterviewSpent,
    /// The account has had all of the day's calls.
    DaySpent,
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
}
