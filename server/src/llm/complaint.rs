//! Finds out what an endpoint does not accept, from its refusals: it is then asked in a plainer
//! manner, however it words the refusal. The words only decide what to leave out first, and which
//! refusals are about something that no plainer manner would fix.

use super::{form::Manner, told::Told};

/// The statuses with which endpoints refuse what they do not know.
const REFUSING: [u16; 5] = [400, 404, 415, 422, 501];

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

/// The steps of one call down to what the endpoint accepts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Descent {
    start: Manner,
    manner: Manner,
    /// Whether a fault has been met by repeating the same request.
    has_tried_again: bool,
    /// Whether a form was abandoned because of faults, which may have been about anything.
    has_guessed: bool,
}

impl Descent {
    /// Starts with this manner.
    pub(super) fn from(start: Manner) -> Self {
        Self { start, manner: start, has_tried_again: false, has_guessed: false }
    }

    /// The manner to ask in.
    pub(super) fn manner(self) -> Manner {
        self.manner
    }

    /// What was learnt from the call, given that its last request worked. A form that was abandoned
    /// because of faults is abandoned for this call only.
    pub(super) fn lesson(self) -> Option<Manner> {
        let form = if self.has_guessed { self.start.form } else { self.manner.form };
        let lesson = Manner { form, ..self.manner };
        (lesson != self.start).then_some(lesson)
    }

    /// Handles a refusal. Returns whether to ask the endpoint again.
    pub(super) fn goes_on(&mut self, status: u16, body: &str) -> bool {
        let told = Told::of(body);
        let body = body.to_lowercase();
        let names = |words: &[&str]| words.iter().any(|word| body.contains(word));
        let names_form = names(&FORM_WORDS);
        if !(REFUSING.contains(&status) || status == FAULTY) || told.matter(names_form).is_some() {
            return false;
        }
        let Manner { form, system_role, temperature } = self.manner;
        let of_anything = OF_ANYTHING.contains(&status);
        if names_form && let Some(form) = form.below() {
            self.manner.form = form;
        } else if system_role && status != 404 && names(&SYSTEM_WORDS) {
            self.manner.system_role = false;
        } else if temperature && of_anything && body.contains("temperature") {
            self.manner.temperature = false;
        } else if let Some(form) = form.below() {
            if status == FAULTY && !self.has_tried_again {
                self.has_tried_again = true;
                return true;
            }
            self.has_guessed |= status == FAULTY;
            self.manner.form = form;
        } else if system_role && of_anything {
            self.manner.system_role = false;
        } else if temperature && of_anything {
            self.manner.temperature = false;
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

    fn after(manner: Manner, status: u16, body: &str) -> Option<Manner> {
        let mut descent = Descent::from(manner);
        descent.goes_on(status, body).then(|| descent.manner())
    }

    /// The manners tried, one refusal after the other, until there is no plainer one.
    fn ways(status: u16, body: &str) -> Vec<Manner> {
        let mut descent = Descent::from(Manner::FIRST);
        std::iter::from_fn(|| descent.goes_on(status, body).then(|| descent.manner())).collect()
    }

    #[test]
    fn a_refusal_in_whatever_words_steps_down_once() {
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
            let next = Manner { form: ReplyForm::SchemaBeside, ..Manner::FIRST };
            assert_eq!(after(Manner::FIRST, status, body), Some(next), "{status} {body}");
        }
    }

    #[test]
    fn faults_of_another_kind_step_down_nowhere() {
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
            assert_eq!(after(Manner::FIRST, status, body), None, "{status} {body}");
        }
    }

    #[test]
    fn what_a_refusal_names_is_left_out_at_once() {
        let body = r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0"}}"#;
        let next = Manner { temperature: false, ..Manner::FIRST };
        assert_eq!(after(Manner::FIRST, 400, body), Some(next));
        for body in ["System role not supported", "Conversation roles must alternate user/..."] {
            let next = Manner { system_role: false, ..Manner::FIRST };
            assert_eq!(after(Manner::FIRST, 400, body), Some(next), "{body}");
            assert_eq!(after(Manner::FIRST, 500, body), Some(next), "{body}");
        }
    }

    #[test]
    fn refusals_of_everything_come_to_an_end() {
        for (status, steps) in [(400, 5), (422, 5), (404, 3), (415, 3), (501, 3)] {
            let ways = ways(status, "no");
            assert_eq!(ways.len(), steps, "{status}");
            assert_eq!(ways[2], Manner { form: ReplyForm::Text, ..Manner::FIRST });
        }
        let last = ways(400, "response_format, temperature").pop().unwrap();
        assert_eq!((last.form, last.temperature), (ReplyForm::Text, false));
    }

    #[test]
    fn a_fault_is_met_once_more_in_the_same_form_and_then_in_plainer_ones_without_a_lesson() {
        let mut descent = Descent::from(Manner::FIRST);
        let forms: Vec<_> = std::iter::from_fn(|| {
            descent.goes_on(500, "JSON schema conversion failed").then(|| descent.manner().form)
        })
        .collect();
        let expected =
            [ReplyForm::Schema, ReplyForm::SchemaBeside, ReplyForm::Json, ReplyForm::Text];
        assert_eq!(forms, expected);
        assert_eq!(descent.lesson(), None);
    }

    #[test]
    fn refusals_teach_and_a_first_success_teaches_nothing() {
        let mut descent = Descent::from(Manner::FIRST);
        assert_eq!(descent.lesson(), None);
        assert!(descent.goes_on(400, "no"));
        assert_eq!(descent.lesson().unwrap().form, ReplyForm::SchemaBeside);
        assert!(descent.goes_on(400, "System role not supported"));
        assert!(descent.goes_on(500, "oops") && descent.goes_on(500, "oops"));
        assert_eq!(descent.lesson(), Some(Manner { system_role: false, ..Manner::FIRST }));
    }
}
