//! The language model that an embedded server uses: its settings, and a trial of it.

pub(crate) use viva_server::config::ModelConfig;
use viva_server::{config, evaluation::model};

use crate::words;

/// Reads the model's settings; none when no model is set. The error names each bad setting and
/// what is right.
pub(crate) fn settings(
    get: impl Fn(&str) -> Option<String>,
) -> Result<Option<ModelConfig>, Vec<String>> {
    config::model(get).map_err(|errors| errors.to_string().lines().map(str::to_owned).collect())
}

/// How a model that is yet to be chosen would be used: all that is set but its address and name.
#[derive(Debug, Clone)]
pub(crate) struct Prospect {
    config: ModelConfig,
    /// Whether the number of calls at once is its own, because nobody has set one.
    pub(crate) sets_pace: bool,
}

impl Prospect {
    /// Reads the settings that there are; the error names each bad one and what is right.
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
    pub(crate) fn with(&self, url: String, model: String) -> ModelConfig {
        let mut config = self.config.clone();
        config.endpoint.url = url;
        config.endpoint.model = model;
        config
    }
}

/// What a trial evaluation has shown, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tried {
    /// It can do the work.
    Works(String),
    /// It answers, but its evaluation could not be used.
    Unusable(String),
    /// There is no reply.
    Silent(String),
}

/// Has the model evaluate a known answer.
pub(crate) async fn try_out(model: &ModelConfig) -> Tried {
    let name = &model.endpoint.model;
    let trial = match model::trial(model.endpoint.clone()).await {
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
