//! Listing and ending an account's sessions. Every call checks that its session is still open, so a
//! session that is ended here is rejected from the next call on, in every process.

use super::Accounts;
use crate::{
    domain::{
        account::{ActiveSession, Caller},
        id::SessionId,
    },
    services::{Resource, ServiceError, ServiceResult, callers::live},
};

impl Accounts {
    /// Returns the open sessions of the caller's account, most recently used first.
    pub async fn sessions(&self, caller: Caller) -> ServiceResult<Vec<ActiveSession>> {
        live(self.store.sessions_of(caller, self.clock.now()).await?)
    }

    /// Ends a session of the caller's account.
    pub async fn end_session(&self, caller: Caller, id: SessionId) -> ServiceResult<()> {
        match self.store.live_session(id).await? {
            Some(owner) if owner != caller.user_id => Err(ServiceError::AccessDenied),
            Some(_) => Ok(self.store.end_session(id, self.clock.now()).await?),
            None => Err(ServiceError::NotFound(Resource::Session)),
        }
    }

    /// Ends all sessions of the account except the caller's own.
    pub async fn end_other_sessions(&self, caller: Caller) -> ServiceResult<()> {
        self.end_all_but(caller, Some(caller.session_id)).await
    }

    /// Ends the caller's session: its refresh token and access tokens stop working immediately.
    pub async fn logout(&self, caller: Caller) -> ServiceResult<()> {
        Ok(self.store.end_session(caller.session_id, self.clock.now()).await?)
    }

    /// Ends all sessions of the caller's account.
    pub async fn logout_everywhere(&self, caller: Caller) -> ServiceResult<()> {
        self.end_all_but(caller, None).await
    }

    async fn end_all_but(&self, caller: Caller, keep: Option<SessionId>) -> ServiceResult<()> {
        let now = self.store.now().await?;
        Ok(self.store.end_sessions(caller.user_id, keep, now).await?)
    }
}
