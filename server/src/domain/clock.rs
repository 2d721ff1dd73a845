//! Time as a value. This is the only module of the server that may ask what time it is.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment: microseconds since 1970-01-01 UTC, which is what both databases can keep exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down, as tokens want them.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This moment and a while; stays at the end of time rather than running over.
    #[must_use]
    pub fn after(self, while_: Duration) -> Self {
        let micros = i64::try_from(while_.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(micros))
    }

    /// A while before this moment; stays at the beginning of time rather than running over.
    #[must_use]
    pub fn before(self, while_: Duration) -> Self {
        let micros = i64::try_from(while_.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(micros))
    }

    /// How long after `earlier` this is; zero when it is not after.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// Tells the time, so that a test can tell it otherwise.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // A clock set before 1970 counts as 1970: nothing here needs more of it.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(0).after(since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_and_a_while_is_that_much_later() {
        let start = Timestamp::from_micros(1_500_000);
        let later = start.after(Duration::from_millis(250));
        assert_eq!(later.micros(), 1_750_000);
        assert_eq!(later.since(start), Duration::from_millis(250));
        assert_eq!(start.since(later), Duration::ZERO);
        assert_eq!(later.before(Duration::from_millis(250)), start);
    }

    #[test]
    fn the_end_of_time_is_not_run_over() {
        let end = Timestamp::from_micros(i64::MAX - 1).after(Duration::MAX);
        assert_eq!(end.micros(), i64::MAX);
    }
}
