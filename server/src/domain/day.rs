//! Days of the calendar, without a time or a zone.

use std::fmt;

use jiff::{SignedDuration, civil};

/// A day: how many have passed since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The day `number` days after 1970-01-01.
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// The number of days since 1970-01-01.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day `days` days later.
    #[must_use]
    pub const fn after(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The number of days since `earlier`; negative if this day is before it.
    pub const fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = SignedDuration::from_hours(24 * i64::from(self.0));
        fmt::Display::fmt(&civil::date(1970, 1, 1).saturating_add(since), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_a_date_and_counted_from_another_day() {
        let leap = Day::new(20_513);
        assert_eq!(Day::new(0).to_string(), "1970-01-01");
        assert_eq!(leap.after(275).to_string(), "2026-12-01");
        assert_eq!(Day::new(-1).to_string(), "1969-12-31");
        assert_eq!((leap.after(3).since(leap), leap.since(leap.after(3))), (3, -3));
    }
}
