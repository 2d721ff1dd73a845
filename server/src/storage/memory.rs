//! The memories of accounts.

use async_trait::async_trait;

use super::{StoreResult, calls::Checked};
use crate::domain::{
    api_key::Bearer,
    clock::Timestamp,
    day::Day,
    id::{AnswerId, PointId, UserId},
    memory::{EvaluatedAnswer, MemoryPoint, PointKey, PointState, Rating},
    text::IdempotencyKey,
};

/// The memory of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownMemory {
    /// Grows with every change. A change names the revision that it was computed from, and is not made if
    /// there is a newer one.
    pub revision: i64,
    /// The IANA name of the account's time zone, once known.
    pub time_zone: Option<String>,
    /// Whether there are completed evaluations whose points are not in it yet.
    pub has_news: bool,
    /// The oldest first, including those that the owner has stopped reviews of.
    pub points: Vec<MemoryPoint>,
}

/// What the memory takes from evaluations.
#[derive(Debug, Clone, PartialEq)]
pub struct Learnt {
    /// The answers whose evaluations have been taken in.
    pub answers: Vec<AnswerId>,
    /// The points that they rated, as they are now.
    pub points: Vec<(PointKey, PointState)>,
}

/// A review to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReview {
    /// The point.
    pub point_id: PointId,
    /// The point's new state.
    pub state: PointState,
    /// The review.
    pub review: KeptReview,
    /// The idempotency key.
    pub key: Option<IdempotencyKey>,
    /// The account's time zone, if it has none yet.
    pub time_zone: Option<String>,
}

/// A review as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptReview {
    /// When it was made.
    pub reviewed_at: Timestamp,
    /// The prompt, 1 for the point's first.
    pub prompt: i32,
    /// The answer; empty for "I don't know".
    pub answer: String,
    /// How well the point was recalled.
    pub rating: Rating,
    /// How much of it the answer shows, 0 to 1.
    pub coverage: f64,
    /// Verbatim from the answer; may be empty.
    pub evidence: String,
    /// What is wrong with the answer; may be empty.
    pub correction: String,
    /// When the point was due then.
    pub due_on: Day,
}

/// The outcome of storing a review.
#[derive(Debug, Clone, PartialEq)]
pub enum ReviewAdded {
    /// It is stored.
    Added,
    /// It was stored before under its key.
    Repeated(KeptReview),
    /// Its key belongs to another review.
    KeyReused,
    /// The memory has changed in the meantime; nothing was stored.
    Changed,
}

/// A change to a point that rates nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointChange {
    /// It is due on that day.
    DueOn(Day),
    /// Whether its owner has stopped reviews of it.
    Forgotten(bool),
}

/// A review in an export.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedReview {
    /// Its id.
    pub id: i64,
    /// The point.
    pub key: PointKey,
    /// The review.
    pub review: KeptReview,
}

/// Stores the memories of accounts.
#[async_trait]
pub trait MemoryStore: Send + Sync {
    /// The caller's memory. Answers in a real interview do not count as new before its end.
    async fn memory_of(&self, caller: Bearer, now: Timestamp) -> StoreResult<Checked<KnownMemory>>;

    /// The account of a point.
    async fn owner_of_point(&self, id: PointId) -> StoreResult<Option<UserId>>;

    /// At most `limit` of the account's answers whose evaluation is completed and not in its memory yet, as
    /// they were given; those in a real interview once it has ended.
    async fn answers_to_remember(
        &self,
        user_id: UserId,
        now: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<EvaluatedAnswer>>;

    /// Takes points into the memory and marks their answers as taken, in one transaction. Returns false and
    /// changes nothing if the memory has another revision now. Forgotten points stay forgotten.
    async fn remember(&self, user_id: UserId, revision: i64, learnt: Learnt) -> StoreResult<bool>;

    /// Stores a review and the new state of its point: both or neither.
    async fn add_review(
        &self,
        user_id: UserId,
        revision: i64,
        new: NewReview,
    ) -> StoreResult<ReviewAdded>;

    /// Changes a point of the account, and sets the account's time zone if it has none yet. Returns false and
    /// changes nothing if the memory has another revision now.
    async fn change_point(
        &self,
        user_id: UserId,
        revision: i64,
        id: PointId,
        change: PointChange,
        time_zone: Option<String>,
    ) -> StoreResult<bool>;

    /// At most `limit` of the account's reviews with an id above `after`, in the order of their ids.
    async fn kept_reviews_after(
        &self,
        user_id: UserId,
        after: i64,
        limit: u32,
    ) -> StoreResult<Vec<ExportedReview>>;
}
