//! Challenges of points, and self-assessments.

use async_trait::async_trait;

use super::{StoreResult, answers::OwnedAnswer, calls::Checked};
use crate::domain::{
    api_key::Bearer,
    challenge::{Challenge, SelfAssessment},
    clock::Timestamp,
    evaluation::Assessment,
    id::{AnswerId, UserId},
    interview::Level,
    question::Rubric,
};

/// An answer with what is needed to read it again.
#[derive(Debug, Clone, PartialEq)]
pub struct ChallengedAnswer {
    /// The answer.
    pub owned: OwnedAnswer,
    /// The question that it answers.
    pub question: String,
    /// What it was graded against.
    pub rubric: Rubric,
    /// The interview's level.
    pub level: Level,
    /// The interview's language, as a BCP 47 tag.
    pub language: String,
}

/// A challenge to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewChallenge {
    /// The answer.
    pub answer_id: AnswerId,
    /// Its account.
    pub user_id: UserId,
    /// How many challenges of the answer were known when this one was decided.
    pub known: usize,
    /// The challenge.
    pub challenge: Challenge,
    /// The evaluation after it, if it is upheld.
    pub upheld: Option<Assessment>,
}

/// The outcome of storing a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengeKept {
    /// It is stored, and the evaluation changed if it is upheld.
    Kept,
    /// Another challenge of the answer came first: nothing is stored.
    Outdated,
    /// The answer is gone, or its evaluation is not completed.
    Gone,
}

/// Stores what people say against evaluations.
#[async_trait]
pub trait ChallengeStore: Send + Sync {
    /// Any account's answer, with what is needed to read it again.
    async fn challenged_answer(
        &self,
        caller: Bearer,
        id: AnswerId,
    ) -> StoreResult<Checked<Option<ChallengedAnswer>>>;

    /// Stores a challenge and, if it is upheld, the evaluation after it and the progress of its
    /// interview: all or nothing.
    async fn keep_challenge(&self, new: NewChallenge) -> StoreResult<ChallengeKept>;

    /// Stores what a person says about the point with that index in their answer; `None` takes it
    /// back. `false` if the answer is gone.
    async fn keep_self_assessment(
        &self,
        id: AnswerId,
        point: usize,
        said: Option<SelfAssessment>,
        now: Timestamp,
    ) -> StoreResult<bool>;
}
