//! When a failed attempt is made again, and when it is given up.

use std::time::Duration;

/// Exponential back-off with jitter, within bounds.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Attempts before an evaluation is given up, at least 1.
    pub max_attempts: i32,
    /// The longest wait after the first attempt; it doubles with each.
    pub base: Duration,
    /// No wait of ours is longer, whatever the attempt.
    pub cap: Duration,
    /// No wait that a grader asks for is honoured beyond this.
    pub longest_asked: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            base: Duration::from_secs(1),
            cap: Duration::from_secs(60),
            longest_asked: Duration::from_secs(15 * 60),
        }
    }
}

impl RetryPolicy {
    /// How long to wait after attempt `attempt` (1 for the first): half of base x 2^n at least and
    /// all of it at most, `jitter` from 0 to 1 saying where between, so that what failed together
    /// does not come back together. A longer wait that the grader asked for comes first.
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
    fn a_wait_that_was_asked_for_is_honoured_up_to_a_cap() {
        let policy = RetryPolicy::default();
        let asked = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(policy.delay(1, asked(90), 0.5), Duration::from_secs(90));
        assert_eq!(policy.delay(1, asked(u64::MAX), 0.5), Duration::from_secs(900));
        assert!(policy.delay(1, asked(0), 0.5) > Duration::ZERO);
    }

    proptest! {
        #[test]
        fn every_wait_lies_between_half_and_all_of_its_step_and_below_the_cap(
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
