//! People's marks on questions.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    clock::Timestamp,
    id::{MarkId, UserId},
    mark::{Mark, MarkChange, MarkTarget, Markable, MarkedQuestion, Wishes},
};

/// Which marks a list contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Marks with a star, note or wish.
    Telling,
    /// All marks.
    All,
}

/// Stores marks. A question of the bank has one mark in all interviews of an account, and it
/// outlives them. Creating an interview with the question ends the wish to be asked it soon.
#[async_trait]
pub trait MarkStore: Send + Sync {
    /// The owner of a question or of a mark; `None` if it does not exist.
    async fn markable(&self, target: MarkTarget) -> StoreResult<Option<Markable>>;

    /// Changes what `change` sets and returns the mark; `None` if the account has no such question
    /// or mark (any more).
    async fn set_mark(
        &self,
        user_id: UserId,
        target: MarkTarget,
        change: MarkChange,
        now: Timestamp,
    ) -> StoreResult<Option<Mark>>;

    /// At most `limit` of the account's marks, the newest first, beginning after (that is: older
    /// than) `older_than`.
    async fn marks(
        &self,
        user_id: UserId,
        listed: Listed,
        older_than: Option<MarkId>,
        limit: u32,
    ) -> StoreResult<Vec<MarkedQuestion>>;

    /// What the account wants and does not want to be asked.
    async fn wishes(&self, user_id: UserId) -> StoreResult<Wishes>;
}
