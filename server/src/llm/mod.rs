//! The client of a language model behind a chat-completions address: one bounded HTTP call, the
//! form of reply that the endpoint can follow, the one object that is read from a reply, the
//! boundaries around untrusted texts, and the meter. What is asked and what a reply means are not
//! decided here.

mod body;
mod boundary;
mod client;
mod completion;
mod concurrency;
mod connection;
mod endpoint_error;
mod error;
mod fallback;
mod form;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod http_reply;
mod known_capabilities;
mod metered;
mod object;
mod pace;
mod retry_after;
mod secrets;
mod settings;
mod status;
#[cfg(test)]
mod tests;
mod thinking;
mod transport;

use std::time::Duration;

use crate::domain::provenance::Tokens;

pub use boundary::Boundary;
pub use client::LlmClient;
pub use error::LlmError;
pub use form::ReplyForm;
pub use metered::MeteredLlm;
pub use object::only_object;
pub use settings::{LlmSettings, SetupError, check_url};

/// A request to the model.
#[derive(Debug, Clone)]
pub struct LlmRequest {
    /// The name of the reply's format, for the endpoint: `evaluation` or `questions`.
    pub name: &'static str,
    /// The instructions; all of this text is ours.
    pub system: String,
    /// What the instructions apply to; none of this text is trusted.
    pub user: String,
    /// The JSON Schema of the reply.
    pub schema: serde_json::Value,
}

/// What the model replied.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// The text, as received.
    pub content: String,
    /// What the call cost, if the endpoint says so.
    pub tokens: Option<Tokens>,
    /// From sending to the last byte; waiting for a free slot is not included.
    pub duration: Duration,
    /// The form of reply that was asked for.
    pub form: ReplyForm,
}
