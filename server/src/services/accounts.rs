//! Registering, signing in and out, knowing who calls, and leaving for good.

mod export;
mod proof;

use std::{sync::Arc, time::Duration};

use crate::{
    auth::{
        access_token::{AccessToken, AccessTokens, TokenFault},
        password::{HashingFigures, Passwords, Pause, Turn},
        refresh_token,
    },
    domain::{
        account::{Caller, Password, Registration, User},
        clock::{Clock, Timestamp},
        id::UserId,
        origin::Origin,
        throttle::DoorLimits,
    },
    services::{ServiceError, ServiceResult, callers::LOOK_EVERY, doors::Doors, places::Places},
    storage::{
        Store,
        accounts::{Credentials, NewRefreshToken, NewUser, Registered, Rotation},
    },
    telemetry,
};

/// The account that an embedded server's owner has, by name. It has no password.
const OWNER: &str = "owner";

/// How long after its first use a refresh token may be shown once more, because the reply was lost:
/// longer than a client waits for a reply, and too short for a stolen token to be of use by it.
const LOST_REPLY: Duration = Duration::from_secs(30);

/// Sessions that an account may have: more than anybody has machines and browsers, and few enough for
/// one who opens them for ever.
pub const MOST_SESSIONS: u32 = 100;

/// How often a step is taken again whose password hash was made anew meanwhile. That happens once to
/// an account, after its first sign-in with a newer version.
const PROOFS: usize = 2;

/// The accounts' use cases.
#[derive(Clone)]
pub struct Accounts {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    passwords: Passwords,
    tokens: Arc<AccessTokens>,
    refresh_lifetime: Duration,
    doors: Doors,
    /// Whether everybody may register.
    is_open: bool,
    exports: Places,
}

/// The tokens of a session that was just opened or renewed.
#[derive(Clone)]
pub struct SessionTokens {
    /// For the authorization metadata.
    pub access: AccessToken,
    /// Works once, to get the next tokens.
    pub refresh_token: String,
    /// When the refresh token stops working.
    pub refresh_expires_at: Timestamp,
}

impl Accounts {
    /// Puts the use cases together.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        passwords: Passwords,
        tokens: Arc<AccessTokens>,
        refresh_lifetime: Duration,
        limits: DoorLimits,
    ) -> Self {
        let doors = Doors::new(store.clone(), limits);
        let exports = Places::new(export::MOST_AT_ONCE);
        let is_open = true;
        Self { store, clock, passwords, tokens, refresh_lifetime, doors, is_open, exports }
    }

    /// The same where everybody may register, or nobody.
    #[must_use]
    pub fn registering(self, is_open: bool) -> Self {
        Self { is_open, ..self }
    }

    /// Creates an account for somebody at that origin.
    pub async fn register(
        &self,
        registration: Registration,
        origin: Option<Origin>,
    ) -> ServiceResult<User> {
        let turn = self.passwords.turn()?;
        self.doors.registration(origin).await?;
        if !self.is_open {
            return Err(ServiceError::RegistrationClosed);
        }
        let now = self.clock.now();
        let user = add_user(self.store.as_ref(), &turn, registration, now).await?;
        telemetry::caller_is(user.id);
        Ok(user)
    }

    /// Opens a session for whoever at that origin knows the password.
    pub async fn login(
        &self,
        username: &str,
        password: &str,
        origin: Option<Origin>,
    ) -> ServiceResult<SessionTokens> {
        let username = username.trim();
        let turn = self.passwords.turn()?;
        for _ in 0..PROOFS {
            let (proven, form) = self.prove(&turn, username, password, origin).await?;
            if let Some(tokens) = self.open_session(proven.clone(), MOST_SESSIONS).await? {
                self.hash_anew(&turn, proven, password, form).await;
                return Ok(tokens);
            }
        }
        Err(ServiceError::InvalidCredentials)
    }

    /// Exchanges a refresh token for new tokens. It works once: showing it again ends the session,
    /// unless that is soon and nobody has used what was given for it.
    pub async fn refresh(
        &self,
        refresh_token: &str,
        origin: Option<Origin>,
    ) -> ServiceResult<SessionTokens> {
        self.doors.refresh(origin).await?;
        // Several processes compare these times.
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
                tracing::warn!("a used refresh token was shown again; its session has ended");
                self.doors.rubbish(origin).await?;
                Err(ServiceError::SessionEnded)
            }
            Rotation::Refused => {
                self.doors.rubbish(origin).await?;
                Err(ServiceError::SessionEnded)
            }
        }
    }

    /// Ends the caller's session: its refresh token and its access tokens stop working at once.
    pub async fn logout(&self, caller: Caller) -> ServiceResult<()> {
        Ok(self.store.end_session(caller.session_id, self.clock.now()).await?)
    }

    /// Ends all sessions of the caller's account.
    pub async fn logout_everywhere(&self, caller: Caller) -> ServiceResult<()> {
        let now = self.store.now().await?;
        Ok(self.store.end_sessions(caller.user_id, None, now).await?)
    }

    /// Gives the caller's account another password, ends all its other sessions and, where that is
    /// asked for, revokes its API keys; gives how many of these work still. The present password is
    /// asked for, and counted, as at sign-in: a session alone is not enough.
    pub async fn change_password(
        &self,
        caller: Caller,
        current: &str,
        new: &Password,
        revoke_keys: bool,
        origin: Option<Origin>,
    ) -> ServiceResult<u32> {
        let username = self.me(caller.user_id).await?.username;
        let turn = self.passwords.turn()?;
        for _ in 0..PROOFS {
            let (proven, _) = self.prove(&turn, &username, current, origin).await?;
            let hashed = turn.hash(new.expose()).await?;
            let now = self.store.now().await?;
            let keep = caller.session_id;
            let changed = self.store.change_password(proven, hashed, keep, revoke_keys, now);
            if let Some(keys) = changed.await? {
                return Ok(keys);
            }
        }
        // Somebody else has changed it meanwhile.
        Err(ServiceError::InvalidCredentials)
    }

    /// Deletes the caller's account with all that hangs on it. The password is asked for as at
    /// sign-in; the owner of an embedded server has none and gives an empty one.
    pub async fn delete(
        &self,
        caller: Caller,
        password: &str,
        origin: Option<Origin>,
    ) -> ServiceResult<()> {
        let turn = self.passwords.turn()?;
        let username = self.me(caller.user_id).await?.username;
        for _ in 0..PROOFS {
            let proven = match self.store.credentials(&username).await? {
                Some(known) if known.hashed_password.is_empty() && password.is_empty() => known,
                _ => self.prove(&turn, &username, password, origin).await?.0,
            };
            if self.store.delete_account(proven).await? {
                return Ok(());
            }
        }
        Err(ServiceError::InvalidCredentials)
    }

    /// What hashing passwords has cost so far.
    pub fn hashing(&self) -> HashingFigures {
        self.passwords.figures()
    }

    /// How many more may come with a password now.
    pub fn turns_left(&self) -> usize {
        self.passwords.turns_left()
    }

    /// Holds up everybody who comes with a password until the pause is dropped.
    pub async fn pause_hashing(&self) -> ServiceResult<Pause> {
        Ok(self.passwords.pause().await?)
    }

    /// The account that a call is made for.
    pub async fn me(&self, user_id: UserId) -> ServiceResult<User> {
        // The account can only be gone if it was deleted after the credential was checked.
        self.store.user(user_id).await?.ok_or(ServiceError::TokenInvalid)
    }

    /// What the owner of an account should know about signing in; mostly nothing.
    pub async fn notice(&self, user: &User) -> ServiceResult<Option<String>> {
        if !self.store.shares_name(user.id).await? {
            return Ok(None);
        }
        Ok(Some(format!(
            "Another account has your name in another spelling. Sign in with exactly \u{201c}{}\u{201d}; \
             any other spelling is refused.",
            user.username
        )))
    }

    /// Who holds the access token, if its session lives.
    pub async fn authenticate(&self, token: &str) -> ServiceResult<Caller> {
        let caller = self.read_token(token)?;
        if self.is_live(caller).await? { Ok(caller) } else { Err(ServiceError::TokenInvalid) }
    }

    /// Whom the access token names, if it is one of ours and its time has not passed.
    pub fn read_token(&self, token: &str) -> ServiceResult<Caller> {
        self.tokens.verify(token, self.clock.now()).map_err(|fault| match fault {
            TokenFault::Expired => ServiceError::TokenExpired,
            TokenFault::Invalid => ServiceError::TokenInvalid,
        })
    }

    /// Whether the caller's session has not ended since.
    pub async fn is_live(&self, caller: Caller) -> ServiceResult<bool> {
        Ok(self.store.live_session(caller.session_id).await? == Some(caller.user_id))
    }

    /// Waits until the caller's session has ended. While the store cannot say so, it has not.
    async fn ended(&self, caller: Caller) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Ok(false) = self.is_live(caller).await {
                return;
            }
        }
    }

    /// Opens a session for the owner of an embedded server, whose account is made when it is not
    /// there. Only code inside the process can call this.
    pub async fn open_owner_session(&self) -> ServiceResult<SessionTokens> {
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
            Registered::UsernameTaken | Registered::EmailTaken => self.owner().await?,
        };
        // Each program of the owner's opens one, however many run.
        let opened = self.open_session(owner, u32::MAX).await?;
        opened.ok_or_else(|| ServiceError::internal("the owner's account has a password"))
    }

    /// Forgets the sessions that nobody can go on with, and the budgets of tries that are full.
    pub async fn forget_old(&self) -> ServiceResult<()> {
        self.store.forget_old_sessions(self.clock.now()).await?;
        self.store.forget_full(self.store.now().await?).await?;
        Ok(())
    }

    async fn owner(&self) -> ServiceResult<Credentials> {
        match self.store.credentials(OWNER).await? {
            Some(known) if known.hashed_password.is_empty() => Ok(known),
            _ => Err(ServiceError::internal(
                "the name or address of the owner's account belongs to another account",
            )),
        }
    }

    /// None: between the check of the password and now its hash was changed, or the account deleted.
    async fn open_session(
        &self,
        proven: Credentials,
        most: u32,
    ) -> ServiceResult<Option<SessionTokens>> {
        let user_id = proven.user_id;
        let now = self.store.now().await?;
        let token = refresh_token::generate();
        let expires_at = now.after(self.refresh_lifetime);
        let kept = NewRefreshToken { hash: token.hash, expires_at };
        let Some(session_id) = self.store.open_session(proven, kept, now, most).await? else {
            return Ok(None);
        };
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

/// Keeps a new account.
pub async fn add_user(
    store: &dyn Store,
    turn: &Turn,
    registration: Registration,
    now: Timestamp,
) -> ServiceResult<User> {
    let password = registration.password.expose();
    let user = NewUser {
        username: registration.username.as_str().to_owned(),
        email: registration.email.as_str().to_owned(),
        hashed_password: turn.hash(password).await?,
        created_at: now,
    };
    match store.create_user(user).await? {
        Registered::User(user) => Ok(user),
        Registered::UsernameTaken => Err(ServiceError::UsernameTaken),
        Registered::EmailTaken => Err(ServiceError::EmailTaken),
    }
}

#[cfg(test)]
mod tests;
