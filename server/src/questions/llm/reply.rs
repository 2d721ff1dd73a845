//! A language model's reply to a request for questions, as it came.

use serde::Deserialize;

/// The reply; fields that are not named here are ignored.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Reply {
    pub(super) questions: Vec<ReplyQuestion>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct ReplyQuestion {
    pub(super) question: String,
    pub(super) topic: String,
    pub(super) reference: String,
    pub(super) key_points: Vec<ReplyPoint>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct ReplyPoint {
    pub(super) point: String,
    pub(super) weight: f64,
}
