//! What is kept of people's marks on questions.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    clock::Timestamp,
    id::{MarkId, UserId},
    mark::{Mark, MarkChange, MarkTarget, Markable, MarkedQuestion, Wishes},
};

/// Which marks a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Those that say something.
    Telling,
    /// All that are kept.
    All,
}

/// Keeps marks. A question of the bank has one in all interviews of an account, which outlives them;
/// making an interview that has the question ends the wish to be asked it soon.
#[async_trait]
pub trait MarkStore: Send + Sync {
    /// Whose question that is, or whose mark.
    async fn markable(&self, target: MarkTarget) -> StoreResult<Option<Markable>>;

    /// Changes what is set and gives the mark as it is then; none where the account has no such
    /// question or mark (any more).
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

    /// What the account wants to be asked, and what not.
    async fn wishes(&self, user_id: UserId) -> StoreResult<Wishes>;
}
