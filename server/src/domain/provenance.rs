//! How an evaluation came about: its time, calls and tokens, and the opinions behind it.

use std::time::Duration;

use super::{evaluation::Grader, score::Scores};

/// How an evaluation came about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Provenance {
    /// How long grading took, not counting the wait in the queue.
    pub duration: Duration,
    /// Calls to the language model; 0 for the built-in grader.
    pub model_calls: u32,
    /// Tokens, as counted by the endpoint.
    pub tokens: Tokens,
    /// Every opinion, in the order in which they were given; empty if there was only one.
    pub opinions: Vec<Opinion>,
    /// Tells a person why there was more than one opinion, and whether the one used could not be
    /// verified; may be empty.
    pub note: String,
    /// Identifies what was graded, so that the evaluation is reused for the same answer to the same
    /// question; `None` if it must not be reused.
    pub fingerprint: Option<Fingerprint>,
}

/// Tokens sent to a language model and received from it; 0 if the endpoint did not count them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Tokens of the prompt.
    pub prompt: u32,
    /// Tokens of the reply.
    pub completion: u32,
}

/// The scores from one grader, or from one of its readings of the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// The grader.
    pub grader: Grader,
    /// The scores after they were checked by code.
    pub scores: Scores,
    /// Whether the evaluation uses this opinion.
    pub stands: bool,
}

/// SHA-256 of all that determines an evaluation: question, rubric, answer, model, prompt version.
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
