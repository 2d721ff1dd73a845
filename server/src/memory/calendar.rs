//! Time zones: on which day a moment falls for a person. The zones are compiled in, so that every
//! process uses the same ones.

use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::domain::{clock::Timestamp, day::Day, violation::InvalidValue};

/// All time zones.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Zone {
    /// Parses an IANA name, ignoring case.
    pub fn parse(name: &str) -> Result<Self, InvalidValue> {
        let known = ZONES.get(name).ok().filter(|zone| !zone.is_unknown());
        let fault = "Time zone must be a name of the IANA database, for example UTC";
        known.map(Self).ok_or_else(|| fault.into())
    }

    /// Does the same; `None` for an empty name.
    pub fn parse_optional(name: &str) -> Result<Option<Self>, InvalidValue> {
        if name.is_empty() { Ok(None) } else { Self::parse(name).map(Some) }
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Returns the day on which a moment falls in this zone.
    pub fn day_of(&self, moment: Timestamp) -> Day {
        let date = self.0.to_datetime(moment.in_calendar()).date();
        let since = date.duration_since(jiff::civil::date(1970, 1, 1));
        Day::new(i32::try_from(since.as_hours() / 24).unwrap_or(i32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-12-01, an hour and a half before midnight UTC.
    const LATE: Timestamp = Timestamp::from_micros((20_788 * 86_400 - 5_400 + 86_400) * 1_000_000);

    #[test]
    fn a_moment_falls_on_the_local_day_of_each_zone() {
        for (zone, day) in [
            ("UTC", "2026-12-01"),
            ("Europe/Berlin", "2026-12-01"),
            ("Europe/Helsinki", "2026-12-02"),
            ("Pacific/Kiritimati", "2026-12-02"),
            ("America/New_York", "2026-12-01"),
        ] {
            assert_eq!(Zone::parse(zone).unwrap().day_of(LATE).to_string(), day, "{zone}");
        }
        let beginning = Timestamp::from_micros(i64::MIN);
        assert!(Zone::default().day_of(beginning) < Zone::default().day_of(LATE));
        assert!(Zone::default().day_of(Timestamp::from_micros(i64::MAX)).number() > 2_000_000);
    }

    #[test]
    fn a_zone_is_found_by_its_name_ignoring_case() {
        assert_eq!(Zone::parse("europe/berlin").unwrap().name(), "Europe/Berlin");
        assert_eq!(Zone::default().name(), "UTC");
        assert_eq!(Zone::parse_optional(""), Ok(None));
        for bad in
            ["", "Berlin", "Europe/Atlantis", "../etc/passwd", "Etc/Unknown", "+02:00", "a\0"]
        {
            assert!(Zone::parse(bad).is_err(), "{bad}");
        }
    }
}
