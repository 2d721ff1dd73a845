//! What calls ask for, each with the question whether whoever calls still may: one statement for both,
//! so that nothing is remembered about sessions and signing out works in every process at once.

use async_trait::async_trait;

use super::{
    StoreResult,
    accounts::{Credentials, NewRefreshToken},
    answers::{NewAnswer, OwnedAnswer, Submission},
    interviews::{Creation, RequestKey},
    throttles::Try,
};
use crate::domain::{
    account::User,
    answer::Answer,
    api_key::Bearer,
    clock::Timestamp,
    history::GradedAnswer,
    id::{AnswerId, InterviewId, SessionId},
    interview::Interview,
};

/// What is found for a caller, whose session may have ended. A key is looked up before it is used, so
/// it counts as live here.
#[derive(Debug, Clone, PartialEq)]
pub enum Checked<T> {
    /// The session has ended, or its account is gone; nothing has been done.
    Ended,
    /// It lives, and this is the answer.
    Live(T),
}

/// A caller's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAccount {
    /// The account.
    pub user: User,
    /// Whether another account has its name in another spelling.
    pub shares_name: bool,
}

/// What became of a submit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    /// There is no such interview.
    NoInterview,
    /// The interview is another account's.
    Denied,
    /// Found and theirs.
    Done(Submission),
}

/// What has to be known before an interview is made.
#[derive(Debug, Clone, PartialEq)]
pub enum BeforeCreation {
    /// The request had been made before.
    Known(Creation),
    /// Which of the bank's questions the account was asked, and when last.
    Asked(Vec<(String, Timestamp)>),
}

/// Does what calls ask for, for those who still may.
#[async_trait]
pub trait CallStore: Send + Sync {
    /// The caller's account.
    async fn account_of(&self, caller: Bearer) -> StoreResult<Checked<Option<OwnAccount>>>;

    /// At most `limit` of the caller's interviews without their questions, newest first, beginning
    /// after (that is: older than) `older_than`.
    async fn interviews_of(
        &self,
        caller: Bearer,
        older_than: Option<InterviewId>,
        limit: u32,
    ) -> StoreResult<Checked<Vec<Interview>>>;

    /// Anybody's interview with its questions.
    async fn interview_for(
        &self,
        caller: Bearer,
        id: InterviewId,
    ) -> StoreResult<Checked<Option<Interview>>>;

    /// The same with the latest answer to each question that has one.
    async fn answered_interview_for(
        &self,
        caller: Bearer,
        id: InterviewId,
    ) -> StoreResult<Checked<Option<(Interview, Vec<Answer>)>>>;

    /// Anybody's answer with its evaluation.
    async fn answer_for(
        &self,
        caller: Bearer,
        id: AnswerId,
    ) -> StoreResult<Checked<Option<OwnedAnswer>>>;

    /// The latest answer to each of the caller's questions, as far as it is evaluated, in the order
    /// of interviews and questions.
    async fn graded_answers_of(&self, caller: Bearer) -> StoreResult<Checked<Vec<GradedAnswer>>>;

    /// What has to be known before the caller makes an interview.
    async fn before_creation(
        &self,
        caller: Bearer,
        request: Option<&RequestKey>,
    ) -> StoreResult<Checked<BeforeCreation>>;

    /// Keeps the caller's answer to a question of that interview and its pending evaluation: both or
    /// neither.
    async fn submit(
        &self,
        caller: Bearer,
        interview: InterviewId,
        answer: NewAnswer,
    ) -> StoreResult<Checked<Submitted>>;

    /// As [`super::AccountStore::open_session`], and gives back the tries that were taken for it.
    async fn sign_in(
        &self,
        proven: Credentials,
        token: NewRefreshToken,
        now: Timestamp,
        most: u32,
        back: Vec<Try>,
    ) -> StoreResult<Option<SessionId>>;
}
