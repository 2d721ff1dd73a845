//! Finds models on this machine, tries them, and remembers your decisions about them.

use std::path::PathBuf;

use crate::{
    discovery::{
        Found,
        answers::{Answer, Answers},
        look,
        ports::Ports,
    },
    local::llm::{self, LlmConfig, Prospect, Tried},
    problem::Problem,
    settings::adopt,
};

/// Finds models, and remembers decisions about them.
#[derive(Debug, Clone)]
pub(crate) struct Finder {
    /// Where to look.
    pub(crate) ports: Ports,
    /// How a model would be used.
    pub(crate) prospect: Prospect,
    /// Earlier decisions.
    pub(crate) answers: Answers,
    /// The settings file to write the chosen model to.
    pub(crate) settings: PathBuf,
}

impl Finder {
    /// The models that run now; without `all`, only those without a decision.
    pub(crate) async fn find(&self, all: bool) -> Vec<Found> {
        let found = look(&self.ports).await;
        if all || found.is_empty() { found } else { self.answers.unanswered(found) }
    }

    /// Makes a model evaluate an example.
    pub(crate) async fn try_out(&self, found: &Found) -> Tried {
        llm::try_out(&self.config(found)).await
    }

    /// Remembers not to offer these models again.
    pub(crate) fn decline(&self, models: &[Found]) -> Result<(), Problem> {
        self.answers.keep(models, Answer::No)
    }

    /// Writes the model to the settings, and returns their file.
    pub(crate) fn adopt(&self, found: &Found) -> Result<PathBuf, Problem> {
        adopt::set_model(&self.settings, found, self.prospect.sets_pace)?;
        // The settings are what counts. This only prevents the model from being offered again to a
        // user who removes it from them.
        if let Err(problem) = self.answers.keep(std::slice::from_ref(found), Answer::Yes) {
            tracing::warn!(problem = problem.message, "a choice is not remembered");
        }
        Ok(self.settings.clone())
    }

    /// The configuration with which the embedded server uses a model.
    pub(crate) fn config(&self, found: &Found) -> LlmConfig {
        self.prospect.with(found.url(), found.name.clone())
    }
}
