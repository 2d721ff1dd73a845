//! What an endpoint says about its own fault: its codes, used for decisions, and its message,
//! sanitised for the log. Neither is ever shown to a candidate.

use serde::Deserialize;
use serde_json::Value;

/// The most characters of an endpoint's message that are logged.
const LONGEST_MESSAGE: usize = 300;

/// What a refusal may be about that no other form of request would fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matter {
    /// The text is longer than the model can read.
    Length,
    /// The model does not exist.
    Model,
    /// The key, or its permissions.
    Key,
    /// The content of the text.
    Content,
    /// Too many calls, or no quota left.
    Rate,
}

/// The codes and the words that identify each, in lower case.
const MATTERS: [(Matter, &[&str], &[&str]); 5] = [
    (
        Matter::Length,
        &["context_length", "context_size", "too_long", "max_length", "request_too_large"],
        &["context length", "context size", "context window", "too long", "too many tokens"],
    ),
    (
        Matter::Model,
        &["model_not_found", "invalid_model", "unknown_model", "model_decommissioned"],
        &["no such model", "unknown model", "invalid model", "not a valid model"],
    ),
    (
        Matter::Key,
        &["api_key", "authentication", "permission", "unauthorized"],
        &["api key", "api_key", "unauthorized", "authentication", "credentials"],
    ),
    (
        Matter::Content,
        &["content_filter", "content_policy", "moderation", "responsibleai"],
        &["content filter", "content policy", "content management policy", "flagged", "moderation"],
    ),
    (
        Matter::Rate,
        &["rate_limit", "quota", "billing"],
        &["rate limit", "too many requests", "quota", "billing", "credit balance"],
    ),
];

/// Words in a message about the form of a reply.
const FORM: [&str; 4] = ["schema", "grammar", "json", "structured"];

/// Words in a message about a model that does not exist.
const ABSENT: [&str; 4] = ["not found", "does not exist", "not exist", "decommissioned"];

/// Other places where a message may be.
const OTHER_PLACES: [&str; 9] = [
    "/detail/0/msg",
    "/detail/message",
    "/detail/error",
    "/errors/0/message",
    "/errors/0/detail",
    "/errors/0",
    "/error/error/message",
    "/msg",
    "/error_msg",
];

/// What an endpoint said. Anything it did not say is empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// `error.code`, if it is a string.
    pub(super) code: String,
    /// `error.type`.
    pub(super) kind: String,
    /// Its message, as received.
    pub(super) message: String,
}

impl Told {
    /// Reads the body of a fault: the usual object, one of its variants, or plain text. Other JSON
    /// is ignored, because it may contain what we sent.
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
            .or_else(|| OTHER_PLACES.iter().find_map(|place| text(root.pointer(place))));
        Self {
            code: text(error.get("code")).unwrap_or_default(),
            kind: text(error.get("type")).unwrap_or_default(),
            message: message.unwrap_or_default(),
        }
    }

    /// What it complains about, other than the form of the request, if that can be told. Its words
    /// prove nothing if it names the form or the schema: they may be quoted from the request, or
    /// "too long" may refer to the schema.
    pub(super) fn matter(&self, names_form: bool) -> Option<Matter> {
        let codes = format!("{} {}", self.code, self.kind).to_lowercase();
        let message = self.message.to_lowercase();
        let is_of_form = names_form || FORM.iter().any(|word| message.contains(word));
        let known = |(matter, of_code, of_words): &(Matter, &[&str], &[&str])| {
            let by_code = of_code.iter().any(|code| codes.contains(code));
            let by_words = !is_of_form && of_words.iter().any(|words| message.contains(words));
            (by_code || by_words).then_some(*matter)
        };
        let too_long = message.contains("maximum context length").then_some(Matter::Length);
        let unknown_model = !is_of_form
            && message.contains("model")
            && ABSENT.iter().any(|words| message.contains(words));
        too_long
            .or_else(|| MATTERS.iter().find_map(known))
            .or(unknown_model.then_some(Matter::Model))
    }

    /// Reads the body of an alleged success: only its error, if there is one, since the rest may be
    /// a reply.
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

/// Makes foreign text safe for a log line: short, on one line, without secrets, and without
/// characters that control a terminal or change the reading direction.
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
            r#"{"detail":{"message":"no","request":"what we sent"}}"#,
            r#"{"errors":[{"message":"no"}],"success":false}"#,
            r#"{"error":{"error":{"message":"no"}}}"#,
            "no",
        ] {
            assert_eq!(Told::of(body).message, "no", "{body}");
        }
        let told = Told::of(r#"{"error":{"message":"no","code":"c","type":"t"}}"#);
        assert_eq!((told.code.as_str(), told.kind.as_str()), ("c", "t"));
    }

    #[test]
    fn what_a_refusal_is_about_is_known_by_its_codes_or_its_words() {
        for (body, matter) in [
            (r#"{"error":{"message":"...","code":"context_length_exceeded"}}"#, Matter::Length),
            (r#"{"error":{"code":400,"type":"exceed_context_size_error"}}"#, Matter::Length),
            (
                r#"{"message":"This model's maximum context length is 4096 tokens."}"#,
                Matter::Length,
            ),
            (r#"{"error":{"message":"prompt is too long: 9 tokens > 8"}}"#, Matter::Length),
            (r#"{"error":"model 'x' not found"}"#, Matter::Model),
            (r#"{"error":{"message":"The model `x` does not exist"}}"#, Matter::Model),
            (r#"{"error":{"message":"API key not valid."}}"#, Matter::Key),
            (r#"{"error":{"message":"...","type":"authentication_error"}}"#, Matter::Key),
            (r#"{"error":{"message":"The input was flagged"}}"#, Matter::Content),
            (r#"{"error":{"message":"...","code":"insufficient_quota"}}"#, Matter::Rate),
        ] {
            assert_eq!(Told::of(body).matter(false), Some(matter), "{body}");
        }
    }

    #[test]
    fn a_refusal_of_the_form_is_about_nothing_else_whatever_words_it_has() {
        for message in [
            "no json_schema",
            "The schema is too long",
            "Structured output does not exist for this model",
            "failed to parse grammar",
            "Conversation roles must alternate",
            "",
        ] {
            let told = Told { message: message.to_owned(), ..Told::default() };
            assert_eq!(told.matter(false), None, "{message}");
        }
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
