//! What an evaluation took and rests on.

use std::time::Duration;

use super::{evaluation::Grader, score::Scores};

/// How an evaluation came about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Provenance {
    /// How long the grading took; waiting in the queue is not counted.
    pub duration: Duration,
    /// Calls to the language model; 0 for the built-in grader.
    pub model_calls: u32,
    /// Tokens as the endpoint counted them.
    pub tokens: Tokens,
    /// Every opinion that was heard, in the order in which they came; empty when there was only the
    /// one that stands.
    pub opinions: Vec<Opinion>,
    /// For a person: why more than one opinion was heard, and whether the one that stands could not be
    /// verified; empty where there is nothing to tell.
    pub note: String,
    /// By which the evaluation of the same answer to the same question is known, if it may be used
    /// again.
    pub fingerprint: Option<Fingerprint>,
}

/// Tokens that went to a language model and came back; 0 where the endpoint did not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Of what was asked.
    pub prompt: u32,
    /// Of the reply.
    pub completion: u32,
}

/// What one grader, or one reading by it, gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// Who.
    pub grader: Grader,
    /// The scores, as they were after code had checked them.
    pub scores: Scores,
    /// Whether it is the one that the evaluation states.
    pub stands: bool,
}

/// A SHA-256 of all that decides an evaluation: question, rubric, answer, model, prompt version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl std::ops::Add for Tokens {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            prompt: self.prompt.saturating_add(other.prompt),
            completion: self.completion.saturating_add(other.completion),
        }
    }
}
