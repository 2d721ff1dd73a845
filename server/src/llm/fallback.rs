//! Finds out what an endpoint cannot do, from its refusals: it then gets a plainer request, however
//! it words the refusal. The words only decide what to leave out first, and which refusals are about
//! something that no plainer request would fix.

use super::{endpoint_error::EndpointError, form::Capabilities};

/// The statuses with which endpoints refuse what they do not know.
pub(super) const REFUSING: [u16; 5] = [400, 404, 415, 422, 501];

/// Those that may be about anything in a request.
const OF_ANYTHING: [u16; 2] = [400, 422];

/// A fault of the endpoint's own, which some return for what they refuse.
const FAULTY: u16 = 500;

/// Words, in lower case, that show that a complaint is about the form of reply.
const FORM_WORDS: [&str; 6] = [
    "response_format",
    "json_schema",
    "json_object",
    "'text' or 'json_object'",
    "json mode",
    "structured output",
];

/// Words that show that it is about the system role.
const SYSTEM_WORDS: [&str; 8] = [
    "system role",
    "system message",
    "system prompt",
    "system instruction",
    "developer instruction",
    "'system'",
    "roles must alternate",
    "only user and assistant",
];

/// The requests of one call, each plainer than the one before, until the endpoint accepts one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fallback {
    start: Capabilities,
    capabilities: Capabilities,
    /// Whether a fault has been met by repeating the same request.
    has_tried_again: bool,
    /// Whether a form was abandoned because of faults, which may have been about anything.
    has_guessed: bool,
}

impl Fallback {
    /// Starts with the capabilities that the endpoint is assumed to have.
    pub(super) fn from(start: Capabilities) -> Self {
        Self { start, capabilities: start, has_tried_again: false, has_guessed: false }
    }

    /// The capabilities that the next request relies on.
    pub(super) fn capabilities(self) -> Capabilities {
        self.capabilities
    }

    /// The capabilities that the endpoint turned out to have, if they are fewer than assumed, given
    /// that the last request worked. A form that was abandoned because of faults is abandoned for
    /// this call only.
    pub(super) fn discovered(self) -> Option<Capabilities> {
        let form = if self.has_guessed { self.start.form } else { self.capabilities.form };
        let discovered = Capabilities { form, ..self.capabilities };
        (discovered != self.start).then_some(discovered)
    }

    /// Handles a refusal. Returns whether to ask the endpoint again.
    pub(super) fn retries_after(&mut self, status: u16, body: &str) -> bool {
        let error = EndpointError::of(body);
        let body = body.to_lowercase();
        let names = |words: &[&str]| words.iter().any(|word| body.contains(word));
        let names_form = names(&FORM_WORDS);
        if !(REFUSING.contains(&status) || status == FAULTY) || error.cause(names_form).is_some() {
            return false;
        }
        let Capabilities { form, system_role, temperature } = self.capabilities;
        let of_anything = OF_ANYTHING.contains(&status);
        if names_form && let Some(form) = form.below() {
            self.capabilities.form = form;
        } else if system_role && status != 404 && names(&SYSTEM_WORDS) {
            self.capabilities.system_role = false;
        } else if temperature && of_anything && body.contains("temperature") {
            self.capabilities.temperature = false;
        } else if let Some(form) = form.below() {
            if status == FAULTY && !self.has_tried_again {
                self.has_tried_again = true;
                return true;
            }
            self.has_guessed |= status == FAULTY;
            self.capabilities.form = form;
        } else if system_role && of_anything {
            self.capabilities.system_role = false;
        } else if temperature && of_anything {
            self.capabilities.temperature = false;
        } else {
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::form::ReplyForm;

    fn after(capabilities: Capabilities, status: u16, body: &str) -> Option<Capabilities> {
        let mut fallback = Fallback::from(capabilities);
        fallback.retries_after(status, body).then(|| fallback.capabilities())
    }

    /// The capabilities relied on, one refusal after the other, until there are none to give up.
    fn steps(status: u16, body: &str) -> Vec<Capabilities> {
        let mut fallback = Fallback::from(Capabilities::ALL);
        std::iter::from_fn(|| fallback.retries_after(status, body).then(|| fallback.capabilities()))
            .collect()
    }

    #[test]
    fn a_refusal_in_any_words_steps_down_once() {
        for (status, body) in [
            (400, r#"{"error":{"message":"Invalid parameter: 'response_format' of type ..."}}"#),
            (400, "The provided JSON schema contains features not supported by xgrammar."),
            (400, r#"{"error":{"message":"failed to parse grammar"}}"#),
            (400, r#"{"error":{"message":"extra_forbidden"}}"#),
            (400, ""),
            (404, "No endpoints found that support Structured Outputs"),
            (415, "json_schema is not supported"),
            (422, r#"{"detail":[{"msg":"Input should be 'text' or 'json_object'"}]}"#),
            (500, r#"{"error":{"message":"Input should be 'text' or 'json_object'"}}"#),
            (501, "<html>Not implemented</html>"),
        ] {
            let next = Capabilities { form: ReplyForm::JsonWithSchema, ..Capabilities::ALL };
            assert_eq!(after(Capabilities::ALL, status, body), Some(next), "{status} {body}");
        }
    }

    #[test]
    fn faults_of_another_kind_do_not_step_down() {
        for (status, body) in [
            (400, r#"{"error":{"message":"response_format","code":"context_length_exceeded"}}"#),
            (404, r#"{"error":{"message":"no such model json_schema","code":"model_not_found"}}"#),
            (404, r#"{"error":"model \"llama9\" not found, try pulling it first"}"#),
            (400, r#"{"error":{"message":"API key not valid. Please pass a valid API key."}}"#),
            (400, r#"{"error":{"message":"...","code":"content_filter"}}"#),
            (400, r#"{"error":{"message":"Your credit balance is too low"}}"#),
            (401, "response_format"),
            (403, "response_format"),
            (413, "response_format"),
            (429, "response_format"),
            (502, "response_format"),
            (503, "response_format"),
        ] {
            assert_eq!(after(Capabilities::ALL, status, body), None, "{status} {body}");
        }
    }

    #[test]
    fn what_a_refusal_names_is_left_out_first() {
        let body = r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0"}}"#;
        let next = Capabilities { temperature: false, ..Capabilities::ALL };
        assert_eq!(after(Capabilities::ALL, 400, body), Some(next));
        for body in ["System role not supported", "Conversation roles must alternate user/..."] {
            let next = Capabilities { system_role: false, ..Capabilities::ALL };
            assert_eq!(after(Capabilities::ALL, 400, body), Some(next), "{body}");
            assert_eq!(after(Capabilities::ALL, 500, body), Some(next), "{body}");
        }
    }

    #[test]
    fn refusals_of_everything_come_to_an_end() {
        for (status, count) in [(400, 5), (422, 5), (404, 3), (415, 3), (501, 3)] {
            let steps = steps(status, "no");
            assert_eq!(steps.len(), count, "{status}");
            assert_eq!(steps[2], Capabilities { form: ReplyForm::Text, ..Capabilities::ALL });
        }
        let last = steps(400, "response_format, temperature").pop().unwrap();
        assert_eq!((last.form, last.temperature), (ReplyForm::Text, false));
    }

    #[test]
    fn after_a_fault_the_form_is_repeated_once_and_plainer_ones_are_tried_for_this_call_only() {
        let mut fallback = Fallback::from(Capabilities::ALL);
        let forms: Vec<_> = std::iter::from_fn(|| {
            fallback
                .retries_after(500, "JSON schema conversion failed")
                .then(|| fallback.capabilities().form)
        })
        .collect();
        let expected =
            [ReplyForm::Schema, ReplyForm::JsonWithSchema, ReplyForm::Json, ReplyForm::Text];
        assert_eq!(forms, expected);
        assert_eq!(fallback.discovered(), None);
    }

    #[test]
    fn refusals_teach_and_a_first_success_teaches_nothing() {
        let mut fallback = Fallback::from(Capabilities::ALL);
        assert_eq!(fallback.discovered(), None);
        assert!(fallback.retries_after(400, "no"));
        assert_eq!(fallback.discovered().unwrap().form, ReplyForm::JsonWithSchema);
        assert!(fallback.retries_after(400, "System role not supported"));
        assert!(fallback.retries_after(500, "oops") && fallback.retries_after(500, "oops"));
        assert_eq!(
            fallback.discovered(),
            Some(Capabilities { system_role: false, ..Capabilities::ALL })
        );
    }
}
