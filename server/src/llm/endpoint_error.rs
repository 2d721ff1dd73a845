//! What an endpoint says about its own fault: its codes, used for decisions, and its message,
//! sanitised for the log. Neither is ever shown to a candidate.

use serde::Deserialize;
use serde_json::Value;

/// The most characters of an endpoint's message that are logged.
const LONGEST_MESSAGE: usize = 300;

/// What a refusal may be about that no other form of request would fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorCause {
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
const CAUSES: [(ErrorCause, &[&str], &[&str]); 5] = [
    (
        ErrorCause::Length,
        &["context_length", "context_size", "request_too_large"],
        &["context length", "context size", "context window", "too long", "too many tokens"],
    ),
    (
        ErrorCause::Model,
        &["model_not_found", "invalid_model", "unknown_model", "model_decommissioned"],
        &["no such model", "unknown model", "invalid model", "not a valid model"],
    ),
    (
        ErrorCause::Key,
        &["api_key", "authentication", "permission", "unauthorized"],
        &["api key", "api_key", "unauthorized", "authentication", "credentials"],
    ),
    (
        ErrorCause::Content,
        &["content_filter", "content_policy", "moderation", "responsibleai"],
        &["content filter", "content policy", "content management policy", "flagged", "moderation"],
    ),
    (
        ErrorCause::Rate,
        &["rate_limit", "quota", "billing"],
        &["rate limit", "too many requests", "quota", "billing", "credit balance"],
    ),
];

/// Codes of something that is too long: the text, unless the message is about the form of a reply.
const TOO_LONG: [&str; 2] = ["too_long", "max_length"];

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
pub(super) struct EndpointError {
    /// `error.code`, if it is a string.
    pub(super) code: String,
    /// `error.type`.
    pub(super) kind: String,
    /// Its message, as received.
    pub(super) message: String,
}

impl EndpointError {
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
    pub(super) fn cause(&self, names_form: bool) -> Option<ErrorCause> {
        let codes = format!("{} {}", self.code, self.kind).to_lowercase();
        let message = self.message.to_lowercase();
        let is_of_form = names_form || FORM.iter().any(|word| message.contains(word));
        // A schema can be too long as well as a text.
        let too_long = !is_of_form && TOO_LONG.iter().any(|code| codes.contains(code));
        let known = |(cause, of_code, of_words): &(ErrorCause, &[&str], &[&str])| {
            let by_code = of_code.iter().any(|code| codes.contains(code));
            let by_words = !is_of_form && of_words.iter().any(|words| message.contains(words));
            (by_code || by_words).then_some(*cause)
        };
        let too_long = too_long || message.contains("maximum context length");
        let unknown_model = !is_of_form
            && message.contains("model")
            && ABSENT.iter().any(|words| message.contains(words));
        too_long
            .then_some(ErrorCause::Length)
            .or_else(|| CAUSES.iter().find_map(known))
            .or(unknown_model.then_some(ErrorCause::Model))
    }

    /// Reads the body of an alleged success: only its error, if there is one, since the rest may be
    /// a reply.
    pub(super) fn in_success(body: &str) -> Self {
        match serde_json::from_str(body) {
            Ok(Success { error: Some(_) }) => Self::of(body),
            _ => Self::default(),
        }
    }

    /// The status that the error of an alleged success gives as its code, as a number or in digits.
    pub(super) fn status_in_success(body: &str) -> Option<u16> {
        let Success { error } = serde_json::from_str(body).ok()?;
        match error?.get("code")? {
            Value::Number(number) => number.as_u64()?.try_into().ok(),
            Value::String(digits) => digits.parse().ok(),
            _ => None,
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
            assert_eq!(EndpointError::of(body).message, "no", "{body}");
        }
        let error = EndpointError::of(r#"{"error":{"message":"no","code":"c","type":"t"}}"#);
        assert_eq!((error.code.as_str(), error.kind.as_str()), ("c", "t"));
    }

    #[test]
    fn what_a_refusal_is_about_is_recognised_by_its_codes_or_its_words() {
        for (body, cause) in [
            (r#"{"error":{"message":"...","code":"context_length_exceeded"}}"#, ErrorCause::Length),
            (r#"{"error":{"code":400,"type":"exceed_context_size_error"}}"#, ErrorCause::Length),
            (
                r#"{"message":"This model's maximum context length is 4096 tokens."}"#,
                ErrorCause::Length,
            ),
            (r#"{"error":{"message":"prompt is too long: 9 tokens > 8"}}"#, ErrorCause::Length),
            (r#"{"error":"model 'x' not found"}"#, ErrorCause::Model),
            (r#"{"error":{"message":"The model `x` does not exist"}}"#, ErrorCause::Model),
            (r#"{"error":{"message":"API key not valid."}}"#, ErrorCause::Key),
            (r#"{"error":{"message":"...","type":"authentication_error"}}"#, ErrorCause::Key),
            (r#"{"error":{"message":"The input was flagged"}}"#, ErrorCause::Content),
            (r#"{"error":{"message":"...","code":"insufficient_quota"}}"#, ErrorCause::Rate),
        ] {
            assert_eq!(EndpointError::of(body).cause(false), Some(cause), "{body}");
        }
    }

    #[test]
    fn a_refusal_of_the_form_is_about_nothing_else_whatever_its_words() {
        let told = r#"{"error":{"message":"Invalid schema for response_format: string too long","code":"string_above_max_length"}}"#;
        assert_eq!(EndpointError::of(told).cause(true), None);
        assert_eq!(
            EndpointError::of(r#"{"error":{"code":"string_above_max_length"}}"#).cause(false),
            Some(ErrorCause::Length)
        );
        for message in [
            "no json_schema",
            "The schema is too long",
            "Structured output does not exist for this model",
            "failed to parse grammar",
            "Conversation roles must alternate",
            "",
        ] {
            let error = EndpointError { message: message.to_owned(), ..EndpointError::default() };
            assert_eq!(error.cause(false), None, "{message}");
        }
    }

    #[test]
    fn what_we_sent_is_not_taken_for_a_message() {
        let echo = r#"{"request":{"messages":["the answer"]}}"#;
        assert_eq!(EndpointError::of(echo), EndpointError::default());
    }

    #[test]
    fn a_reply_is_not_taken_for_a_message() {
        let reply = r#"{"choices":[],"message":"feedback"}"#;
        assert_eq!(EndpointError::in_success(reply), EndpointError::default());
        assert_eq!(EndpointError::in_success("feedback"), EndpointError::default());
        assert_eq!(EndpointError::in_success(r#"{"error":{"message":"no"}}"#).message, "no");
        assert_eq!(EndpointError::status_in_success(r#"{"error":{"code":400}}"#), Some(400));
        assert_eq!(
            EndpointError::status_in_success(r#"{"error":{"code":"422"},"choices":[]}"#),
            Some(422)
        );
        for body in [
            reply,
            r#"{"error":"400"}"#,
            r#"{"error":{"code":"bad"}}"#,
            r#"{"error":null,"code":400}"#,
        ] {
            assert_eq!(EndpointError::status_in_success(body), None, "{body}");
        }
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
