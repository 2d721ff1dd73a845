//! Registration, signing in and out, authentication of callers, and deletion of accounts.

mod export;
mod owner;
mod password_check;
mod registration;
mod sessions;

use std::{sync::Arc, time::Duration};

use crate::{
    auth::{
        access_token::{AccessToken, AccessTokens, TokenFault},
        password::{HashingFigures, Passwords, Pause},
        refresh_token,
    },
    domain::{
        account::{Caller, Password, Registration, User},
        api_key::Bearer,
        client_label::ClientLabel,
        clock::{Clock, Timestamp},
        id::UserId,
        origin::Origin,
        throttle::SignInRates,
    },
    memory::calendar::Zone,
    services::{
        Limit, Rejection, ServiceError, ServiceResult,
        account_slots::AccountSlots,
        callers::{LOOK_EVERY, live},
        sign_in_limits::SignInLimits,
    },
    storage::{
        Store,
        accounts::{Credentials, NewRefreshToken, Rotation},
        calls::OwnAccount,
        throttles::LimitedAttempt,
    },
    telemetry,
};

pub use registration::add_user;

/// How long after its first use a refresh token may be used again, in case the reply was lost:
/// longer than a client waits for a reply, and too short to be of use to a thief.
const LOST_REPLY: Duration = Duration::from_secs(30);

/// The most sessions of an account: more than a person has devices and browsers, and few enough if
/// a client signs in without end.
pub const MOST_SESSIONS: u32 = 100;

/// How often a step that proves a password is tried, because the hash may be upgraded meanwhile.
/// That happens once to an account, at its first sign-in with a newer version.
const PROOFS: usize = 2;

/// The accounts' use cases.
#[derive(Clone)]
pub struct Accounts {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    passwords: Passwords,
    tokens: Arc<AccessTokens>,
    refresh_lifetime: Duration,
    sign_in_limits: SignInLimits,
    /// Whether anyone may register.
    is_open: bool,
    exports: AccountSlots,
    owner: owner::KnownOwner,
}

/// The tokens of a session that was just opened or renewed.
#[derive(Clone)]
pub struct SessionTokens {
    /// The access token, for the `authorization` metadata.
    pub access: AccessToken,
    /// Gets the next tokens; works once.
    pub refresh_token: String,
    /// When the refresh token stops working.
    pub refresh_expires_at: Timestamp,
}

/// The account that a call is made for.
#[derive(Debug, Clone)]
pub struct Me {
    /// The account.
    pub user: User,
    /// What its owner should know about signing in, if anything.
    pub notice: Option<String>,
}

impl Accounts {
    /// Creates the use cases.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        passwords: Passwords,
        tokens: Arc<AccessTokens>,
        refresh_lifetime: Duration,
        limits: SignInRates,
    ) -> Self {
        let sign_in_limits = SignInLimits::new(store.clone(), limits);
        let exports = AccountSlots::new(export::MOST_AT_ONCE, Limit::AccountExports);
        let is_open = true;
        let owner = owner::KnownOwner::default();
        Self {
            store,
            clock,
            passwords,
            tokens,
            refresh_lifetime,
            sign_in_limits,
            is_open,
            exports,
            owner,
        }
    }

    /// Returns the use cases with registration open to anyone or closed.
    #[must_use]
    pub fn registering(self, is_open: bool) -> Self {
        Self { is_open, ..self }
    }

    /// Creates an account; the registration counts against the origin.
    pub async fn register(
        &self,
        registration: Registration,
        origin: Option<Origin>,
    ) -> ServiceResult<User> {
        let permit = self.passwords.permit()?;
        self.sign_in_limits.registration(origin).await?;
        if !self.is_open {
            return Err(ServiceError::RegistrationClosed);
        }
        let now = self.clock.now();
        let user = add_user(self.store.as_ref(), &permit, registration, now).await?;
        telemetry::caller_is(user.id);
        Ok(user)
    }

    /// Opens a session for a client if the password is right. Failures count against the origin.
    pub async fn login(
        &self,
        username: &str,
        password: &str,
        origin: Option<Origin>,
        client: ClientLabel,
    ) -> ServiceResult<SessionTokens> {
        let username = username.trim();
        let permit = self.passwords.permit()?;
        for _ in 0..PROOFS {
            let (proven, form, attempt) = self.proven(&permit, username, password, origin).await?;
            let back = attempt.guesses();
            let opened = self.open_session(proven.clone(), MOST_SESSIONS, back, client.clone());
            if let Some(tokens) = opened.await? {
                self.rehash(&permit, proven, password, form).await;
                return Ok(tokens);
            }
        }
        Err(ServiceError::InvalidCredentials)
    }

    /// Exchanges a refresh token for new tokens. It works once: using it again ends the session,
    /// unless that happens within 30 seconds and its successor is still unused.
    pub async fn refresh(
        &self,
        refresh_token: &str,
        origin: Option<Origin>,
    ) -> ServiceResult<SessionTokens> {
        self.sign_in_limits.refresh(origin).await?;
        // From the database's clock, since several processes compare these times.
        let now = self.store.now().await?;
        let next = refresh_token::generate();
        let expires_at = now.after(self.refresh_lifetime);
        let kept = NewRefreshToken { hash: next.hash, expires_at };
        let shown = refresh_token::hash(refresh_token);
        match self.store.rotate_refresh_token(shown, kept, now, LOST_REPLY).await? {
            Rotation::Rotated(session) => {
                let caller = Caller { user_id: session.user_id, session_id: session.id };
                self.tokens(caller, next.secret, expires_at)
            }
            Rotation::Reused => {
                tracing::warn!("a refresh token was used again; its session has ended");
                self.sign_in_limits.rejected_token(origin).await?;
                Err(ServiceError::SessionEnded)
            }
            Rotation::Refused => {
                self.sign_in_limits.rejected_token(origin).await?;
                Err(ServiceError::SessionEnded)
            }
        }
    }

    /// Changes the password of the caller's account, ends all its other sessions and, if
    /// `revoke_keys`, revokes its API keys; returns how many keys still work. The current password
    /// is required, and counted, as at sign-in: a session alone is not enough.
    pub async fn change_password(
        &self,
        caller: Caller,
        current: &str,
        new: &Password,
        revoke_keys: bool,
        origin: Option<Origin>,
    ) -> ServiceResult<u32> {
        let username = self.account(caller.user_id).await?.username;
        let permit = self.passwords.permit()?;
        for _ in 0..PROOFS {
            let (proven, _) = self.prove(&permit, &username, current, origin).await?;
            let hashed = permit.hash(new.expose()).await?;
            let now = self.store.now().await?;
            let keep = caller.session_id;
            let changed = self.store.change_password(proven, hashed, keep, revoke_keys, now);
            if let Some(keys) = changed.await? {
                return Ok(keys);
            }
        }
        // It was changed by another call meanwhile.
        Err(ServiceError::InvalidCredentials)
    }

    /// Deletes the caller's account and all its data. The password is required as at sign-in; the
    /// owner of an embedded server has none and sends an empty one.
    pub async fn delete(
        &self,
        caller: Caller,
        password: &str,
        origin: Option<Origin>,
    ) -> ServiceResult<()> {
        let permit = self.passwords.permit()?;
        let username = self.account(caller.user_id).await?.username;
        for _ in 0..PROOFS {
            let proven = match self.store.credentials(&username).await? {
                Some(known) if known.hashed_password.is_empty() && password.is_empty() => known,
                _ => self.prove(&permit, &username, password, origin).await?.0,
            };
            if self.store.delete_account(proven).await? {
                return Ok(());
            }
        }
        Err(ServiceError::InvalidCredentials)
    }

    /// Returns how much password hashing was done so far.
    pub fn hashing(&self) -> HashingFigures {
        self.passwords.figures()
    }

    /// Returns how many more calls with a password can be accepted now.
    pub fn permits_left(&self) -> usize {
        self.passwords.permits_left()
    }

    /// Makes all calls with a password wait until the pause is dropped.
    pub async fn pause_hashing(&self) -> ServiceResult<Pause> {
        Ok(self.passwords.pause().await?)
    }

    /// Returns the caller's account, if the session or key still works.
    pub async fn me(&self, caller: Bearer) -> ServiceResult<Me> {
        let found = live(self.store.account_of(caller).await?)?;
        let OwnAccount { user, shares_name } = found.ok_or(ServiceError::ended(caller))?;
        let notice = shares_name.then(|| {
            format!(
                "Another account has your name in another spelling. Sign in with exactly \
                 \u{201c}{}\u{201d}; any other spelling is refused.",
                user.username
            )
        });
        Ok(Me { user, notice })
    }

    /// Changes the time zone of the caller's account.
    pub async fn set_time_zone(&self, caller: Caller, zone: &Zone) -> ServiceResult<User> {
        let user = self.store.set_time_zone(caller.user_id, zone.name().to_owned()).await?;
        user.ok_or(ServiceError::TokenInvalid(Rejection::SessionEnded))
    }

    /// Returns the account of an authenticated caller.
    async fn account(&self, user_id: UserId) -> ServiceResult<User> {
        // The account can only be gone if it was deleted after the credential was checked.
        let ended = ServiceError::TokenInvalid(Rejection::SessionEnded);
        self.store.user(user_id).await?.ok_or(ended)
    }

    /// Returns the caller with this access token, if its session is open.
    pub async fn authenticate(&self, token: &str) -> ServiceResult<Caller> {
        let caller = self.read_token(token)?;
        if self.is_live(caller).await? {
            Ok(caller)
        } else {
            Err(ServiceError::TokenInvalid(Rejection::SessionEnded))
        }
    }

    /// Returns the caller that an access token names, if it is this server's and not expired.
    pub fn read_token(&self, token: &str) -> ServiceResult<Caller> {
        self.tokens.verify(token, self.clock.now()).map_err(|fault| match fault {
            TokenFault::Expired => ServiceError::TokenExpired,
            TokenFault::Invalid => ServiceError::TokenInvalid(Rejection::Malformed),
        })
    }

    /// Whether the caller's session is still open.
    pub async fn is_live(&self, caller: Caller) -> ServiceResult<bool> {
        Ok(self.store.live_session(caller.session_id).await? == Some(caller.user_id))
    }

    /// Waits until the caller's session has ended. A store error does not count as an end.
    async fn ended(&self, caller: Caller) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Ok(false) = self.is_live(caller).await {
                return;
            }
        }
    }

    /// Deletes sessions that can no longer be continued, and budgets of attempts that are full.
    pub async fn forget_old(&self) -> ServiceResult<()> {
        self.store.forget_old_sessions(self.clock.now()).await?;
        self.store.forget_full(self.store.now().await?).await?;
        Ok(())
    }

    /// Opens a session; `None` if the hash was changed or the account deleted since the password
    /// was checked.
    async fn open_session(
        &self,
        proven: Credentials,
        most: u32,
        back: Vec<LimitedAttempt>,
        client: ClientLabel,
    ) -> ServiceResult<Option<SessionTokens>> {
        let user_id = proven.user_id;
        let now = self.store.now().await?;
        let token = refresh_token::generate();
        let expires_at = now.after(self.refresh_lifetime);
        let kept = NewRefreshToken { hash: token.hash, expires_at };
        let opened = self.store.sign_in(proven, kept, now, most, back, client).await?;
        let Some(session_id) = opened else { return Ok(None) };
        self.tokens(Caller { user_id, session_id }, token.secret, expires_at).map(Some)
    }

    fn tokens(
        &self,
        caller: Caller,
        refresh_token: String,
        refresh_expires_at: Timestamp,
    ) -> ServiceResult<SessionTokens> {
        telemetry::caller_is(caller.user_id);
        let access = self.tokens.sign(caller, self.clock.now()).map_err(ServiceError::internal)?;
        Ok(SessionTokens { access, refresh_token, refresh_expires_at })
    }
}

#[cfg(test)]
mod tests;
