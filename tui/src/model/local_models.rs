//! Language models that run on this machine: those that were found, and how far the user has gone
//! with one.

use jiff::Timestamp;

use super::Model;
use crate::{discovery::Found, keys::Context, local::model::Tried};

/// What is known of them.
#[derive(Debug, Default)]
pub(crate) struct LocalModels {
    /// Whether they are looked for.
    pub(crate) search: Search,
    /// Those that can be chosen from, once there are any.
    pub(crate) offer: Option<Offer>,
}

/// Whether models are looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Search {
    /// There is a model already, or a server that has its own, or nobody wants it.
    #[default]
    Never,
    /// They will be, as soon as the embedded server is there.
    Due,
    /// They are or were, and are again where somebody asks for it.
    Begun,
}

/// Models to choose from; there is at least one.
#[derive(Debug)]
pub(crate) struct Offer {
    /// The models, the one to be preferred first.
    pub(crate) models: Vec<Found>,
    /// Which one is chosen.
    pub(crate) selected: usize,
    /// How far it went with that one.
    pub(crate) stage: Stage,
    /// Whether it is out of sight until the next start.
    pub(crate) put_off: bool,
}

/// How far it went with the model that is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing was done.
    Choosing,
    /// It is evaluating an example, since then.
    Trying(Timestamp),
    /// It did so.
    Tried(Tried),
}

impl LocalModels {
    /// Where a key is pressed in front of them.
    pub(crate) fn context(&self) -> Context {
        match self.offer.as_ref().map(|offer| &offer.stage) {
            Some(Stage::Trying(_)) => Context::Trial,
            Some(Stage::Tried(_)) => Context::Verdict,
            Some(Stage::Choosing) | None => Context::Models,
        }
    }

    /// Whether something counts on the screen.
    pub(crate) fn is_lively(&self) -> bool {
        self.context() == Context::Trial
    }
}

impl Offer {
    /// Nothing is done with any of them yet.
    pub(crate) fn new(models: Vec<Found>) -> Option<Self> {
        let offer = Self { models, selected: 0, stage: Stage::Choosing, put_off: false };
        (!offer.models.is_empty()).then_some(offer)
    }

    /// The model that is chosen.
    pub(crate) fn chosen(&self) -> Option<&Found> {
        self.models.get(self.selected)
    }

    /// Whether a trial has shown that the chosen model can do the work.
    pub(crate) fn can_be_used(&self) -> bool {
        matches!(self.stage, Stage::Tried(Tried::Works(_)))
    }
}

impl Model {
    /// The offer that the list of interviews has to tell of.
    pub(crate) fn offer_in_sight(&self) -> Option<&Offer> {
        let offer = self.local_models.offer.as_ref();
        offer.filter(|offer| self.context() == Context::Dashboard && !offer.put_off)
    }
}
