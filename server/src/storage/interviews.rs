//! Interviews and their questions.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    clock::Timestamp,
    id::{InterviewId, QuestionId, UserId},
    interview::{Interview, Level},
    question::{AskedQuestion, NewQuestion},
    timing::Conditions,
};

/// An interview to be stored, with all its questions.
#[derive(Debug, Clone)]
pub struct NewInterview {
    /// The account.
    pub user_id: UserId,
    /// The role.
    pub role: String,
    /// The level.
    pub level: Level,
    /// A BCP 47 tag.
    pub language: String,
    /// A job advert; may be empty.
    pub job_description: String,
    /// When it is created.
    pub created_at: Timestamp,
    /// Its questions, in order.
    pub questions: Vec<NewQuestion>,
    /// The number of language model calls that its questions took.
    pub model_calls: u32,
    /// Identifies a repeated request.
    pub request: Option<RequestKey>,
    /// How it is held.
    pub conditions: Conditions,
}

/// A client's idempotency key and a fingerprint of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The client's key.
    pub key: String,
    /// SHA-256 of the request.
    pub request_hash: [u8; 32],
}

/// The outcome of creating an interview.
#[derive(Debug, Clone, PartialEq)]
pub enum Creation {
    /// The interview is new.
    Created(Interview),
    /// The same request created this interview before.
    Repeated(Interview),
    /// The key belongs to another request.
    KeyReused,
}

/// Stores interviews.
#[async_trait]
pub trait InterviewStore: Send + Sync {
    /// Stores an interview and its questions, unless its request was carried out before.
    async fn create_interview(&self, interview: NewInterview) -> StoreResult<Creation>;

    /// What this key created before; `None` if the key is new.
    async fn interview_of_request(
        &self,
        user_id: UserId,
        request: &RequestKey,
    ) -> StoreResult<Option<Creation>>;

    /// The interview with its questions.
    async fn interview(&self, id: InterviewId) -> StoreResult<Option<Interview>>;

    /// The account of an interview.
    async fn interview_owner(&self, id: InterviewId) -> StoreResult<Option<UserId>>;

    /// Whether the question belongs to the interview.
    async fn has_question(&self, id: InterviewId, question: QuestionId) -> StoreResult<bool>;

    /// A question with what its answers are graded by.
    async fn asked_question(&self, id: QuestionId) -> StoreResult<Option<AskedQuestion>>;

    /// At most `limit` interviews of the account without their questions, newest first, beginning
    /// after (that is: older than) `older_than`.
    async fn interviews(
        &self,
        user_id: UserId,
        older_than: Option<InterviewId>,
        limit: u32,
    ) -> StoreResult<Vec<Interview>>;

    /// Ends the account's interview, unless it has already ended, and returns when it ended; `None` if no
    /// interview of theirs in real mode has this id.
    async fn end_interview(
        &self,
        user_id: UserId,
        id: InterviewId,
        now: Timestamp,
    ) -> StoreResult<Option<Timestamp>>;

    /// Deletes the interview and everything that belongs to it; returns false if it did not exist.
    async fn delete_interview(&self, id: InterviewId) -> StoreResult<bool>;

    /// Which questions of the bank the account was asked, and when last.
    async fn asked_questions(&self, user_id: UserId) -> StoreResult<Vec<(String, Timestamp)>>;

    /// The texts of at most `limit` questions that the account was asked, the latest first.
    async fn asked_texts(&self, user_id: UserId, limit: u32) -> StoreResult<Vec<String>>;
}
