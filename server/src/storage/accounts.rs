//! Accounts: users, sessions, refresh tokens.

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

/// An account to be stored. It has no Debug, so that no log can show the hash.
#[derive(Clone)]
pub struct NewUser {
    /// Unique by the form in which names are compared ([`crate::domain::identity`]).
    pub username: String,
    /// Unique likewise.
    pub email: String,
    /// A PHC string; if empty, nobody can sign in with a password.
    pub hashed_password: String,
    /// When it is registered.
    pub created_at: Timestamp,
}

/// The outcome of a registration.
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
    /// A PHC string; if empty, no password works.
    pub hashed_password: String,
}

/// A refresh token to be given out.
#[derive(Clone, Copy)]
pub struct NewRefreshToken {
    /// Its hash, which is stored.
    pub hash: TokenHash,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// The outcome of using a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// It worked, and the new one replaces it.
    Rotated(Session),
    /// It was used before, or was replaced unused. Its session has been ended.
    Reused,
    /// Unknown, expired, or of a session that has ended.
    Refused,
}

/// Stores accounts.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Stores a new account, unless its name or address is taken.
    async fn create_user(&self, user: NewUser) -> StoreResult<Registered>;

    /// The account with that id.
    async fn user(&self, id: UserId) -> StoreResult<Option<User>>;

    /// What the password for that name is checked against. Where accounts of an earlier version have
    /// the same name in different spellings, each is found only by its own.
    async fn credentials(&self, username: &str) -> StoreResult<Option<Credentials>>;

    /// Opens a session with its first refresh token; returns `None` if the account is gone or its
    /// password has changed. An account keeps its `most` most recently used sessions, this one
    /// included; the others end.
    async fn open_session(
        &self,
        proven: Credentials,
        token: NewRefreshToken,
        now: Timestamp,
        most: u32,
    ) -> StoreResult<Option<SessionId>>;

    /// Replaces the token with that hash by `next`; a token that was used before ends its session
    /// instead. For `grace` after the first use, and while its successor is unused, the reply may
    /// have been lost: then `next` replaces the successor, which stops working.
    async fn rotate_refresh_token(
        &self,
        hash: TokenHash,
        next: NewRefreshToken,
        now: Timestamp,
        grace: Duration,
    ) -> StoreResult<Rotation>;

    /// Ends a session; ending it again changes nothing.
    async fn end_session(&self, id: SessionId, now: Timestamp) -> StoreResult<()>;

    /// Ends all sessions of an account except `keep`.
    async fn end_sessions(
        &self,
        user_id: UserId,
        keep: Option<SessionId>,
        now: Timestamp,
    ) -> StoreResult<()>;

    /// Changes an account's password, ends its sessions except `keep` and, if `revoke_keys`, revokes
    /// its API keys. Returns how many keys still work; `None`, with nothing changed, if `proven` is
    /// no longer its password.
    async fn change_password(
        &self,
        proven: Credentials,
        hashed_password: String,
        keep: SessionId,
        revoke_keys: bool,
        now: Timestamp,
    ) -> StoreResult<Option<u32>>;

    /// Replaces the hash of an account's password; the password and all sessions stay. Returns
    /// false, with nothing changed, if `proven` is no longer what is stored.
    async fn replace_hash(&self, proven: Credentials, better: String) -> StoreResult<bool>;

    /// Deletes an account and everything that belongs to it; returns false if its password is no
    /// longer `proven`, or it is gone.
    async fn delete_account(&self, proven: Credentials) -> StoreResult<bool>;

    /// Sets an account's time zone by its IANA name; `None` if the account is gone.
    async fn set_time_zone(&self, id: UserId, time_zone: String) -> StoreResult<Option<User>>;

    /// The account of a session, unless the session has ended or the account is gone.
    async fn live_session(&self, id: SessionId) -> StoreResult<Option<UserId>>;

    /// Forgets the sessions whose tokens all expired before `before`; returns their number.
    async fn forget_old_sessions(&self, before: Timestamp) -> StoreResult<u64>;
}
