//! How long a call may take: the server's limit, or the caller's if that is shorter. tonic has a
//! timer too, but its error is CANCELLED, so ours fires first.

use std::time::Duration;

use http::HeaderMap;

/// Returns the time for a call with these headers: `limit` or, if shorter, 95% of the caller's.
pub(super) fn of(headers: &HeaderMap, limit: Duration) -> Duration {
    let asked = headers.get("grpc-timeout").and_then(|value| parse(value.to_str().ok()?));
    asked.map_or(limit, |asked| limit.min(asked.saturating_sub(asked / 20)))
}

/// Parses `grpc-timeout` as the gRPC protocol defines it: at most eight digits and a unit.
fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(value * 3600)),
        "M" => Some(Duration::from_secs(value * 60)),
        "S" => Some(Duration::from_secs(value)),
        "m" => Some(Duration::from_millis(value)),
        "u" => Some(Duration::from_micros(value)),
        "n" => Some(Duration::from_nanos(value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_limit_applies() {
        let mut headers = HeaderMap::new();
        let limit = Duration::from_secs(30);
        assert_eq!(of(&headers, limit), limit);
        headers.insert("grpc-timeout", "100m".parse().unwrap());
        assert_eq!(of(&headers, limit), Duration::from_millis(95));
        headers.insert("grpc-timeout", "2M".parse().unwrap());
        assert_eq!(of(&headers, limit), limit);
    }

    #[test]
    fn an_invalid_timeout_sets_no_limit() {
        for bad in ["", "S", "1", "123456789S", "-1S", "1.5S", "10x", "é"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
