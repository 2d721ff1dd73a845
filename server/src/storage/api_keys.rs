//! What is kept of API keys.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    api_key::{ApiKey, ApiKeyDraft, KeyHolder},
    clock::Timestamp,
    id::{ApiKeyId, UserId},
};

/// SHA-256 of a key.
pub type KeyHash = [u8; 32];

/// Keys of an account whose time has passed that are kept for it to see.
pub const EXPIRED_KEPT: u32 = 20;

/// A key that is about to be kept. It has no Debug, so that no log can show the hash.
#[derive(Clone)]
pub struct NewApiKey {
    /// Whose.
    pub user_id: UserId,
    /// Name, scopes and expiry.
    pub draft: ApiKeyDraft,
    /// The first characters of the secret; unique.
    pub prefix: String,
    /// What is kept of the secret.
    pub hash: KeyHash,
    /// When it is made.
    pub created_at: Timestamp,
}

/// What became of making a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyCreation {
    /// It is kept.
    Created(ApiKey),
    /// The account has as many keys that work as it may have.
    TooMany,
    /// Another key begins with the same characters.
    PrefixTaken,
    /// The account is gone.
    NoAccount,
}

/// What a shown key is checked against. It has no Debug either.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// Whose it is and what it may do.
    pub holder: KeyHolder,
    /// What is kept of the secret.
    pub hash: KeyHash,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// Keeps API keys.
#[async_trait]
pub trait ApiKeyStore: Send + Sync {
    /// Keeps a new key, unless the account has `most` that work at the moment it is made; of those
    /// that do not any more, the newest [`EXPIRED_KEPT`] stay.
    async fn create_api_key(&self, key: NewApiKey, most: u32) -> StoreResult<KeyCreation>;

    /// The account's keys, newest first.
    async fn api_keys(&self, user_id: UserId) -> StoreResult<Vec<ApiKey>>;

    /// Whose key that is.
    async fn api_key_owner(&self, id: ApiKeyId) -> StoreResult<Option<UserId>>;

    /// Forgets a key; false when it was not there.
    async fn revoke_api_key(&self, id: ApiKeyId) -> StoreResult<bool>;

    /// The key whose secret begins so.
    async fn known_key(&self, prefix: &str) -> StoreResult<Option<KnownKey>>;

    /// Whether the key is there and works at that moment.
    async fn is_key_live(&self, id: ApiKeyId, now: Timestamp) -> StoreResult<bool>;

    /// Notes that a key is used, unless a use since `last` is noted already.
    async fn note_key_use(&self, id: ApiKeyId, now: Timestamp, last: Timestamp) -> StoreResult<()>;
}
