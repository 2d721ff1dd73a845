//! What an endpoint does not take, learnt from its complaints: it is asked in a plainer way then,
//! and from then on if that worked.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use super::{
    form::{Manner, ReplyForm},
    told::Told,
};

/// The statuses with which endpoints have been seen to refuse a form of reply. 500 and 501 are
/// among them: some servers hand on their own check's failure so.
const REFUSING: [u16; 6] = [400, 404, 415, 422, 500, 501];

/// Words by which a complaint, in lower case, is known to be about the form of reply.
const FORM_WORDS: [&str; 6] = [
    "response_format",
    "json_schema",
    "json_object",
    "'text' or 'json_object'",
    "json mode",
    "structured output",
];

/// The next manner to try after a reply that complains of this one; none: it is no such complaint,
/// or nothing is left to do without.
pub(super) fn plainer(manner: Manner, status: u16, body: &str) -> Option<Manner> {
    if !REFUSING.contains(&status) || is_about_something_else(body) {
        return None;
    }
    let body = body.to_lowercase();
    if FORM_WORDS.iter().any(|word| body.contains(word))
        && let Some(form) = manner.form.below()
    {
        return Some(Manner { form, ..manner });
    }
    let of_temperature = matches!(status, 400 | 422) && body.contains("temperature");
    (manner.temperature && of_temperature).then_some(Manner { temperature: false, ..manner })
}

/// Complaints that no other manner can mend. Their text may quote the request, and with it any
/// word that is looked for above.
fn is_about_something_else(body: &str) -> bool {
    let told = Told::of(body);
    told.is_too_long() || told.code == "model_not_found"
}

/// What is known of the endpoint; it only ever becomes plainer.
#[derive(Default)]
pub(super) struct Learnt {
    rung: AtomicU8,
    without_temperature: AtomicBool,
}

impl Learnt {
    /// The manner to begin with.
    pub(super) fn manner(&self) -> Manner {
        Manner {
            form: ReplyForm::at(self.rung.load(Ordering::Relaxed)),
            temperature: !self.without_temperature.load(Ordering::Relaxed),
        }
    }

    /// Remembers a manner that the endpoint has taken. Only that is proof: a complaint alone may be
    /// a passing fault, or quote the words it is known by. Two calls that learn the same at once
    /// step down once, since each says where it stood.
    pub(super) fn worked(&self, manner: Manner) {
        self.rung.fetch_max(manner.form.rung(), Ordering::Relaxed);
        self.without_temperature.fetch_or(!manner.temperature, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Manner = Manner { form: ReplyForm::Schema, temperature: true };

    #[test]
    fn a_complaint_about_the_form_steps_down_once() {
        for (status, body) in [
            (400, r#"{"error":{"message":"Invalid parameter: 'response_format' of type ..."}}"#),
            (404, "No endpoints found that support Structured Outputs"),
            (415, "json_schema is not supported"),
            (422, r#"{"detail":[{"msg":"Input should be 'text' or 'json_object'"}]}"#),
            (500, r#"{"error":{"message":"Input should be 'text' or 'json_object'"}}"#),
            (501, "JSON mode is not implemented"),
        ] {
            let next = plainer(FIRST, status, body);
            assert_eq!(next, Some(Manner { form: ReplyForm::SchemaBeside, ..FIRST }), "{body}");
        }
    }

    #[test]
    fn other_faults_step_down_nowhere() {
        for (status, body) in [
            (
                400,
                r#"{"error":{"message":"maximum context length is 4096","code":"context_length_exceeded"}}"#,
            ),
            (
                400,
                r#"{"error":{"message":"too long: response_format","code":"context_length_exceeded"}}"#,
            ),
            (404, r#"{"error":{"message":"no such model json_schema","code":"model_not_found"}}"#),
            (500, "The server had an error while processing your request."),
            (401, "response_format"),
            (429, "response_format"),
            (503, "response_format"),
            (500, "temperature"),
        ] {
            assert_eq!(plainer(FIRST, status, body), None, "{status} {body}");
        }
    }

    #[test]
    fn a_complaint_about_the_temperature_leaves_it_out() {
        let body = r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0"}}"#;
        let next = plainer(FIRST, 400, body).unwrap();
        assert_eq!(next, Manner { temperature: false, ..FIRST });
        assert_eq!(plainer(next, 400, body), None, "it is left out already");
    }

    #[test]
    fn complaints_of_everything_come_to_an_end() {
        let (mut manner, mut steps) = (FIRST, 0);
        while let Some(next) = plainer(manner, 400, "response_format, temperature") {
            (manner, steps) = (next, steps + 1);
        }
        assert_eq!((manner.form, manner.temperature, steps), (ReplyForm::Text, false, 4));
    }

    #[test]
    fn what_was_learnt_is_never_forgotten_by_a_call_that_began_before() {
        let learnt = Learnt::default();
        assert_eq!(learnt.manner(), FIRST);
        learnt.worked(Manner { form: ReplyForm::Json, temperature: false });
        learnt.worked(FIRST);
        assert_eq!(learnt.manner(), Manner { form: ReplyForm::Json, temperature: false });
    }
}
