//! When a failed attempt is retried, and when it is given up.

use std::time::Duration;

/// Exponential back-off with jitter and limits.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// How many attempts before an evaluation is given up, at least 1.
    pub max_attempts: i32,
    /// The longest wait after the first attempt; it doubles with each.
    pub base: Duration,
    /// The longest back-off of any attempt.
    pub cap: Duration,
    /// The longest wait that a grader may ask for; a longer one is reduced to this.
    pub longest_asked: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            base: Duration::from_secs(1),
            cap: Duration::from_mins(1),
            longest_asked: Duration::from_mins(15),
        }
    }
}

impl RetryPolicy {
    /// Returns how long to wait after attempt `attempt` (1 for the first): between half and all of
    /// base × 2^(attempt - 1), chosen by `jitter` from 0 to 1, so that attempts that failed
    /// together are not retried together. A longer wait that the grader `asked` for is kept.
    pub fn delay(&self, attempt: i32, asked: Option<Duration>, jitter: f64) -> Duration {
        let doublings = u32::try_from(attempt - 1).unwrap_or(0).min(20);
        let longest = self.base.saturating_mul(1 << doublings).min(self.cap);
        let own = longest.mul_f64(0.5 + 0.5 * jitter.clamp(0.0, 1.0));
        own.max(asked.unwrap_or_default().min(self.longest_asked))
    }

    /// Whether attempt `attempt` was the last.
    pub fn is_last(&self, attempt: i32) -> bool {
        attempt >= self.max_attempts
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_requested_wait_is_honoured_up_to_a_limit() {
        let policy = RetryPolicy::default();
        let asked = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(policy.delay(1, asked(90), 0.5), Duration::from_secs(90));
        assert_eq!(policy.delay(1, asked(u64::MAX), 0.5), Duration::from_mins(15));
        assert!(policy.delay(1, asked(0), 0.5) > Duration::ZERO);
    }

    proptest! {
        #[test]
        fn every_wait_is_between_half_and_all_of_its_step_and_below_the_cap(
            attempt in 1i32..1000, jitter in 0.0f64..=1.0,
        ) {
            let policy = RetryPolicy::default();
            let delay = policy.delay(attempt, None, jitter);
            let doublings = u32::try_from(attempt - 1).unwrap().min(20);
            let step = policy.base.saturating_mul(1 << doublings).min(policy.cap);
            prop_assert!(delay >= step / 2 && delay <= step, "{:?} of {:?}", delay, step);
        }
    }
}
