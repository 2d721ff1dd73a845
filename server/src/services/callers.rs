//! Who calls. A credential is the access token of somebody who is signed in, or an API key.

use std::time::Duration;

use crate::{
    auth::api_key,
    domain::{
        account::Caller,
        api_key::{Bearer, Scope},
    },
    services::{ServiceError, ServiceResult, accounts::Accounts, api_keys::ApiKeys},
};

/// How often it is asked whether whoever keeps something open still may: what it has open ends this
/// much later than its session or key, at the most.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Knows callers by their credentials.
#[derive(Clone)]
pub struct Callers {
    accounts: Accounts,
    keys: ApiKeys,
}

impl Callers {
    /// Puts the use cases together.
    pub fn new(accounts: Accounts, keys: ApiKeys) -> Self {
        Self { accounts, keys }
    }

    /// Whoever holds the credential, if it works.
    pub async fn authenticate(&self, credential: &str) -> ServiceResult<Bearer> {
        if api_key::is_meant(credential) {
            return Ok(Bearer::Key(self.keys.authenticate(credential).await?));
        }
        Ok(Bearer::Session(self.accounts.authenticate(credential).await?))
    }

    /// Refuses a credential that cannot work, by what it says itself and without a query. One that is
    /// not refused may still have ended.
    pub fn might_be(&self, credential: &str) -> ServiceResult<()> {
        if api_key::is_meant(credential) {
            return api_key::parse(credential).map(drop).ok_or(ServiceError::TokenInvalid);
        }
        self.accounts.read_token(credential).map(drop)
    }

    /// Whether the bearer's session has not ended since, or its key works still.
    pub async fn is_live(&self, bearer: Bearer) -> ServiceResult<bool> {
        match bearer {
            Bearer::Session(caller) => self.accounts.is_live(caller).await,
            Bearer::Key(holder) => self.keys.is_live(holder).await,
        }
    }

    /// Waits until the bearer's session has ended, or its key works no longer. While the store cannot
    /// say so, neither has.
    pub(super) async fn ended(&self, bearer: Bearer) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Ok(false) = self.is_live(bearer).await {
                return;
            }
        }
    }
}

/// Refuses a bearer who may not do what needs that scope.
pub fn check_scope(bearer: Bearer, scope: Scope) -> ServiceResult<()> {
    if bearer.may(scope) { Ok(()) } else { Err(ServiceError::ScopeMissing(scope)) }
}

/// The caller who is signed in; a key is refused, whatever its scopes: what keys and sessions there
/// are is not for a key to say.
pub fn signed_in(bearer: Bearer) -> ServiceResult<Caller> {
    match bearer {
        Bearer::Session(caller) => Ok(caller),
        Bearer::Key(_) => Err(ServiceError::AccessDenied),
    }
}
