//! A language model's reply to an evaluation, as it came; none of it is trusted yet.

use serde::Deserialize;

/// The reply. A missing, repeated or mistyped score fails to deserialise; fields that are not named
/// here are ignored.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Reply {
    pub(super) scores: ReplyScores,
    #[serde(default)]
    pub(super) key_points: Option<Vec<ReplyPoint>>,
    #[serde(default)]
    pub(super) mistakes: Option<Vec<ReplyMistake>>,
    pub(super) feedback: String,
    #[serde(default)]
    pub(super) suggestions: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct ReplyScores {
    pub(super) correctness: f64,
    pub(super) completeness: f64,
    pub(super) quality: f64,
    pub(super) communication: f64,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct ReplyPoint {
    pub(super) point: PointName,
    pub(super) coverage: f64,
    pub(super) evidence: Option<String>,
}

/// The point that is meant: its number, as requested, or its words, as smaller models give it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum PointName {
    Number(u32),
    Text(String),
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct ReplyMistake {
    pub(super) quote: String,
    pub(super) why_wrong: String,
}
