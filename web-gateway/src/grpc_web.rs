//! The parts of gRPC-Web that tonic-web's layer leaves to us: content types in any spelling, and
//! text bodies. The layer reads base64 as a single piece with padding only at the end, while the
//! specification also allows several pieces that are each padded. So text is decoded here and
//! passed to the layer as binary.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};

/// How a body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Frames without further encoding.
    Binary,
    /// Frames in base64, for clients that can only read text as it arrives.
    Text,
}

impl Encoding {
    /// How a request is encoded; `None` if it is not gRPC-Web with protobuf messages.
    pub(crate) fn of_request(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/grpc-web" | "application/grpc-web+proto" => Some(Self::Binary),
            "application/grpc-web-text" | "application/grpc-web-text+proto" => Some(Self::Text),
            _ => None,
        }
    }

    /// Tells the layer that the request is binary, which it is once decoded, and to encode the
    /// reply as `accept` says, or otherwise like the request.
    pub(crate) fn tell(self, headers: &mut HeaderMap) {
        let accept = self.of_reply(headers).content_type();
        let binary = Self::Binary.content_type();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(binary));
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
    }

    fn of_reply(self, headers: &HeaderMap) -> Self {
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        match accept.map(str::to_ascii_lowercase) {
            Some(accept) if accept.contains("application/grpc-web-text") => Self::Text,
            Some(accept) if accept.contains("application/grpc-web") => Self::Binary,
            _ => self,
        }
    }

    /// The content type that the layer knows.
    fn content_type(self) -> &'static str {
        match self {
            Self::Binary => "application/grpc-web+proto",
            Self::Text => "application/grpc-web-text+proto",
        }
    }

    /// Decodes a request's whole body; `None` if it is not encoded this way.
    pub(crate) fn decode(self, body: Bytes) -> Option<Bytes> {
        match self {
            Self::Binary => Some(body),
            Self::Text => from_base64(&body).map(Bytes::from),
        }
    }
}

/// Decodes base64 in one piece, or in several that are each padded.
fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut rest = text;
    while !rest.is_empty() {
        // A piece ends with the group of four that contains padding.
        let end =
            rest.iter().position(|byte| *byte == b'=').map_or(rest.len(), |at| at / 4 * 4 + 4);
        let (piece, after) = rest.split_at_checked(end)?;
        STANDARD.decode_vec(piece, &mut bytes).ok()?;
        rest = after;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, header::HeaderValue::from_static(value))])
    }

    #[test]
    fn only_the_content_types_of_the_specification_are_accepted() {
        let of = |value| Encoding::of_request(&headers(header::CONTENT_TYPE, value));
        assert_eq!(of("application/grpc-web"), Some(Encoding::Binary));
        assert_eq!(of("application/grpc-web+proto"), Some(Encoding::Binary));
        assert_eq!(of("application/grpc-web-text"), Some(Encoding::Text));
        assert_eq!(of("Application/grpc-web-text+proto; charset=utf-8"), Some(Encoding::Text));
        for other in ["application/grpc", "application/json", "application/grpc-web+json", ""] {
            assert_eq!(of(other), None, "{other}");
        }
        assert_eq!(Encoding::of_request(&HeaderMap::new()), None);
    }

    #[test]
    fn the_reply_is_encoded_as_the_client_accepts() {
        let text = headers(header::ACCEPT, "application/grpc-web-text");
        assert_eq!(Encoding::Binary.of_reply(&text), Encoding::Text);
        let any = headers(header::ACCEPT, "*/*");
        assert_eq!(Encoding::Text.of_reply(&any), Encoding::Text);
        assert_eq!(Encoding::Binary.of_reply(&HeaderMap::new()), Encoding::Binary);
        let mut told = text;
        Encoding::Text.tell(&mut told);
        assert_eq!(told[header::CONTENT_TYPE], "application/grpc-web+proto");
        assert_eq!(told[header::ACCEPT], "application/grpc-web-text+proto");
    }

    #[test]
    fn text_is_read_in_one_piece_and_in_several_padded_ones() {
        let text = |text: &'static str| Encoding::Text.decode(Bytes::from_static(text.as_bytes()));
        assert_eq!(text("AAECAw==").unwrap().as_ref(), [0, 1, 2, 3]);
        assert_eq!(text("AA==AQI=Aw==").unwrap().as_ref(), [0, 1, 2, 3]);
        assert_eq!(text("").unwrap().len(), 0);
        for broken in ["A", "AA=", "A===", "AA==B", "!!!!", "=AAA"] {
            assert!(text(broken).is_none(), "{broken}");
        }
    }
}
