//! The client of a language model behind a chat-completions address: one bounded HTTP call, the
//! form of reply that the endpoint can keep to, the one object that is read out of a reply,
//! the boundaries that texts from elsewhere stand between, and the meter. What is asked and what a
//! reply means are not here.

mod answer;
mod body;
mod boundary;
mod client;
mod complaint;
mod completion;
mod connection;
mod crowd;
mod fault;
mod form;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod learnt;
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
mod told;
mod transport;

use std::time::Duration;

use crate::domain::provenance::Tokens;

pub use boundary::Boundary;
pub use client::LlmClient;
pub use fault::Fault;
pub use form::ReplyForm;
pub use metered::MeteredLlm;
pub use object::only_object;
pub use settings::{LlmSettings, SetupError, check_url};

/// What the model is asked.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What the reply is, for the endpoint: `evaluation` or `questions`.
    pub name: &'static str,
    /// The instructions, all of them ours.
    pub system: String,
    /// What the instructions are about; none of it is trusted.
    pub user: String,
    /// The JSON Schema of the reply.
    pub schema: serde_json::Value,
}

/// What the model replied.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// The text, as it came.
    pub content: String,
    /// What the call cost, where the endpoint says so.
    pub tokens: Option<Tokens>,
    /// From sending to the last byte; waiting for a free place is not in it.
    pub duration: Duration,
    /// The form of reply that was asked for.
    pub form: ReplyForm,
}
