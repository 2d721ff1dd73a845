//! Reads the body of a reply, up to a limit.

use reqwest::Response;

/// What was read of a body, decoded, and how the reading ended.
pub(super) struct Read {
    pub(super) bytes: Vec<u8>,
    pub(super) end: End,
}

pub(super) enum End {
    /// All of it was read.
    Whole,
    /// There is more than the limit.
    TooLong,
    /// The connection or the data was broken.
    Broken(reqwest::Error),
}

/// Reads at most `most` decoded bytes. The length in the header is not trusted, and a few bytes on
/// the wire may decode to a great many, so the limit applies to the decoded bytes.
pub(super) async fn read(mut response: Response, most: usize) -> Read {
    let mut bytes = Vec::new();
    let end = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() > most - bytes.len() => {
                bytes.extend_from_slice(&chunk[..most - bytes.len()]);
                break End::TooLong;
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break End::Whole,
            Err(error) => break End::Broken(error),
        }
    };
    Read { bytes, end }
}

/// The text of a body, without a leading byte order mark; `None` if it is not UTF-8.
pub(super) fn text(bytes: &[u8]) -> Option<&str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_utf8_is_text_and_its_byte_order_mark_is_not() {
        assert_eq!(text("\u{feff}{}".as_bytes()), Some("{}"));
        assert_eq!(text(b"{\"a\":\"\xff\"}"), None);
        let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&utf16), None);
    }
}
