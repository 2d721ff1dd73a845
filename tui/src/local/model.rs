//! The language model that an embedded server uses: its settings, and a trial of it.

pub(crate) use viva_server::config::ModelConfig;
use viva_server::{config, evaluation::model};

/// Reads the model's settings; none when no model is set. The error names each bad setting and
/// what is right.
pub(crate) fn settings(
    get: impl Fn(&str) -> Option<String>,
) -> Result<Option<ModelConfig>, Vec<String>> {
    config::model(get).map_err(|errors| errors.to_string().lines().map(str::to_owned).collect())
}

/// What a trial evaluation has shown, in words for a person.
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
        Ok(mean) => Tried::Works(format!("{took}; {cost}, and gave {mean:.1} of 10")),
        Err(reason) => {
            Tried::Unusable(format!("{took}; {cost}. {reason} A larger model may do better."))
        }
    }
}
