//! What is kept of accounts: users, sessions, refresh tokens.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    account::{Session, User},
    clock::Timestamp,
    id::{SessionId, UserId},
};

/// SHA-256 of a refresh token.
pub type TokenHash = [u8; 32];

/// An account that is about to be kept. It has no Debug, so that no log can show the hash.
#[derive(Clone)]
pub struct NewUser {
    /// Unique by the form in which names are compared ([`crate::domain::identity`]).
    pub username: String,
    /// Unique likewise.
    pub email: String,
    /// A PHC string; empty: nobody can sign in with a password.
    pub hashed_password: String,
    /// When it is registered.
    pub created_at: Timestamp,
}

/// What became of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// The account exists now.
    User(User),
    /// Another account has the name.
    UsernameTaken,
    /// Another account has the address.
    EmailTaken,
}

/// What a password is checked against. It has no Debug either.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The account.
    pub user_id: UserId,
    /// A PHC string; empty: no password works.
    pub hashed_password: String,
}

/// A refresh token that is about to be given out.
#[derive(Clone, Copy)]
pub struct NewRefreshToken {
    /// What is kept of it.
    pub hash: TokenHash,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// What became of showing a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// It worked; the new one is kept in its stead.
    Rotated(Session),
    /// It had been used before, or died unused. Its session has been ended.
    Reused,
    /// Unknown, past its time, or of a session that has ended.
    Refused,
}

/// Keeps accounts.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Keeps a new account, unless its name or address is taken.
    async fn create_user(&self, user: NewUser) -> StoreResult<Registered>;

    /// The account of that id.
    async fn user(&self, id: UserId) -> StoreResult<Option<User>>;

    /// What the password of that name is checked against. Where accounts of an earlier version have one
    /// name in different spellings, each is found by its own alone.
    async fn credentials(&self, username: &str) -> StoreResult<Option<Credentials>>;

    /// Whether another account has the same name in another spelling.
    async fn shares_name(&self, id: UserId) -> StoreResult<bool>;

    /// Opens a session with its first refresh token; none when the account is gone, or has another
    /// password by now. An account keeps `most` sessions, this one among them: those that were used
    /// longest ago end.
    async fn open_session(
        &self,
        proven: Credentials,
        token: NewRefreshToken,
        now: Timestamp,
        most: u32,
    ) -> StoreResult<Option<SessionId>>;

    /// Uses up the token of that hash and keeps `next` in its stead; one that was used before ends
    /// its session instead. But for `grace` after its first use, and while its successor is unused,
    /// the reply may have been lost: then `next` takes the successor's place, which dies.
    async fn rotate_refresh_token(
        &self,
        hash: TokenHash,
        next: NewRefreshToken,
        now: Timestamp,
        grace: Duration,
    ) -> StoreResult<Rotation>;

    /// Ends a session; ending it again changes nothing.
    async fn end_session(&self, id: SessionId, now: Timestamp) -> StoreResult<()>;

    /// Ends all sessions of an account, but for `keep`.
    async fn end_sessions(
        &self,
        user_id: UserId,
        keep: Option<SessionId>,
        now: Timestamp,
    ) -> StoreResult<()>;

    /// Gives an account another password, ends its sessions but for `keep` and, where that is asked
    /// for, revokes its API keys. Gives how many of these work still; none, and nothing has
    /// happened, when `proven` is not its password any more.
    async fn change_password(
        &self,
        proven: Credentials,
        hashed_password: String,
        keep: SessionId,
        revoke_keys: bool,
        now: Timestamp,
    ) -> StoreResult<Option<u32>>;

    /// Keeps another hash of an account's password, which stays the same with all its sessions;
    /// false, and nothing has happened, when `proven` is not what is kept any more.
    async fn replace_hash(&self, proven: Credentials, better: String) -> StoreResult<bool>;

    /// Deletes an account with all that hangs on it; false when it has another password than
    /// `proven` by now, or is gone.
    async fn delete_account(&self, proven: Credentials) -> StoreResult<bool>;

    /// Whose session that is, unless it has ended or its account is gone.
    async fn live_session(&self, id: SessionId) -> StoreResult<Option<UserId>>;

    /// Forgets the sessions whose every token ran out before `before`; gives their number.
    async fn forget_old_sessions(&self, before: Timestamp) -> StoreResult<u64>;
}
