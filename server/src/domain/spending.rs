//! Calls to the language model: whom they are counted for, and how many are allowed.

use super::{
    clock::Timestamp,
    id::{InterviewId, UserId},
};

/// The account and interview that a call to the language model is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payer {
    /// The account.
    pub user_id: UserId,
    /// The interview; `None` if it does not exist yet.
    pub interview_id: Option<InterviewId>,
}

/// How many calls are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpendingCaps {
    /// For one interview, including the calls that wrote its questions.
    pub per_interview: u32,
    /// For one account on one day (UTC).
    pub per_user_and_day: u32,
    /// For all accounts together on one day (UTC); `None`: no limit.
    pub per_day: Option<u32>,
}

/// Seconds of a day.
pub const DAY: i64 = 24 * 60 * 60;

/// When the daily limits start again: the next midnight (UTC).
pub const fn renewal(now: Timestamp) -> Timestamp {
    Timestamp::from_micros((now.seconds().div_euclid(DAY) + 1) * DAY * 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_daily_limits_start_again_at_the_next_midnight() {
        let noon = Timestamp::from_micros(1_796_126_400_000_000);
        assert_eq!(renewal(noon).to_rfc3339(), "2026-12-02T00:00:00.000000Z");
        assert_eq!(renewal(renewal(noon)).to_rfc3339(), "2026-12-03T00:00:00.000000Z");
    }
}
