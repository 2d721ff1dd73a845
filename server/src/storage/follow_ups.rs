//! Follow-up questions.

use async_trait::async_trait;

use super::{StoreResult, calls::Checked};
use crate::domain::{
    api_key::Bearer,
    clock::Timestamp,
    follow_up::{FollowedQuestion, NewFollowUp},
    id::QuestionId,
    question::Question,
};

/// The outcome of adding a follow-up.
#[derive(Debug, Clone, PartialEq)]
pub enum FollowUpAdded {
    /// It comes after its question. If the same text was already asked about that question, this is the
    /// earlier follow-up.
    Added(Question),
    /// The question has been deleted.
    Gone,
    /// The interview has the most questions that it may have.
    Full,
    /// The interview is in study mode or has ended, or another follow-up came first.
    TooLate,
}

/// Stores follow-up questions. Each comes after its question and the earlier follow-ups to it, and counts in
/// the interview's progress like any other question.
#[async_trait]
pub trait FollowUpStore: Send + Sync {
    /// Any account's question, with its latest evaluated answer and its follow-ups.
    async fn followed_question(
        &self,
        caller: Bearer,
        id: QuestionId,
    ) -> StoreResult<Checked<Option<FollowedQuestion>>>;

    /// Adds a follow-up to an interview of the caller's that has fewer than `most` questions.
    async fn add_follow_up(&self, new: NewFollowUp, most: i32) -> StoreResult<FollowUpAdded>;

    /// The question that the interviewer follows up on after an answer to `id`: that one, or, if it is itself a
    /// follow-up, the one that it follows.
    async fn answered_question(&self, id: QuestionId) -> StoreResult<Option<FollowedQuestion>>;

    /// Adds a follow-up by the interviewer, if the question has exactly `before` follow-ups and the real
    /// interview has not ended.
    async fn interject(
        &self,
        new: NewFollowUp,
        before: usize,
        now: Timestamp,
    ) -> StoreResult<FollowUpAdded>;
}
