//! What is done about models on this machine: they are looked for, one is tried, and what the user
//! says of them is kept.

use std::path::PathBuf;

use super::{
    Found,
    answers::{Answer, Answers},
    look,
    ports::Ports,
};
use crate::{
    local::model::{self, ModelConfig, Prospect, Tried},
    problem::Problem,
    settings::adopt,
};

/// Finds models, and keeps what is said of them.
#[derive(Debug, Clone)]
pub(crate) struct Finder {
    /// Where to look.
    pub(crate) ports: Ports,
    /// How a model would be used.
    pub(crate) prospect: Prospect,
    /// What was said before.
    pub(crate) answers: Answers,
    /// The settings file that takes the model that is chosen.
    pub(crate) settings: PathBuf,
}

impl Finder {
    /// The models that run now; those that something was said of only where `all` are wanted.
    pub(crate) async fn find(&self, all: bool) -> Vec<Found> {
        let found = look(&self.ports).await;
        if all || found.is_empty() { found } else { self.answers.unanswered(found) }
    }

    /// Has a model evaluate an example.
    pub(crate) async fn try_out(&self, found: &Found) -> Tried {
        model::try_out(&self.config(found)).await
    }

    /// These models are not offered again.
    pub(crate) fn decline(&self, models: &[Found]) -> Result<(), Problem> {
        self.answers.keep(models, Answer::No)
    }

    /// The model is used from now on; gives the settings file that says so.
    pub(crate) fn adopt(&self, found: &Found) -> Result<PathBuf, Problem> {
        adopt::set_model(&self.settings, found, self.prospect.sets_pace)?;
        // The settings are what counts. Without this, somebody who takes the model out of them is
        // offered it again.
        if let Err(problem) = self.answers.keep(std::slice::from_ref(found), Answer::Yes) {
            tracing::warn!(problem = problem.message, "a choice is not remembered");
        }
        Ok(self.settings.clone())
    }

    /// How the embedded server uses a model.
    pub(crate) fn config(&self, found: &Found) -> ModelConfig {
        self.prospect.with(found.url(), found.name.clone())
    }
}
