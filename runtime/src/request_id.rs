//! The id of a call, which is in the log and is returned to the caller.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The header with the id, in the request and in the reply.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that a caller may choose.
const MAX_BYTES: usize = 64;

/// Returns the caller's id if it sent a plain one, else a new one.
pub fn of(headers: &HeaderMap) -> HeaderValue {
    headers.get(HEADER).filter(|value| is_plain(value)).cloned().unwrap_or_else(generate)
}

/// Whether an id has only letters, digits and a few signs, so that it cannot forge log lines.
fn is_plain(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    (1..=MAX_BYTES).contains(&bytes.len()) && bytes.iter().all(plain)
}

fn generate() -> HeaderValue {
    let id = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>());
    // URL-safe Base64 is ASCII, which is valid in every header.
    HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_id_is_kept_unless_it_could_harm_the_log() {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, HeaderValue::from_static("client-7:a.b"));
        assert_eq!(of(&headers), "client-7:a.b");
        for bad in ["", "two words", "level=error", &"x".repeat(65)] {
            headers.insert(HEADER, HeaderValue::from_str(bad).unwrap());
            assert_eq!(of(&headers).len(), 16, "{bad:?}");
        }
    }
}
