//! The owner of an embedded server, who needs no password and whose account is the only one served.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use super::{Accounts, SessionTokens};
use crate::{
    domain::{client_label::ClientLabel, id::UserId},
    services::{ServiceError, ServiceResult},
    storage::accounts::{Credentials, NewUser, Registered},
};

/// The name of the owner's account, which has no password.
const OWNER: &str = "owner";

/// The id of the owner's account; 0, which no account has, until it is known. Clones share it.
#[derive(Clone, Default)]
pub(super) struct KnownOwner(Arc<AtomicI64>);

impl KnownOwner {
    fn learn(&self, owner: UserId) {
        self.0.store(owner.get(), Ordering::Relaxed);
    }
}

impl Accounts {
    /// Opens a session for the owner, creating the account if needed. Only code inside the process
    /// can call this.
    pub async fn open_owner_session(&self) -> ServiceResult<SessionTokens> {
        self.open_owner_session_from(ClientLabel::default()).await
    }

    /// Does the same, with a label for the client.
    pub async fn open_owner_session_from(
        &self,
        client: ClientLabel,
    ) -> ServiceResult<SessionTokens> {
        let owner = NewUser {
            username: OWNER.to_owned(),
            email: "owner@localhost".to_owned(),
            hashed_password: String::new(),
            created_at: self.clock.now(),
        };
        let owner = match self.store.create_user(owner).await? {
            Registered::User(user) => {
                Credentials { user_id: user.id, hashed_password: String::new() }
            }
            Registered::UsernameTaken | Registered::EmailTaken => {
                self.find_owner().await?.ok_or_else(|| {
                    ServiceError::internal(
                        "the name or address of the owner's account belongs to another account",
                    )
                })?
            }
        };
        self.owner.learn(owner.user_id);
        // Without a limit, since each program that the owner runs opens one.
        let opened = self.open_session(owner, u32::MAX, Vec::new(), client).await?;
        opened.ok_or_else(|| ServiceError::internal("the owner's account has a password"))
    }

    /// Looks up the owner's account, so that sessions and keys from before this start are accepted.
    pub async fn look_up_owner(&self) -> ServiceResult<()> {
        if let Some(owner) = self.find_owner().await? {
            self.owner.learn(owner.user_id);
        }
        Ok(())
    }

    /// Whether this is the owner's account.
    pub(in crate::services) fn is_owner(&self, user: UserId) -> bool {
        self.owner.0.load(Ordering::Relaxed) == user.get()
    }

    async fn find_owner(&self) -> ServiceResult<Option<Credentials>> {
        let known = self.store.credentials(OWNER).await?;
        Ok(known.filter(|known| known.hashed_password.is_empty()))
    }
}
