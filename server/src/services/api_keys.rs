//! API keys: creating, listing and revoking them, which needs a session, and authenticating the
//! callers that use them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    auth::api_key::{self, IssuedKey},
    domain::{
        account::Caller,
        api_key::{ApiKey, ApiKeyDraft, KeyHolder},
        clock::{Clock, Timestamp},
        id::ApiKeyId,
    },
    services::{Rejection, Resource, ServiceError, ServiceResult},
    storage::{
        Store,
        api_keys::{KeyCreation, NewApiKey},
    },
    telemetry,
};

/// The most working keys of an account: enough for one per program, and to replace each.
pub const MOST_KEYS: u32 = 20;

/// How often a key's use is recorded.
const NOTE_EVERY: Duration = Duration::from_mins(1);

/// The most keys whose last recorded use this process remembers.
const MOST_NOTED: usize = 10_000;

/// How often a key is generated, in case its prefix is taken. That happens once in 10^14.
const TRIES: usize = 3;

/// The keys' use cases.
#[derive(Clone)]
pub struct ApiKeys {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// When this process last recorded a key's use, so that of many calls at once only one writes.
    noted: Arc<Mutex<HashMap<i64, Timestamp>>>,
}

/// A key that was just created.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The key as it is listed from now on.
    pub key: ApiKey,
    /// The key with its secret, which is never shown again.
    pub issued: IssuedKey,
}

impl ApiKeys {
    /// Creates the use cases.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, noted: Arc::default() }
    }

    /// Returns the current time, against which a key's expiry is checked.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Creates a key for the caller's account.
    pub async fn create(&self, caller: Caller, draft: ApiKeyDraft) -> ServiceResult<NewKey> {
        for _ in 0..TRIES {
            let issued = api_key::generate();
            let new = NewApiKey {
                user_id: caller.user_id,
                draft: draft.clone(),
                prefix: issued.prefix.clone(),
                hash: issued.hash,
                created_at: self.clock.now(),
            };
            match self.store.create_api_key(new, MOST_KEYS).await? {
                KeyCreation::Created(key) => {
                    tracing::info!(key_id = key.id.get(), "an API key was created");
                    return Ok(NewKey { key, issued });
                }
                KeyCreation::TooMany => return Err(ServiceError::TooManyKeys),
                // The account was deleted after the credential was checked.
                KeyCreation::NoAccount => {
                    return Err(ServiceError::TokenInvalid(Rejection::SessionEnded));
                }
                KeyCreation::PrefixTaken => {}
            }
        }
        Err(ServiceError::internal("no API key with a free prefix could be generated"))
    }

    /// Returns the account's keys, newest first.
    pub async fn list(&self, caller: Caller) -> ServiceResult<Vec<ApiKey>> {
        Ok(self.store.api_keys(caller.user_id).await?)
    }

    /// Revokes a key of the account, with effect from the next call.
    pub async fn revoke(&self, caller: Caller, id: ApiKeyId) -> ServiceResult<()> {
        match self.store.api_key_owner(id).await? {
            Some(owner) if owner != caller.user_id => Err(ServiceError::AccessDenied),
            Some(_) if self.store.revoke_api_key(id).await? => {
                tracing::info!(key_id = id.get(), "an API key was revoked");
                Ok(())
            }
            Some(_) | None => Err(ServiceError::NotFound(Resource::ApiKey)),
        }
    }

    /// Returns the holder of a key, if it works.
    pub async fn authenticate(&self, credential: &str) -> ServiceResult<KeyHolder> {
        let mistyped = ServiceError::TokenInvalid(Rejection::KeyMistyped);
        let shown = api_key::parse(credential).ok_or(mistyped)?;
        let known = self.store.known_key(shown.prefix).await?;
        // Only a caller with the whole key learns that it has expired.
        let unknown = ServiceError::TokenInvalid(Rejection::KeyUnknown);
        let known = known.filter(|known| shown.is(&known.hash)).ok_or(unknown)?;
        let now = self.clock.now();
        if known.expires_at.is_some_and(|expires_at| expires_at <= now) {
            return Err(ServiceError::TokenExpired);
        }
        telemetry::key_is(known.holder.key_id);
        self.note_use(known.holder.key_id, known.last_used_at, now);
        Ok(known.holder)
    }

    /// Whether the key still works.
    pub async fn is_live(&self, holder: KeyHolder) -> ServiceResult<bool> {
        Ok(self.store.is_key_live(holder.key_id, self.clock.now()).await?)
    }

    /// Records that a key is used, without delaying the call.
    fn note_use(&self, id: ApiKeyId, known: Option<Timestamp>, now: Timestamp) {
        if !self.is_news(id, known, now) {
            return;
        }
        let store = self.store.clone();
        let last = now.before(NOTE_EVERY);
        tokio::spawn(async move {
            if let Err(error) = store.note_key_use(id, now, last).await {
                tracing::warn!(%error, key_id = id.get(), "the use of a key was not recorded");
            }
        });
    }

    /// Whether a use at `now` must be recorded; if so, it counts as recorded.
    fn is_news(&self, id: ApiKeyId, known: Option<Timestamp>, now: Timestamp) -> bool {
        let recent = |at: Timestamp| now.since(at) < NOTE_EVERY;
        if known.is_some_and(recent) {
            return false;
        }
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.get(&id.get()).copied().is_some_and(recent) {
            return false;
        }
        if noted.len() >= MOST_NOTED {
            noted.retain(|_, at| recent(*at));
        }
        noted.insert(id.get(), now);
        true
    }
}
