//! What an endpoint says of its own fault: for decisions its codes, for the log its message, made
//! harmless. Neither is ever shown to a candidate.

use serde::Deserialize;
use serde_json::Value;

/// Characters of an endpoint's message that the log takes.
const LONGEST_MESSAGE: usize = 300;

/// An endpoint's words. What it does not say is empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// `error.code`, where it is a string.
    pub(super) code: String,
    /// `error.type`.
    pub(super) kind: String,
    /// Its message, as it came.
    pub(super) message: String,
}

impl Told {
    /// Reads the body of a fault: the usual object, one of its cousins, or plain text. Of other
    /// JSON nothing is taken, because it may hold what we sent.
    pub(super) fn of(body: &str) -> Self {
        let Ok(value) = serde_json::from_str::<Value>(body) else {
            return Self { message: body.to_owned(), ..Self::default() };
        };
        let root = value.get(0).unwrap_or(&value);
        let error = root.get("error").unwrap_or(root);
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let message = text(Some(error))
            .or_else(|| text(error.get("message")))
            .or_else(|| text(root.get("message")))
            .or_else(|| text(root.get("detail")))
            .or_else(|| text(root.pointer("/detail/0/msg")));
        Self {
            code: text(error.get("code")).unwrap_or_default(),
            kind: text(error.get("type")).unwrap_or_default(),
            message: message.unwrap_or_default(),
        }
    }

    /// Whether it complains of more text than the model can read. Servers of local models have codes
    /// of their own for it, or only the words that the first endpoint used.
    pub(super) fn is_too_long(&self) -> bool {
        self.code == "context_length_exceeded"
            || self.kind == "exceed_context_size_error"
            || self.message.to_lowercase().contains("maximum context length")
    }

    /// Reads the body of what calls itself a success: its error, and nothing where there is none,
    /// since the rest may be a reply.
    pub(super) fn in_success(body: &str) -> Self {
        match serde_json::from_str(body) {
            Ok(Success { error: Some(_) }) => Self::of(body),
            _ => Self::default(),
        }
    }
}

#[derive(Deserialize)]
struct Success {
    error: Option<Value>,
}

/// Foreign text for a line of the log: short, on one line, without secrets and without characters
/// that steer a terminal or turn the reading direction.
pub(super) fn harmless(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "***");
    }
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    };
    let shown = text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c });
    shown.take(LONGEST_MESSAGE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_found_in_every_usual_place() {
        for body in [
            r#"{"error":{"message":"no","code":"c","type":"t"}}"#,
            r#"[{"error":{"message":"no","code":404}}]"#,
            r#"{"error":"no"}"#,
            r#"{"message":"no"}"#,
            r#"{"detail":"no"}"#,
            r#"{"detail":[{"loc":["body"],"msg":"no","input":"what we sent"}]}"#,
            "no",
        ] {
            assert_eq!(Told::of(body).message, "no", "{body}");
        }
        let told = Told::of(r#"{"error":{"message":"no","code":"c","type":"t"}}"#);
        assert_eq!((told.code.as_str(), told.kind.as_str()), ("c", "t"));
    }

    #[test]
    fn too_long_a_text_is_known_however_it_is_told() {
        for body in [
            r#"{"error":{"message":"...","code":"context_length_exceeded"}}"#,
            r#"{"error":{"message":"...","code":400,"type":"exceed_context_size_error"}}"#,
            r#"{"message":"This model's maximum context length is 4096 tokens.","code":400}"#,
        ] {
            assert!(Told::of(body).is_too_long(), "{body}");
        }
        assert!(!Told::of(r#"{"error":{"message":"no json_schema","code":400}}"#).is_too_long());
    }

    #[test]
    fn what_we_sent_is_not_taken_for_a_message() {
        let echo = r#"{"request":{"messages":["the answer"]}}"#;
        assert_eq!(Told::of(echo), Told::default());
    }

    #[test]
    fn a_reply_is_not_taken_for_a_message() {
        let reply = r#"{"choices":[],"message":"feedback"}"#;
        assert_eq!(Told::in_success(reply), Told::default());
        assert_eq!(Told::in_success("feedback"), Told::default());
        assert_eq!(Told::in_success(r#"{"error":{"message":"no"}}"#).message, "no");
    }

    #[test]
    fn a_logged_message_is_short_on_one_line_and_without_the_key() {
        let text = format!("bad key sk-1\r\n\u{1b}[2J\u{202e}{}", "x".repeat(1000));
        let logged = harmless(&text, &["sk-1"]);
        assert!(logged.starts_with("bad key ***"), "{logged}");
        assert_eq!(logged.chars().count(), LONGEST_MESSAGE);
        assert!(!logged.chars().any(|c| c.is_control() || c == '\u{202e}'), "{logged}");
    }

    #[test]
    fn a_key_that_straddles_the_end_is_masked_too() {
        let text = format!("{}sk-secret", "x".repeat(LONGEST_MESSAGE - 4));
        assert!(!harmless(&text, &["sk-secret"]).contains("sk"));
    }
}
