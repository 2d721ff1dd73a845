//! Proving a password: whose it is, and in which form it was hashed.

use super::Accounts;
use crate::{
    auth::password::{HashingPermit, is_weak},
    domain::{identity, origin::Origin},
    services::{ServiceError, ServiceResult, sign_in_limits::SignInAttempt},
    storage::accounts::Credentials,
};

/// The form in which a password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProvenForm {
    /// RFC 8265's form, in which passwords are hashed now; or as typed, if it has no such form.
    Normal,
    /// As typed, although it has a different form by RFC 8265.
    AsTyped,
}

impl Accounts {
    /// Stores a better hash of a password that was just proven, if the stored one is weaker than
    /// new ones or is of the password as typed. The sign-in succeeds even if this fails.
    pub(super) async fn rehash(
        &self,
        permit: &HashingPermit,
        proven: Credentials,
        password: &str,
        form: ProvenForm,
    ) {
        let is_stale = form == ProvenForm::AsTyped || is_weak(&proven.hashed_password);
        if !is_stale {
            return;
        }
        let user_id = proven.user_id.get();
        let normal = identity::password(password);
        let password = normal.as_deref().unwrap_or(password);
        let kept = match permit.hash(password).await {
            Ok(better) => self.store.replace_hash(proven, better).await.map_err(|e| e.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match kept {
            Ok(true) => tracing::info!(user_id, "a password hash was upgraded"),
            // It was changed meanwhile, by its owner or by another sign-in.
            Ok(false) => {}
            Err(error) => tracing::warn!(error, user_id, "a weak password hash was not upgraded"),
        }
    }

    /// Returns the credentials of the account if the password is right. Each try is counted before
    /// anything is looked up, and a right one is given back. An unknown name, a wrong password and
    /// an account without a password take the same path and the same time.
    pub(super) async fn prove(
        &self,
        permit: &HashingPermit,
        username: &str,
        password: &str,
        origin: Option<Origin>,
    ) -> ServiceResult<(Credentials, ProvenForm)> {
        let (known, form, attempt) = self.proven(permit, username, password, origin).await?;
        attempt.give_back().await;
        Ok((known, form))
    }

    /// Does the same, but returns the counted attempt instead of giving it back.
    pub(super) async fn proven(
        &self,
        permit: &HashingPermit,
        username: &str,
        password: &str,
        origin: Option<Origin>,
    ) -> ServiceResult<(Credentials, ProvenForm, SignInAttempt)> {
        let attempt = self.sign_in_limits.password(username, origin).await?;
        let known = self.store.credentials(username).await?;
        let hash = known.as_ref().map(|known| known.hashed_password.as_str());
        let matches = matches(permit, password, hash).await?;
        match (known, matches) {
            (Some(known), Some(form)) => Ok((known, form, attempt)),
            _ => Err(ServiceError::InvalidCredentials),
        }
    }
}

/// Returns the form in which the password matches the hash, if it does. Passwords are hashed in RFC
/// 8265's form; earlier versions hashed them as typed. How often argon2 runs for a wrong one
/// depends only on the password, so it reveals nothing about the account.
async fn matches(
    permit: &HashingPermit,
    password: &str,
    hash: Option<&str>,
) -> ServiceResult<Option<ProvenForm>> {
    let verify = async |text: &str| permit.verify(text, hash).await;
    let Ok(normal) = identity::password(password) else {
        return Ok(verify(password).await?.then_some(ProvenForm::Normal));
    };
    if verify(&normal).await? {
        return Ok(Some(ProvenForm::Normal));
    }
    let is_typed = normal != password && verify(password).await?;
    Ok(is_typed.then_some(ProvenForm::AsTyped))
}
