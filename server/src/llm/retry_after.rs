//! The Retry-After header: how long an endpoint asks to wait.

use std::time::Duration;

use crate::domain::clock::{Clock, Timestamp};

/// The wait that a header asks for: seconds, whole or fractional, or a date. Anything else, or a
/// date in the past, asks for no wait. Nothing is capped here: the worker knows how long is too
/// long.
pub(super) fn retry_after(value: &str, clock: &dyn Clock) -> Option<Duration> {
    let value = value.trim();
    seconds(value).or_else(|| until(value, clock))
}

fn seconds(value: &str) -> Option<Duration> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    // A string of digits can only fail to parse by being too large, and then it means forever.
    let seconds = whole.parse().map_or(Duration::MAX, Duration::from_secs);
    let part: f64 = format!("0.{fraction}").parse().ok()?;
    Some(seconds.saturating_add(Duration::from_secs_f64(part)))
}

fn until(value: &str, clock: &dyn Clock) -> Option<Duration> {
    let date = httpdate::parse_http_date(value).ok()?;
    let since_1970 = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    let wait = Timestamp::from_micros(0).after(since_1970).since(clock.now());
    (!wait.is_zero()).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-01 00:00:00 UTC.
    struct NewYear;

    impl Clock for NewYear {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(1_767_225_600_000_000)
        }
    }

    fn asked(value: &str) -> Option<Duration> {
        retry_after(value, &NewYear)
    }

    #[test]
    fn seconds_may_be_whole_or_not() {
        assert_eq!(asked("2"), Some(Duration::from_secs(2)));
        assert_eq!(asked(" 0 "), Some(Duration::ZERO));
        assert_eq!(asked("1.5"), Some(Duration::from_millis(1500)));
        assert_eq!(asked("3153600000"), Some(Duration::from_hours(876_000)));
    }

    #[test]
    fn more_seconds_than_fit_mean_forever() {
        assert_eq!(asked(&"9".repeat(400)), Some(Duration::MAX));
        assert_eq!(asked(&u64::MAX.to_string()), Some(Duration::from_secs(u64::MAX)));
        assert_eq!(asked(&format!("{}.{}", u64::MAX, "9".repeat(400))), Some(Duration::MAX));
    }

    #[test]
    fn a_date_asks_for_the_time_until_then_and_a_past_one_for_no_wait() {
        assert_eq!(asked("Thu, 01 Jan 2026 00:00:03 GMT"), Some(Duration::from_secs(3)));
        assert_eq!(asked("Thu, 01 Jan 2026 00:00:00 GMT"), None);
        assert_eq!(asked("Thu, 01 Jan 1970 00:00:00 GMT"), None);
        assert_eq!(asked("Mon, 05 Jan 1925 00:00:00 GMT"), None);
    }

    #[test]
    fn what_is_not_a_wait_asks_for_nothing() {
        for value in [
            "", "-1", "+1", "1e9", "inf", "NaN", ".5", "1.", "1.-5", "soon", "0x10", "1 2",
            "\u{661}",
        ] {
            assert_eq!(asked(value), None, "{value}");
        }
    }
}
