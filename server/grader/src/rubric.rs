//! Rubrics: what a question asks for and what commonly goes wrong.

use serde::Deserialize;

/// What an answer to one question is graded against.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Rubric {
    /// The question as the candidate reads it.
    pub question: String,
    /// An answer that deserves full marks.
    pub reference: String,
    /// What a good answer says. If there are none, the sentences of the reference are used instead.
    #[serde(default)]
    pub key_points: Vec<KeyPoint>,
    /// False statements that people commonly make here.
    #[serde(default)]
    pub mistakes: Vec<Mistake>,
}

/// Something that a good answer says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct KeyPoint {
    /// The statement itself.
    pub point: String,
    /// How much it counts relative to the others. Negative weights count as 0.
    pub weight: f64,
    /// Other ways to say the same thing.
    #[serde(default)]
    pub phrasings: Vec<String>,
}

/// A false statement that people commonly make.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Mistake {
    /// The statement as a candidate would make it.
    pub claim: String,
    /// What is true instead.
    #[serde(default)]
    pub why_wrong: String,
}
