//! What is kept of interviews and their questions.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    clock::Timestamp,
    id::{InterviewId, QuestionId, UserId},
    interview::{Interview, Level},
    question::{AskedQuestion, NewQuestion},
};

/// An interview that is about to be kept, with all its questions.
#[derive(Debug, Clone)]
pub struct NewInterview {
    /// Whose it is.
    pub user_id: UserId,
    /// The role.
    pub role: String,
    /// The level.
    pub level: Level,
    /// BCP 47 tag.
    pub language: String,
    /// A job advert; may be empty.
    pub job_description: String,
    /// When it is created.
    pub created_at: Timestamp,
    /// Its questions, in order.
    pub questions: Vec<NewQuestion>,
    /// Calls to the language model that its questions have cost.
    pub model_calls: u32,
    /// By which a repeated request is known.
    pub request: Option<RequestKey>,
}

/// A client's idempotency key and a fingerprint of what was asked under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The client's key.
    pub key: String,
    /// SHA-256 of the request.
    pub request_hash: [u8; 32],
}

/// What became of a creation under an idempotency key.
#[derive(Debug, Clone, PartialEq)]
pub enum Creation {
    /// The interview is new.
    Created(Interview),
    /// The same request had made this interview before.
    Repeated(Interview),
    /// The key belongs to another request.
    KeyReused,
}

/// Keeps interviews.
#[async_trait]
pub trait InterviewStore: Send + Sync {
    /// Keeps an interview and its questions, unless its request was carried out before.
    async fn create_interview(&self, interview: NewInterview) -> StoreResult<Creation>;

    /// What the key made before: `None` when it is new.
    async fn interview_of_request(
        &self,
        user_id: UserId,
        request: &RequestKey,
    ) -> StoreResult<Option<Creation>>;

    /// The interview with its questions.
    async fn interview(&self, id: InterviewId) -> StoreResult<Option<Interview>>;

    /// Whose interview that is.
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

    /// Deletes the interview with all that hangs on it; false when there was none.
    async fn delete_interview(&self, id: InterviewId) -> StoreResult<bool>;

    /// Which of the bank's questions the account was asked, and when last.
    async fn asked_questions(&self, user_id: UserId) -> StoreResult<Vec<(String, Timestamp)>>;

    /// The words of at most `limit` questions that the account was asked, the latest first.
    async fn asked_texts(&self, user_id: UserId, limit: u32) -> StoreResult<Vec<String>>;
}
