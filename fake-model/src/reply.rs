//! Replies: what is sent back, before anything goes wrong with it.

use std::{
    fmt::Write,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use crate::http::Request;

/// A reply that a server might give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Names and values. `connection: close` is added, and `content-length` unless already present.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl Reply {
    /// A reply with this content type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// A JSON reply.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// The same reply with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// An error object of a kind such as `invalid_request_error`, optionally about a parameter.
    pub(crate) fn error(status: u16, message: &str, kind: &str, param: Option<&str>) -> Self {
        let error = json!({"message": message, "type": kind, "param": param, "code": null});
        Self::json(status, &json!({ "error": error }))
    }

    /// A completion with this content, for the model in the request.
    pub(crate) fn completion(request: &Request, content: &str) -> Self {
        let asked: usize = request.messages().map(|(_, text)| tokens(text)).sum();
        let written = tokens(content);
        let message = json!({"role": "assistant", "content": content});
        Self::json(
            200,
            &json!({
                "id": "chatcmpl-fake",
                "object": "chat.completion",
                "created": seconds_since_1970(),
                "model": request.json["model"].as_str().unwrap_or("fake"),
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {
                    "prompt_tokens": asked,
                    "completion_tokens": written,
                    "total_tokens": asked + written,
                },
            }),
        )
    }

    /// The list of models with these names.
    pub(crate) fn models(names: &[String]) -> Self {
        let entry = |name: &String| json!({"id": name, "object": "model", "owned_by": "fake"});
        let data: Vec<Value> = names.iter().map(entry).collect();
        Self::json(200, &json!({"object": "list", "data": data}))
    }

    /// The head as sent over the wire, with this content length unless it has one already.
    pub(crate) fn head(&self, length: Option<u64>) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, phrase(self.status));
        let mut line = |name: &str, value: &str| {
            // Writing to a string cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        };
        for (name, value) in &self.headers {
            line(name, value);
        }
        let has_length =
            self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        if let Some(length) = length.filter(|_| !has_length) {
            line("content-length", &length.to_string());
        }
        line("connection", "close");
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// Roughly how many tokens a real model would count.
fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4)
}

fn seconds_since_1970() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs())
}

/// The reason phrase for a status; clients do not read it.
fn phrase(status: u16) -> &'static str {
    match status {
        200..300 => "OK",
        300..400 => "Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Error",
    }
}
