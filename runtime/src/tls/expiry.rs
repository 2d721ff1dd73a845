//! When a certificate is valid, and what to report about that. Only these two times are read from
//! the certificate (RFC 5280, 4.1); rustls and clients find anything else that is wrong with it.

use std::time::Duration;

use jiff::Timestamp;

/// A certificate that expires sooner than this should have been renewed.
const SOON: Duration = Duration::from_hours(14 * 24);

/// What to report about a certificate at a given time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expiry {
    /// It expired on this day.
    Over(String),
    /// It expires soon, on this day.
    Soon(String),
    /// It becomes valid later, on this day.
    NotYet(String),
}

/// Returns what to report about this certificate (DER) at `now`, if anything. A certificate whose
/// validity cannot be read is left to rustls, which reads all of it.
pub(super) fn of(certificate: &[u8], now: Timestamp) -> Option<Expiry> {
    let (from, until) = validity(certificate)?;
    // In the same format, texts sort like their times.
    let moment = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    if until < moment(now) {
        Some(Expiry::Over(until))
    } else if from > moment(now) {
        Some(Expiry::NotYet(from))
    } else if until < moment(now.saturating_add(SOON).unwrap_or(now)) {
        Some(Expiry::Soon(until))
    } else {
        None
    }
}

/// Logs it, for the operator.
pub(super) fn tell(expiry: &Expiry) {
    match expiry {
        Expiry::Over(day) => {
            tracing::error!(ended = %day, "the certificate has expired, and clients refuse it; renew it");
        }
        Expiry::Soon(day) => {
            tracing::warn!(ends = %day, "the certificate expires soon; renew it before that");
        }
        Expiry::NotYet(day) => {
            tracing::error!(begins = %day, "the certificate is not valid yet, and clients refuse it");
        }
    }
}

/// Returns the start and the end of the validity in UTC, as `2026-01-31T23:59:59`.
fn validity(certificate: &[u8]) -> Option<(String, String)> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    let (_, certificate, _) = element(certificate).filter(|(tag, ..)| *tag == SEQUENCE)?;
    let (_, mut fields, _) = element(certificate).filter(|(tag, ..)| *tag == SEQUENCE)?;
    let (tag, _, rest) = element(fields)?;
    if tag == VERSION {
        fields = rest;
    }
    // The serial number, the signature algorithm, the issuer.
    for _ in 0..3 {
        fields = element(fields)?.2;
    }
    let (_, times, _) = element(fields).filter(|(tag, ..)| *tag == SEQUENCE)?;
    let (tag, from, rest) = element(times)?;
    let from = time(tag, from)?;
    let (tag, until, _) = element(rest)?;
    Some((from, time(tag, until)?))
}

/// Returns the first element: its tag, its contents, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, mut rest) = rest.split_first()?;
    let mut length = usize::from(*first);
    if length >= 0x80 {
        let (bytes, after) = rest.split_at_checked(length - 0x80).filter(|(b, _)| b.len() <= 4)?;
        length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        rest = after;
    }
    let (inner, after) = rest.split_at_checked(length)?;
    Some((*tag, inner, after))
}

/// Parses `YYMMDDhhmmssZ`, for the years 1950 to 2049, or `YYYYMMDDhhmmssZ`.
fn time(tag: u8, text: &[u8]) -> Option<String> {
    const UTC_TIME: u8 = 0x17;
    const GENERALIZED_TIME: u8 = 0x18;
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let text = match tag {
        UTC_TIME if text.get(..2)? < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (day, hour) = text.split_at(8);
    let (year, day) = day.split_at(4);
    let (month, day) = day.split_at(2);
    Some(format!("{year}-{month}-{day}T{}:{}:{}", &hour[..2], &hour[2..4], &hour[4..]))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn certificate(from: i32, until: i32) -> Vec<u8> {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        (params.not_before, params.not_after) =
            (date_time_ymd(from, 2, 3), date_time_ymd(until, 12, 31));
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    /// The time `days` days after 1970-01-01.
    fn day(days: i64) -> Timestamp {
        Timestamp::from_second(days * 24 * 3600).unwrap()
    }

    #[test]
    fn a_certificate_is_reported_if_it_expires_soon_has_expired_or_is_not_valid_yet() {
        // 20_088 days after 1970 is 2024-12-31.
        let certificate = certificate(2020, 2024);
        let until = || "2024-12-31T00:00:00".to_owned();
        let last = 20_088;
        assert_eq!(of(&certificate, day(last + 1)), Some(Expiry::Over(until())));
        assert_eq!(of(&certificate, day(last)), Some(Expiry::Soon(until())), "to the second");
        assert_eq!(of(&certificate, day(last - 13)), Some(Expiry::Soon(until())));
        assert_eq!(of(&certificate, day(last - 14)), None);
        let from = "2020-02-03T00:00:00".to_owned();
        assert_eq!(of(&certificate, day(18_000)), Some(Expiry::NotYet(from)));
    }

    #[test]
    fn years_in_either_form_are_read() {
        let years = |from, until| validity(&certificate(from, until)).unwrap();
        let (from, until) = years(1960, 2049);
        assert_eq!((&from[..4], &until[..4]), ("1960", "2049"));
        let (from, until) = years(2050, 4096);
        assert_eq!((&from[..4], &until[..4]), ("2050", "4096"));
    }

    #[test]
    fn anything_but_a_certificate_is_left_to_rustls() {
        let whole = certificate(2020, 2024);
        for length in 0..whole.len().min(300) {
            // It must terminate; the result does not matter.
            let _ = of(&whole[..length], day(0));
        }
        for bad in [&[][..], &[0x30], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 0x80], b"pem"]
        {
            assert_eq!(of(bad, day(0)), None, "{bad:?}");
        }
    }
}
