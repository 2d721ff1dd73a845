//! Hints given to questions, and answers shown.

use async_trait::async_trait;

use super::{StoreResult, calls::Checked};
use crate::domain::{
    api_key::Bearer,
    clock::Timestamp,
    help::HelpedQuestion,
    id::{QuestionId, UserId},
    question::Question,
};

/// The outcome of showing an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Showing {
    /// It is shown; the question has the time.
    Shown(Box<Question>),
    /// The question has an answer that is evaluated, or will be.
    Answered,
    /// The question has been deleted.
    Gone,
}

/// Stores which hints were given and which answers were shown.
#[async_trait]
pub trait HelpStore: Send + Sync {
    /// Any account's question, with the number of hints given to it.
    async fn helped_question(
        &self,
        caller: Bearer,
        id: QuestionId,
    ) -> StoreResult<Checked<Option<HelpedQuestion>>>;

    /// Records that `hints` hints to the question were given; the number never falls.
    async fn note_hints(&self, id: QuestionId, hints: i32) -> StoreResult<()>;

    /// Records that the answer to one of the account's questions was shown, unless an answer to it is
    /// evaluated or will be. The first time is kept.
    async fn show_answer(
        &self,
        user_id: UserId,
        id: QuestionId,
        now: Timestamp,
    ) -> StoreResult<Showing>;
}
