//! How many calls go out at once, and how fast they follow each other.

use std::{num::NonZeroU32, time::Duration};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;

use super::concurrency::{ConcurrencyLimit, Slot};

pub(super) struct Pace {
    limit: ConcurrencyLimit,
    limiter: Option<DefaultDirectRateLimiter>,
}

impl Pace {
    /// `patience` is the longest that a call may take.
    pub(super) fn new(
        concurrency: usize,
        per_minute: Option<NonZeroU32>,
        patience: Duration,
    ) -> Self {
        let limiter = per_minute
            .and_then(|calls| Quota::with_period(Duration::from_mins(1) / calls.get()))
            .map(RateLimiter::direct);
        Self { limit: ConcurrencyLimit::new(concurrency, patience), limiter }
    }

    /// Waits for a free slot, which is held for the whole call.
    pub(super) async fn acquire(&self) -> Slot<'_> {
        self.limit.acquire().await
    }

    /// Records that a call has got a reply.
    pub(super) fn has_replied(&self) {
        self.limit.has_replied();
    }

    /// Records that the call in this slot has timed out. Returns whether the other calls may be the
    /// reason.
    pub(super) fn is_crowded(&self, slot: &Slot<'_>) -> bool {
        self.limit.has_overrun(slot, Instant::now())
    }

    /// Waits until a request may go out: one per n-th of a minute, with none saved up, so that no
    /// minute sees more than n + 1 (one at its first moment and one at its last). A quota of n with
    /// bursts would let 2n through around the turn of a minute, and endpoints count as they like.
    pub(super) async fn turn(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.until_ready().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn no_minute_sees_more_than_one_above_the_number() {
        let clock = FakeRelativeClock::default();
        let quota = Quota::with_period(Duration::from_mins(1) / 6).unwrap();
        let limiter = RateLimiter::direct_with_clock(quota, clock.clone());
        // An hour of silence first: it must not save up any calls.
        clock.advance(Duration::from_hours(1));
        let mut sent = Vec::new();
        for second in 0..300_usize {
            sent.extend(limiter.check().is_ok().then_some(second));
            clock.advance(Duration::from_secs(1));
        }
        for start in 0..240 {
            let in_it = sent.iter().filter(|second| (start..=start + 60).contains(*second)).count();
            assert!((6..=7).contains(&in_it), "{in_it} in the minute from second {start}");
        }
    }

    #[tokio::test]
    async fn a_concurrency_of_zero_still_lets_one_through() {
        for concurrency in [0, usize::MAX] {
            let pace = Pace::new(concurrency, None, Duration::from_secs(1));
            let _slot = pace.acquire().await;
        }
    }

    #[tokio::test]
    async fn requests_wait_for_their_turn() {
        let pace = Pace::new(8, NonZeroU32::new(600), Duration::from_secs(1));
        let began = std::time::Instant::now();
        for _ in 0..4 {
            pace.turn().await;
        }
        assert!(began.elapsed() >= Duration::from_millis(300), "{:?}", began.elapsed());
    }
}
