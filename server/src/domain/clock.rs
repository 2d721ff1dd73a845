//! Time as a value. Only this module of the server may read the clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment: microseconds since 1970-01-01 UTC, which both databases can store exactly.
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

    /// Whole seconds since 1970, rounded down, as used in tokens.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The moment this long after `self`; saturates instead of overflowing.
    #[must_use]
    pub fn after(self, while_: Duration) -> Self {
        let micros = i64::try_from(while_.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(micros))
    }

    /// The moment this long before `self`; saturates instead of overflowing.
    #[must_use]
    pub fn before(self, while_: Duration) -> Self {
        let micros = i64::try_from(while_.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(micros))
    }

    /// How long after `earlier` this is; zero if it is before.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl Timestamp {
    /// The moment as a calendar date and time. One outside the years 1 to 9999, which RFC 3339 can
    /// write, becomes the nearest one within them.
    pub fn in_calendar(self) -> jiff::Timestamp {
        let latest = jiff::Timestamp::MAX;
        let micros = self.0.clamp(YEAR_1, latest.as_microsecond());
        jiff::Timestamp::from_microsecond(micros).unwrap_or(latest)
    }

    /// Formats it by RFC 3339, in UTC and to the microsecond.
    pub fn to_rfc3339(self) -> String {
        format!("{:.6}", self.in_calendar())
    }
}

/// The beginning of the year 1, in microseconds since 1970.
const YEAR_1: i64 = -62_135_596_800_000_000;

/// A source of the time, which a test can replace.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // A clock set before 1970 counts as 1970.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(0).after(since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_a_duration_to_a_moment_gives_a_later_one() {
        let start = Timestamp::from_micros(1_500_000);
        let later = start.after(Duration::from_millis(250));
        assert_eq!(later.micros(), 1_750_000);
        assert_eq!(later.since(start), Duration::from_millis(250));
        assert_eq!(start.since(later), Duration::ZERO);
        assert_eq!(later.before(Duration::from_millis(250)), start);
    }

    #[test]
    fn a_moment_is_written_as_a_date_and_time() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (951_782_399, "2000-02-28T23:59:59.000000Z"),
            (951_782_400, "2000-02-29T00:00:00.000000Z"),
            (978_307_199, "2000-12-31T23:59:59.000000Z"),
            (978_307_200, "2001-01-01T00:00:00.000000Z"),
            (1_709_164_800, "2024-02-29T00:00:00.000000Z"),
            (1_795_392_000, "2026-11-23T00:00:00.000000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.000000Z"),
        ] {
            assert_eq!(Timestamp::from_micros(seconds * 1_000_000).to_rfc3339(), text);
        }
        assert_eq!(Timestamp::from_micros(1).to_rfc3339(), "1970-01-01T00:00:00.000001Z");
        assert!(Timestamp::from_micros(i64::MAX).to_rfc3339().starts_with("9999-12-30T"));
        assert!(Timestamp::from_micros(i64::MIN).to_rfc3339().starts_with("0001-01-01"));
    }

    #[test]
    fn adding_beyond_the_last_moment_saturates() {
        let end = Timestamp::from_micros(i64::MAX - 1).after(Duration::MAX);
        assert_eq!(end.micros(), i64::MAX);
    }
}
