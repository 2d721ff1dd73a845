//! The corpora that several tests read.

use serde::Deserialize;
use std::sync::OnceLock;
use viva_grader::{Assessment, Grader, Prepared, Rubric};

/// A question with answers that a person has marked.
#[derive(Deserialize)]
pub(crate) struct Interview {
    #[serde(flatten)]
    pub(crate) rubric: Rubric,
    pub(crate) topic: String,
    pub(crate) answers: Vec<MarkedAnswer>,
}

/// An answer and what a person thinks of it.
#[derive(Deserialize)]
pub(crate) struct MarkedAnswer {
    pub(crate) kind: String,
    pub(crate) text: String,
    /// The mark, 0 to 1.
    pub(crate) score01: f64,
    /// For every key point whether the answer makes it.
    pub(crate) covered: Vec<bool>,
}

impl Interview {
    /// The first answer of a kind.
    pub(crate) fn answer(&self, kind: &str) -> &str {
        &self.answers.iter().find(|answer| answer.kind == kind).unwrap().text
    }
}

/// Thirty-two questions with six marked answers each.
pub(crate) fn interviews() -> &'static [Interview] {
    static INTERVIEWS: OnceLock<Vec<Interview>> = OnceLock::new();
    INTERVIEWS.get_or_init(|| lines(include_str!("../corpora/interview-answers.jsonl")))
}

/// The questions of the injection corpus.
pub(crate) fn questions() -> Vec<Rubric> {
    serde_json::from_str(include_str!("../corpora/questions.json")).unwrap()
}

/// Parses one JSON value per line.
pub(crate) fn lines<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The mean of the four final scores, 0 to 10.
pub(crate) fn mean_score(prepared: &Prepared, answer: &str) -> f64 {
    let found = assess(prepared, answer);
    if found.refusal.is_some() { 0.0 } else { found.dimensions.mean() }
}

pub(crate) fn assess(prepared: &Prepared, answer: &str) -> Assessment {
    Grader::builtin().assess(prepared, answer)
}

pub(crate) fn prepare(rubric: &Rubric) -> Prepared {
    Grader::builtin().prepare(rubric)
}
