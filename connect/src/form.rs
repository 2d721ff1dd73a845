//! How a call's messages are written, which its content type says.

use http::{HeaderMap, header};

/// The content types of calls, as `Accept-Post` lists them.
pub const ACCEPTED: &str =
    "application/json, application/proto, application/connect+json, application/connect+proto";

/// How a single message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// As proto3 JSON.
    Json,
    /// As Protobuf's binary form.
    Proto,
}

/// How the messages of a call are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) format: Format,
    /// Whether the reply is a stream. The messages are then in envelopes, and the last one has the
    /// status.
    pub(crate) streams: bool,
}

impl Form {
    /// The form that the headers of a request name; `None` if it is not a Connect call.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let (format, streams) = match kind.as_str() {
            "application/json" => (Format::Json, false),
            "application/proto" => (Format::Proto, false),
            "application/connect+json" => (Format::Json, true),
            "application/connect+proto" => (Format::Proto, true),
            _ => return None,
        };
        Some(Self { format, streams })
    }

    /// Its content type.
    pub(crate) fn content_type(self) -> &'static str {
        match (self.format, self.streams) {
            (Format::Json, false) => "application/json",
            (Format::Proto, false) => "application/proto",
            (Format::Json, true) => "application/connect+json",
            (Format::Proto, true) => "application/connect+proto",
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(value: &'static str) -> Option<&'static str> {
        let value = HeaderValue::from_static(value);
        Form::of(&HeaderMap::from_iter([(header::CONTENT_TYPE, value)])).map(Form::content_type)
    }

    #[test]
    fn only_the_content_types_of_the_protocol_are_accepted() {
        for accepted in ACCEPTED.split(", ") {
            assert_eq!(of(accepted), Some(accepted));
        }
        assert_eq!(of("Application/JSON; charset=utf-8"), Some("application/json"));
        for other in ["application/grpc", "application/grpc-web+proto", "text/plain", "json", ""] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
