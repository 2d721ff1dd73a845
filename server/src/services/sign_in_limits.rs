//! Sign-in limits: how often one origin may try passwords, registrations and refresh tokens. The
//! budgets are in the database, so that all processes on it share them.
//!
//! An account has no budget over all origins, because anyone could use it up and lock the owner
//! out. An attacker with many addresses has ten guesses from each, then one a minute.

use std::sync::Arc;

use crate::{
    auth::throttle,
    domain::{
        identity::username_key,
        origin::Origin,
        throttle::{Rate, SignInRates},
    },
    services::{Limit, ServiceError, ServiceResult},
    storage::{
        Store,
        throttles::{LimitedAttempt, ThrottleKey},
    },
};

/// Counts attempts by origin. A caller without an origin is inside this process and is not counted.
#[derive(Clone)]
pub(super) struct SignInLimits {
    store: Arc<dyn Store>,
    limits: SignInRates,
}

/// A counted attempt, which can be given back if the password was right.
pub(super) struct SignInAttempt {
    store: Arc<dyn Store>,
    guesses: Vec<LimitedAttempt>,
}

impl SignInLimits {
    pub(super) fn new(store: Arc<dyn Store>, limits: SignInRates) -> Self {
        Self { store, limits }
    }

    /// Counts a password that is about to be tried for a name.
    pub(super) async fn password(
        &self,
        username: &str,
        origin: Option<Origin>,
    ) -> ServiceResult<SignInAttempt> {
        let Some(origin) = origin else {
            return self.take(Limit::Passwords, Vec::new(), Vec::new()).await;
        };
        let limits = &self.limits;
        // Every spelling of a name is a guess at the same account.
        let username = &username_key(username);
        let counted = |key, rate: Option<Rate>| rate.map(|rate| LimitedAttempt { key, rate });
        let guesses = [
            counted(throttle::account(username, origin), limits.account),
            counted(throttle::guesses(origin), limits.origin),
        ];
        // A hash costs the same whether the password was right or not.
        let spent = counted(throttle::sign_ins(username, origin), limits.sign_ins);
        let guesses = guesses.into_iter().flatten().collect();
        self.take(Limit::Passwords, guesses, spent.into_iter().collect()).await
    }

    /// Counts a registration that is about to be made.
    pub(super) async fn registration(&self, origin: Option<Origin>) -> ServiceResult<()> {
        let attempts = self.limits.registrations.zip(origin);
        let attempts = attempts
            .map(|(rate, origin)| LimitedAttempt { key: throttle::registrations(origin), rate });
        let attempts = attempts.into_iter().collect();
        self.take(Limit::Registrations, Vec::new(), attempts).await.map(drop)
    }

    /// Checks that a refresh token may be tried. Only a rejected one is counted
    /// ([`Self::rejected_token`]), so that honest clients cause no second write.
    pub(super) async fn refresh(&self, origin: Option<Origin>) -> ServiceResult<()> {
        let Some(one) = self.refreshes(origin) else { return Ok(()) };
        let now = self.store.now().await?;
        match self.store.wait_for(&[one], now).await? {
            Some(wait) => Err(ServiceError::RateLimited(Limit::RefreshTokens, wait)),
            None => Ok(()),
        }
    }

    /// Counts a refresh token that was rejected.
    pub(super) async fn rejected_token(&self, origin: Option<Origin>) -> ServiceResult<()> {
        let Some(one) = self.refreshes(origin) else { return Ok(()) };
        // Of many at once, some may find the budget empty; each has been rejected anyway.
        self.store.take(vec![one], self.store.now().await?).await?;
        Ok(())
    }

    fn refreshes(&self, origin: Option<Origin>) -> Option<LimitedAttempt> {
        let key: ThrottleKey = throttle::refreshes(origin?);
        Some(LimitedAttempt { key, rate: self.limits.refreshes? })
    }

    /// Takes attempts from their budgets; the guesses among them can be given back.
    async fn take(
        &self,
        limit: Limit,
        guesses: Vec<LimitedAttempt>,
        spent: Vec<LimitedAttempt>,
    ) -> ServiceResult<SignInAttempt> {
        let all: Vec<_> = guesses.iter().chain(&spent).copied().collect();
        if !all.is_empty() {
            // The database's clock is the same for all processes.
            let now = self.store.now().await?;
            if let Some(wait) = self.store.take(all, now).await? {
                return Err(ServiceError::RateLimited(limit, wait));
            }
        }
        Ok(SignInAttempt { store: self.store.clone(), guesses })
    }
}

impl SignInAttempt {
    /// Returns the attempts to give back in the transaction that opens the session.
    pub(super) fn guesses(self) -> Vec<LimitedAttempt> {
        self.guesses
    }

    /// Gives the attempts back, because the password was right.
    pub(super) async fn give_back(self) {
        if let Err(error) = self.store.give_back(self.guesses).await {
            // The password counts as right all the same; the attempt comes back in a minute.
            tracing::warn!(%error, "an attempt could not be given back");
        }
    }
}
