//! API keys.

use async_trait::async_trait;

use super::StoreResult;
use crate::domain::{
    api_key::{ApiKey, ApiKeyDraft, KeyHolder},
    clock::Timestamp,
    id::{ApiKeyId, UserId},
};

/// SHA-256 of a key.
pub type KeyHash = [u8; 32];

/// How many expired keys of an account are kept for its owner to see.
pub const EXPIRED_KEPT: u32 = 20;

/// A key to be stored. It has no Debug, so that no log can show the hash.
#[derive(Clone)]
pub struct NewApiKey {
    /// The account.
    pub user_id: UserId,
    /// Name, scopes and expiry.
    pub draft: ApiKeyDraft,
    /// The first characters of the secret; unique.
    pub prefix: String,
    /// The hash of the secret.
    pub hash: KeyHash,
    /// When it is made.
    pub created_at: Timestamp,
}

/// The outcome of creating a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyCreation {
    /// It is stored.
    Created(ApiKey),
    /// The account has the most working keys that it may have.
    TooMany,
    /// Another key begins with the same characters.
    PrefixTaken,
    /// The account is gone.
    NoAccount,
}

/// What a shown key is checked against. It has no Debug either.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// Its account and what it may be used for.
    pub holder: KeyHolder,
    /// The hash of the secret.
    pub hash: KeyHash,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// Stores API keys.
#[async_trait]
pub trait ApiKeyStore: Send + Sync {
    /// Stores a new key, unless the account already has `most` that work at that time. Of its
    /// expired keys, the newest [`EXPIRED_KEPT`] are kept.
    async fn create_api_key(&self, key: NewApiKey, most: u32) -> StoreResult<KeyCreation>;

    /// The account's keys, newest first.
    async fn api_keys(&self, user_id: UserId) -> StoreResult<Vec<ApiKey>>;

    /// The account of a key.
    async fn api_key_owner(&self, id: ApiKeyId) -> StoreResult<Option<UserId>>;

    /// Deletes a key; returns false if it did not exist.
    async fn revoke_api_key(&self, id: ApiKeyId) -> StoreResult<bool>;

    /// The key whose secret begins with `prefix`.
    async fn known_key(&self, prefix: &str) -> StoreResult<Option<KnownKey>>;

    /// Whether the key exists and works at `now`.
    async fn is_key_live(&self, id: ApiKeyId, now: Timestamp) -> StoreResult<bool>;

    /// Records that a key is used, unless a use since `last` is already recorded.
    async fn note_key_use(&self, id: ApiKeyId, now: Timestamp, last: Timestamp) -> StoreResult<()>;
}
