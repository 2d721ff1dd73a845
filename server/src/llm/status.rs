//! What an unsuccessful status means: whether the call may work later, and what to do about it.

use std::time::Duration;

use super::{
    completion::NO_COMPLETION,
    endpoint_error::{EndpointError, ErrorCause},
    error::LlmError,
};

/// The fault that a status means. `after` is what a Retry-After asks for.
pub(super) fn fault(
    status: u16,
    error: &EndpointError,
    has_key: bool,
    after: Option<Duration>,
) -> LlmError {
    let later = |reason: String| LlmError::Retry { after, reason };
    match status {
        200..=299 => LlmError::fail(NO_COMPLETION),
        300..=399 => LlmError::fail(
            "LLM_API_URL answered with a redirect, which is not followed; set it to the address \
             itself.",
        ),
        401 if has_key => LlmError::fail(
            "The language model refused the key; set LLM_API_KEY to one that it accepts.",
        ),
        401 => LlmError::fail("The language model requires a key; set LLM_API_KEY."),
        402 => no_quota(),
        403 => LlmError::fail(
            "This key or region may not use the language model (HTTP 403); check LLM_API_KEY and \
             its account.",
        ),
        400 | 404 | 422 if let Some(fault) = of_cause(error, has_key) => fault,
        404 | 405 => LlmError::fail(format!(
            "There are no chat completions at LLM_API_URL (HTTP {status}); it must be the whole \
             address, such as http://localhost:11434/v1/chat/completions, and LLM_MODEL must name \
             a model there."
        )),
        413 => too_long(),
        429 if error.code == "insufficient_quota" || error.kind == "insufficient_quota" => {
            no_quota()
        }
        429 => later("The language model asks for fewer calls (HTTP 429).".to_owned()),
        408 | 425 => later(format!("The language model was not ready (HTTP {status}).")),
        500..=599 => later(format!("The language model has a problem of its own (HTTP {status}).")),
        _ => LlmError::fail(format!(
            "The language model refused the request (HTTP {status}); the server's log has its \
             message."
        )),
    }
}

/// The fault for a refusal that says what it is about.
fn of_cause(error: &EndpointError, has_key: bool) -> Option<LlmError> {
    Some(match error.cause(false)? {
        ErrorCause::Length => too_long(),
        ErrorCause::Model => LlmError::fail(
            "The language model that LLM_MODEL names does not exist, or the account behind \
             LLM_API_KEY may not use it.",
        ),
        ErrorCause::Key => fault(401, &EndpointError::default(), has_key, None),
        ErrorCause::Content => LlmError::fail(
            "The language model's content filter blocked the question or the answer.",
        ),
        ErrorCause::Rate => no_quota(),
    })
}

fn too_long() -> LlmError {
    LlmError::fail("The question and answer are longer than the model LLM_MODEL can read.")
}

fn no_quota() -> LlmError {
    LlmError::fail(
        "The account behind LLM_API_KEY has no quota left for the language model; add to it, or \
         set another key.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> LlmError {
        fault(status, &EndpointError::of(body), true, Some(Duration::from_secs(2)))
    }

    #[test]
    fn a_status_that_may_pass_is_tried_again_after_the_wait_that_was_asked_for() {
        for status in [408, 425, 429, 500, 501, 502, 503, 504, 529, 599] {
            let after = match of(status, "") {
                LlmError::Retry { after, .. } => after,
                other => panic!("{status}: {other}"),
            };
            assert_eq!(after, Some(Duration::from_secs(2)), "{status}");
        }
    }

    #[test]
    fn a_status_that_stays_fails_and_says_what_to_do() {
        for (status, body, words) in [
            (204, "", "LLM_API_URL"),
            (301, "", "redirect"),
            (307, "", "LLM_API_URL"),
            (400, "", "HTTP 400"),
            (400, r#"{"error":{"code":"context_length_exceeded"}}"#, "LLM_MODEL"),
            (401, "", "LLM_API_KEY"),
            (402, "", "quota"),
            (403, "", "LLM_API_KEY"),
            (404, "", "http://localhost:11434/v1/chat/completions"),
            (404, r#"{"error":{"code":"model_not_found"}}"#, "that LLM_MODEL names"),
            (400, r#"{"error":{"message":"Unknown model: x"}}"#, "that LLM_MODEL names"),
            (400, r#"{"error":{"message":"API key not valid."}}"#, "refused the key"),
            (400, r#"{"error":{"code":"content_filter"}}"#, "content filter"),
            (400, r#"{"error":{"message":"Your credit balance is too low"}}"#, "quota"),
            (405, "", "LLM_MODEL"),
            (413, "", "longer than the model LLM_MODEL can read"),
            (418, "", "HTTP 418"),
            (422, "", "HTTP 422"),
            (429, r#"{"error":{"code":"insufficient_quota"}}"#, "behind LLM_API_KEY"),
            (429, r#"{"error":{"type":"insufficient_quota"}}"#, "behind LLM_API_KEY"),
            (999, "", "HTTP 999"),
        ] {
            match of(status, body) {
                LlmError::Fail { reason } => assert!(reason.contains(words), "{status}: {reason}"),
                other => panic!("{status} would be tried again: {other}"),
            }
        }
    }

    #[test]
    fn a_limit_that_only_sounds_like_a_quota_is_tried_again() {
        let body = r#"{"error":{"message":"insufficient_quota: too many at once","code":"limit"}}"#;
        assert!(matches!(of(429, body), LlmError::Retry { .. }));
    }

    #[test]
    fn a_missing_key_is_told_from_a_wrong_one() {
        let error = EndpointError::default();
        let (with, without) = (fault(401, &error, true, None), fault(401, &error, false, None));
        assert_ne!(with, without);
        assert!(without.to_string().contains("requires a key"));
    }

    #[test]
    fn no_reason_holds_the_words_of_the_endpoint() {
        let body = r#"{"error":{"message":"WORDS","code":"WORDS","type":"WORDS"}}"#;
        for status in 100..=599 {
            assert!(!of(status, body).to_string().contains("WORDS"), "{status}");
        }
    }
}
