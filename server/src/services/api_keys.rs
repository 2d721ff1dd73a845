//! API keys: making, listing and revoking them, which only somebody who is signed in may do, and
//! knowing one that calls.

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
    services::{ServiceError, ServiceResult, Thing},
    storage::{
        Store,
        api_keys::{KeyCreation, NewApiKey},
    },
    telemetry,
};

/// Keys that work which an account may have: enough for one a program and to exchange each in peace.
pub const MOST_KEYS: u32 = 20;

/// How often a key's use is written down.
const NOTE_EVERY: Duration = Duration::from_mins(1);

/// Keys whose last note this process remembers.
const MOST_NOTED: usize = 10_000;

/// How often another key is made where one begins as another does. That happens once in 10^14.
const TRIES: usize = 3;

/// The keys' use cases.
#[derive(Clone)]
pub struct ApiKeys {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// When this process last noted a key's use: of many calls at once one writes.
    noted: Arc<Mutex<HashMap<i64, Timestamp>>>,
}

/// A key that was just made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// As it is listed from now on.
    pub key: ApiKey,
    /// With its secret, which is not to be had again.
    pub issued: IssuedKey,
}

impl ApiKeys {
    /// Puts the use cases together.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, noted: Arc::default() }
    }

    /// The present moment, by which a key's expiry is judged.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Makes a key for the caller's account.
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
                    tracing::info!(key_id = key.id.get(), "an API key was made");
                    return Ok(NewKey { key, issued });
                }
                KeyCreation::TooMany => return Err(ServiceError::TooManyKeys),
                // The account was deleted after the credential was checked.
                KeyCreation::NoAccount => return Err(ServiceError::TokenInvalid),
                KeyCreation::PrefixTaken => {}
            }
        }
        Err(ServiceError::internal("no API key could be made that begins as no other does"))
    }

    /// The account's keys, newest first.
    pub async fn list(&self, caller: Caller) -> ServiceResult<Vec<ApiKey>> {
        Ok(self.store.api_keys(caller.user_id).await?)
    }

    /// Stops a key of the account from working, from the next call on.
    pub async fn revoke(&self, caller: Caller, id: ApiKeyId) -> ServiceResult<()> {
        match self.store.api_key_owner(id).await? {
            Some(owner) if owner != caller.user_id => Err(ServiceError::AccessDenied),
            Some(_) if self.store.revoke_api_key(id).await? => {
                tracing::info!(key_id = id.get(), "an API key was revoked");
                Ok(())
            }
            Some(_) | None => Err(ServiceError::NotFound(Thing::ApiKey)),
        }
    }

    /// Who holds the key, if it works.
    pub async fn authenticate(&self, credential: &str) -> ServiceResult<KeyHolder> {
        let shown = api_key::parse(credential).ok_or(ServiceError::TokenInvalid)?;
        let known = self.store.known_key(shown.prefix).await?;
        // Only whoever shows the whole key learns that its time has passed.
        let known =
            known.filter(|known| shown.is(&known.hash)).ok_or(ServiceError::TokenInvalid)?;
        let now = self.clock.now();
        if known.expires_at.is_some_and(|expires_at| expires_at <= now) {
            return Err(ServiceError::TokenExpired);
        }
        telemetry::key_is(known.holder.key_id);
        self.note_use(known.holder.key_id, known.last_used_at, now);
        Ok(known.holder)
    }

    /// Whether the key works still.
    pub async fn is_live(&self, holder: KeyHolder) -> ServiceResult<bool> {
        Ok(self.store.is_key_live(holder.key_id, self.clock.now()).await?)
    }

    /// Writes down that a key is used, beside the call and not before it.
    fn note_use(&self, id: ApiKeyId, known: Option<Timestamp>, now: Timestamp) {
        if !self.is_news(id, known, now) {
            return;
        }
        let store = self.store.clone();
        let last = now.before(NOTE_EVERY);
        tokio::spawn(async move {
            if let Err(error) = store.note_key_use(id, now, last).await {
                tracing::warn!(%error, key_id = id.get(), "a key's use is not written down");
            }
        });
    }

    /// Whether a use at that moment is to be written down; if so, it counts as written.
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
