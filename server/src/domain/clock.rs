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

impl Timestamp {
    /// In the words of RFC 3339, to the microsecond and in UTC. What was before the year 1 counts as
    /// its beginning.
    pub fn to_rfc3339(self) -> String {
        let micros = self.0.rem_euclid(1_000_000);
        let second = self.seconds().rem_euclid(DAY);
        let (year, month, day) = date(self.seconds().div_euclid(DAY));
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
    }
}

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// Year, month and day of so many days after 1970-01-01.
fn date(days: i64) -> (i64, usize, i64) {
    let days = (days + days_before(1970)).max(0);
    // No year has more days than that, so this one is right or too early.
    let mut year = days / 366 + 1;
    while days_before(year + 1) <= days {
        year += 1;
    }
    let is_leap = days_before(year + 1) - days_before(year) == 366;
    let february = if is_leap { 29 } else { 28 };
    let mut left = days - days_before(year);
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    (year, month, left + 1)
}

/// Days from the first of the year 1 to the first of that year.
const fn days_before(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past / 4 - past / 100 + past / 400
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
    fn a_moment_is_written_by_the_calendar() {
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
        assert!(Timestamp::from_micros(i64::MAX).to_rfc3339().starts_with("294247-"));
        assert!(Timestamp::from_micros(i64::MIN).to_rfc3339().starts_with("0001-01-01"));
    }

    #[test]
    fn the_end_of_time_is_not_run_over() {
        let end = Timestamp::from_micros(i64::MAX - 1).after(Duration::MAX);
        assert_eq!(end.micros(), i64::MAX);
    }
}
