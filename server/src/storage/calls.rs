//! What calls read and write, each together with the check that the caller's session is alive. One
//! statement does both, so nothing about sessions is cached, and signing out takes effect immediately in
//! every process.

use async_trait::async_trait;

use super::{
    StoreResult,
    accounts::{Credentials, NewRefreshToken},
    answers::{NewAnswer, OwnedAnswer, Submission},
    interviews::{Creation, RequestKey},
    throttles::LimitedAttempt,
};
use crate::domain::{
    account::{ActiveSession, Caller, User},
    answer::Answer,
    api_key::Bearer,
    client_label::ClientLabel,
    clock::Timestamp,
    history::GradedAnswer,
    id::{AnswerId, InterviewId, SessionId},
    interview::Interview,
    search::{SearchCandidate, SearchCursor},
    trends::Totals,
};

/// The result for a caller whose session may have ended. An API key is looked up before it is used, so it
/// counts as live here.
#[derive(Debug, Clone, PartialEq)]
pub enum Checked<T> {
    /// The session has ended, or its account is gone; nothing has been done.
    Ended,
    /// The session is alive, and this is the result.
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

/// The outcome of a submit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    /// The interview does not exist.
    NoInterview,
    /// The interview is another account's.
    Denied,
    /// The interview is the caller's.
    Done(Submission),
}

/// What must be known before an interview is created.
#[derive(Debug, Clone, PartialEq)]
pub enum BeforeCreation {
    /// The request was made before.
    Known(Box<Creation>),
    /// Which questions of the bank the account was asked, and when last.
    Asked(Vec<(String, Timestamp)>),
}

/// Serves calls whose sessions are alive.
#[async_trait]
pub trait CallStore: Send + Sync {
    /// The caller's account.
    async fn account_of(&self, caller: Bearer) -> StoreResult<Checked<Option<OwnAccount>>>;

    /// The sessions of the caller's account that have neither ended nor expired at `now`, with the caller's
    /// own, most recently used first.
    async fn sessions_of(
        &self,
        caller: Caller,
        now: Timestamp,
    ) -> StoreResult<Checked<Vec<ActiveSession>>>;

    /// At most `limit` of the caller's interviews without their questions, newest first, beginning
    /// after (that is: older than) `older_than`.
    async fn interviews_of(
        &self,
        caller: Bearer,
        older_than: Option<InterviewId>,
        limit: u32,
    ) -> StoreResult<Checked<Vec<Interview>>>;

    /// Any account's interview with its questions.
    async fn interview_for(
        &self,
        caller: Bearer,
        id: InterviewId,
    ) -> StoreResult<Checked<Option<Interview>>>;

    /// Any account's interview with its questions and the latest answer to each that has one.
    async fn answered_interview_for(
        &self,
        caller: Bearer,
        id: InterviewId,
    ) -> StoreResult<Checked<Option<(Interview, Vec<Answer>)>>>;

    /// Any account's answer with its evaluation.
    async fn answer_for(
        &self,
        caller: Bearer,
        id: AnswerId,
    ) -> StoreResult<Checked<Option<OwnedAnswer>>>;

    /// The latest answer to each of the caller's questions, if it is evaluated, in the order of interviews
    /// and questions, and the totals over all the caller's answers. Days are those of a zone `ahead`
    /// microseconds ahead of UTC; the last week begins on day `week_from` since 1970.
    async fn graded_answers_of(
        &self,
        caller: Bearer,
        ahead: i64,
        week_from: i64,
    ) -> StoreResult<Checked<(Vec<GradedAnswer>, Totals)>>;

    /// At most `limit` of the caller's questions after `after` with every needle in the question or in the
    /// latest answer to it: newest interview first, and within one by question id. Case is ignored in ASCII
    /// only.
    async fn search(
        &self,
        caller: Bearer,
        needles: &[String],
        after: Option<SearchCursor>,
        limit: u32,
    ) -> StoreResult<Checked<Vec<SearchCandidate>>>;

    /// What must be known before the caller creates an interview.
    async fn before_creation(
        &self,
        caller: Bearer,
        request: Option<&RequestKey>,
    ) -> StoreResult<Checked<BeforeCreation>>;

    /// Stores the caller's answer to a question of that interview and its pending evaluation: both or
    /// neither.
    async fn submit(
        &self,
        caller: Bearer,
        interview: InterviewId,
        answer: NewAnswer,
    ) -> StoreResult<Checked<Submitted>>;

    /// Like [`super::AccountStore::open_session`], but also returns the attempts taken for it (`back`) to
    /// their budgets and stores the client's label.
    async fn sign_in(
        &self,
        proven: Credentials,
        token: NewRefreshToken,
        now: Timestamp,
        most: u32,
        back: Vec<LimitedAttempt>,
        client: ClientLabel,
    ) -> StoreResult<Option<SessionId>>;
}
