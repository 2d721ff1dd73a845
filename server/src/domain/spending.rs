//! Calls to the language model: who pays for them, and how many there may be.

use super::id::{InterviewId, UserId};

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
    /// For all accounts together on one day (UTC); none: as many as they like.
    pub per_day: Option<u32>,
}
