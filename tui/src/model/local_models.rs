//! Language models on this machine: those that were found, and the user's progress with one.

use jiff::Timestamp;

use super::Model;
use crate::{discovery::Found, keys::Context, local::llm::Tried};

/// What is known about them.
#[derive(Debug, Default)]
pub(crate) struct LocalModels {
    /// Whether the app looks for them.
    pub(crate) search: Search,
    /// Those to choose from, once there are any.
    pub(crate) offer: Option<Offer>,
}

/// Whether the app looks for models.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Search {
    /// No: a model or a remote server is set, or the search is off.
    #[default]
    Never,
    /// Yes, as soon as the embedded server is ready.
    Due,
    /// The search has begun; the user can repeat it.
    Begun,
}

/// At least one model to choose from.
#[derive(Debug)]
pub(crate) struct Offer {
    /// The models, in order of preference.
    pub(crate) models: Vec<Found>,
    /// The selected model.
    pub(crate) selected: usize,
    /// The progress with it.
    pub(crate) stage: Stage,
    /// Whether the offer is hidden until the next start.
    pub(crate) put_off: bool,
}

/// The progress with the selected model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing has been done with it.
    Choosing,
    /// It has been evaluating an example since this time.
    Trying(Timestamp),
    /// It has been tried.
    Tried(Tried),
}

impl LocalModels {
    /// The context of keys.
    pub(crate) fn context(&self) -> Context {
        match self.offer.as_ref().map(|offer| &offer.stage) {
            Some(Stage::Trying(_)) => Context::Trial,
            Some(Stage::Tried(_)) => Context::Verdict,
            Some(Stage::Choosing) | None => Context::Models,
        }
    }

    /// Whether something on the screen counts seconds.
    pub(crate) fn is_lively(&self) -> bool {
        self.context() == Context::Trial
    }
}

impl Offer {
    /// An offer of these models, none of them tried; `None` without models.
    pub(crate) fn new(models: Vec<Found>) -> Option<Self> {
        let offer = Self { models, selected: 0, stage: Stage::Choosing, put_off: false };
        (!offer.models.is_empty()).then_some(offer)
    }

    /// The selected model.
    pub(crate) fn chosen(&self) -> Option<&Found> {
        self.models.get(self.selected)
    }

    /// Whether a trial has shown that the selected model works.
    pub(crate) fn can_be_used(&self) -> bool {
        matches!(self.stage, Stage::Tried(Tried::Works(_)))
    }
}

impl Model {
    /// The offer that the list of interviews mentions, if any.
    pub(crate) fn offer_in_sight(&self) -> Option<&Offer> {
        let offer = self.local_models.offer.as_ref();
        offer.filter(|offer| self.context().is_home() && !offer.put_off)
    }
}
