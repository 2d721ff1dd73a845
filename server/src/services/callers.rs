//! Authentication of callers. A credential is a session's access token or an API key.

use std::time::Duration;

use crate::{
    auth::api_key,
    domain::{
        account::Caller,
        api_key::{Bearer, Scope},
    },
    services::{Rejection, ServiceError, ServiceResult, accounts::Accounts, api_keys::ApiKeys},
    storage::calls::Checked,
};

/// How often the credential behind a stream is checked again: a stream ends at most this long after
/// its session or key.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Authenticates callers by their credentials.
#[derive(Clone)]
pub struct Callers {
    accounts: Accounts,
    keys: ApiKeys,
    /// Whether only the owner of this embedded server is served.
    is_owners_alone: bool,
}

impl Callers {
    /// Creates the use cases.
    pub fn new(accounts: Accounts, keys: ApiKeys) -> Self {
        Self { accounts, keys, is_owners_alone: false }
    }

    /// Returns the use cases, serving only the owner of an embedded server, or everyone.
    #[must_use]
    pub fn serving_the_owner_alone(self, is_owners_alone: bool) -> Self {
        Self { is_owners_alone, ..self }
    }

    /// Returns the bearer, if they are served here. Others may have an account, session or key from
    /// when the page still allowed registration.
    fn admitted(&self, bearer: Bearer) -> ServiceResult<Bearer> {
        let is_admitted = !self.is_owners_alone || self.accounts.is_owner(bearer.user_id());
        if is_admitted {
            Ok(bearer)
        } else {
            Err(ServiceError::TokenInvalid(Rejection::NotTheOwner))
        }
    }

    /// Returns the bearer of a credential, if it works.
    pub async fn authenticate(&self, credential: &str) -> ServiceResult<Bearer> {
        if api_key::is_meant(credential) {
            return self.admitted(Bearer::Key(self.keys.authenticate(credential).await?));
        }
        self.admitted(Bearer::Session(self.accounts.authenticate(credential).await?))
    }

    /// Returns the bearer that a credential names: a key is looked up, but whether a session is
    /// still open is not checked.
    pub async fn recognise(&self, credential: &str) -> ServiceResult<Bearer> {
        if api_key::is_meant(credential) {
            return self.admitted(Bearer::Key(self.keys.authenticate(credential).await?));
        }
        self.admitted(Bearer::Session(self.accounts.read_token(credential)?))
    }

    /// Refuses a credential that cannot work, judged by its content without a query. A credential
    /// that passes may still have ended.
    pub fn might_be(&self, credential: &str) -> ServiceResult<()> {
        if api_key::is_meant(credential) {
            let mistyped = ServiceError::TokenInvalid(Rejection::KeyMistyped);
            return api_key::parse(credential).map(drop).ok_or(mistyped);
        }
        self.accounts.read_token(credential).map(drop)
    }

    /// Whether the bearer's session is still open, or their key still works.
    pub async fn is_live(&self, bearer: Bearer) -> ServiceResult<bool> {
        match bearer {
            Bearer::Session(caller) => self.accounts.is_live(caller).await,
            Bearer::Key(holder) => self.keys.is_live(holder).await,
        }
    }

    /// Waits until the bearer's session has ended or their key no longer works. A store error
    /// counts as neither.
    pub(super) async fn ended(&self, bearer: Bearer) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Ok(false) = self.is_live(bearer).await {
                return;
            }
        }
    }
}

/// Returns what was found for a caller, if the session is open.
pub(super) fn live<T>(checked: Checked<T>) -> ServiceResult<T> {
    match checked {
        Checked::Live(found) => Ok(found),
        // A key was looked up before; only a session is checked together with the data.
        Checked::Ended => Err(ServiceError::TokenInvalid(Rejection::SessionEnded)),
    }
}

/// Refuses a bearer without this scope.
pub fn check_scope(bearer: Bearer, scope: Scope) -> ServiceResult<()> {
    if bearer.may(scope) { Ok(()) } else { Err(ServiceError::ScopeMissing(scope)) }
}

/// Returns the caller of a session. A key is refused, whatever its scopes: it must not manage keys
/// and sessions.
pub fn signed_in(bearer: Bearer) -> ServiceResult<Caller> {
    match bearer {
        Bearer::Session(caller) => Ok(caller),
        Bearer::Key(_) => Err(ServiceError::AccessDenied),
    }
}
