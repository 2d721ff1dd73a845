//! Proving a password: who it belongs to, and in which form it was hashed.

use super::Accounts;
use crate::{
    auth::password::{Turn, is_weak},
    domain::{identity, origin::Origin},
    services::{ServiceError, ServiceResult},
    storage::accounts::Credentials,
};

/// In which form a password was proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProvenForm {
    /// In the form by which it is hashed today, or it has none.
    Normal,
    /// As it was typed, though it has another form.
    AsTyped,
}

impl Accounts {
    /// Keeps a better hash of a password that was just proven, where the one that is kept is weaker
    /// than today's, or of the password as it was typed and not in its form. Nothing depends on it, so a
    /// fault is no fault of the sign-in.
    pub(super) async fn hash_anew(
        &self,
        turn: &Turn,
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
        let kept = match turn.hash(password).await {
            Ok(better) => self.store.replace_hash(proven, better).await.map_err(|e| e.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match kept {
            Ok(true) => tracing::info!(user_id, "a password's hash is made as it is made today"),
            // Changed meanwhile, by its owner or by another sign-in.
            Ok(false) => {}
            Err(error) => tracing::warn!(error, user_id, "a weak password hash stays"),
        }
    }

    /// What the password of that name is checked against, if this is it. Each try is counted before
    /// anything is looked up, and a right one is given back: an unknown name, a wrong password and
    /// an account without one take the same way, in the same time.
    pub(super) async fn prove(
        &self,
        turn: &Turn,
        username: &str,
        password: &str,
        origin: Option<Origin>,
    ) -> ServiceResult<(Credentials, ProvenForm)> {
        let knock = self.doors.password(username, origin).await?;
        let known = self.store.credentials(username).await?;
        let hash = known.as_ref().map(|known| known.hashed_password.as_str());
        let matches = matches(turn, password, hash).await?;
        match (known, matches) {
            (Some(known), Some(form)) => {
                knock.give_back().await;
                Ok((known, form))
            }
            _ => Err(ServiceError::InvalidCredentials),
        }
    }
}

/// In which form the password is the one that was hashed, if it is. It is hashed in its form by RFC
/// 8265, and by versions before this one as it was typed. How often argon2 runs for a wrong one
/// depends on the password alone, so it tells nothing of the account.
async fn matches(
    turn: &Turn,
    password: &str,
    hash: Option<&str>,
) -> ServiceResult<Option<ProvenForm>> {
    let verify = async |text: &str| turn.verify(text, hash).await;
    let Ok(normal) = identity::password(password) else {
        return Ok(verify(password).await?.then_some(ProvenForm::Normal));
    };
    if verify(&normal).await? {
        return Ok(Some(ProvenForm::Normal));
    }
    let is_typed = normal != password && verify(password).await?;
    Ok(is_typed.then_some(ProvenForm::AsTyped))
}
