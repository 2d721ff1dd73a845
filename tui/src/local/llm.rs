//! The language model that an embedded server uses: its settings, and a trial of it.

pub(crate) use viva_server::config::LlmConfig;
use viva_server::{config, evaluation::llm};

use crate::words;

/// Reads the model's settings; `None` if no model is set. The error names each bad setting and what
/// is right.
pub(crate) fn settings(
    get: impl Fn(&str) -> Option<String>,
) -> Result<Option<LlmConfig>, Vec<String>> {
    config::llm(get).map_err(|errors| errors.to_string().lines().map(str::to_owned).collect())
}

/// How a model still to be chosen would be used: all settings except its address and name.
#[derive(Debug, Clone)]
pub(crate) struct Prospect {
    config: LlmConfig,
    /// Whether the number of concurrent calls is a default, because it is not set.
    pub(crate) sets_pace: bool,
}

impl Prospect {
    /// Reads the settings that are set; the error names each bad one and what is right.
    pub(crate) fn new(get: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, Vec<String>> {
        let sets_pace = get("LLM_CONCURRENCY").is_none();
        let of_any_model = |name: &str| match name {
            "LLM_API_URL" => Some("http://127.0.0.1/v1/chat/completions".to_owned()),
            "LLM_MODEL" => Some("any".to_owned()),
            "LLM_CONCURRENCY" if sets_pace => Some("1".to_owned()),
            name => get(name),
        };
        Ok(settings(of_any_model)?.map(|config| Self { config, sets_pace }))
    }

    /// The settings with this address and name.
    pub(crate) fn with(&self, url: String, model: String) -> LlmConfig {
        let mut config = self.config.clone();
        config.endpoint.url = url;
        config.endpoint.model = model;
        config
    }
}

/// The result of a trial evaluation, as text for the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tried {
    /// The model can do the work.
    Works(String),
    /// The model replies, but its evaluation is unusable.
    Unusable(String),
    /// There is no usable reply.
    Silent(String),
}

/// Makes the model evaluate a known answer.
pub(crate) async fn try_out(model: &LlmConfig) -> Tried {
    let name = &model.endpoint.model;
    let trial = match llm::trial(model.endpoint.clone()).await {
        Ok(trial) => trial,
        Err(reason) => return Tried::Silent(format!("{name}: {reason}")),
    };
    let tokens = trial.tokens.map_or("tokens unknown".to_owned(), |tokens| {
        format!("{} + {} tokens", tokens.prompt, tokens.completion)
    });
    let seconds = trial.duration.as_secs_f64();
    let took = format!("{name} answers; it supports {}", trial.form);
    let cost = format!("a trial evaluation took {seconds:.1} s and {tokens}");
    match trial.verdict {
        Ok(mean) => Tried::Works(format!("{took}; {cost}, and gave {} of 10", words::score(mean))),
        Err(reason) => {
            Tried::Unusable(format!("{took}; {cost}. {reason} A larger model may do better."))
        }
    }
}
