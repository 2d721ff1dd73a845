//! How often whoever comes from one place may knock: passwords, registrations, refresh tokens. The
//! budgets are the database's, so that all processes on it share them.
//!
//! There is no budget of an account over all origins. Who may use one up could lock its owner out,
//! and whoever guesses from many places pays in places: ten guesses for each, then one a minute.

use std::sync::Arc;

use crate::{
    auth::throttle,
    domain::{
        identity::username_key,
        origin::Origin,
        throttle::{DoorLimits, Rate},
    },
    services::{ServiceError, ServiceResult},
    storage::{
        Store,
        throttles::{ThrottleKey, Try},
    },
};

/// Counts who knocks. Whoever has no origin is inside this process and is not counted.
#[derive(Clone)]
pub(super) struct Doors {
    store: Arc<dyn Store>,
    limits: DoorLimits,
}

/// A knock that was counted, and whose wrong guess can be given back.
pub(super) struct Knock {
    store: Arc<dyn Store>,
    guesses: Vec<Try>,
}

impl Doors {
    pub(super) fn new(store: Arc<dyn Store>, limits: DoorLimits) -> Self {
        Self { store, limits }
    }

    /// A password is about to be tried for that name.
    pub(super) async fn password(
        &self,
        username: &str,
        origin: Option<Origin>,
    ) -> ServiceResult<Knock> {
        let Some(origin) = origin else { return self.take(Vec::new(), Vec::new()).await };
        let limits = &self.limits;
        // However it is spelt: each spelling is a guess at the same account.
        let username = &username_key(username);
        let counted = |key, rate: Option<Rate>| rate.map(|rate| Try { key, rate });
        let guesses = [
            counted(throttle::account(username, origin), limits.account),
            counted(throttle::guesses(origin), limits.origin),
        ];
        // What is hashed is hashed, whether the password was right or not.
        let spent = counted(throttle::sign_ins(username, origin), limits.sign_ins);
        self.take(guesses.into_iter().flatten().collect(), spent.into_iter().collect()).await
    }

    /// An account is about to be registered.
    pub(super) async fn registration(&self, origin: Option<Origin>) -> ServiceResult<()> {
        let tries = self.limits.registrations.zip(origin);
        let tries = tries.map(|(rate, origin)| Try { key: throttle::registrations(origin), rate });
        self.take(Vec::new(), tries.into_iter().collect()).await.map(drop)
    }

    /// A refresh token is about to be shown. Only one that does not work costs anything
    /// ([`Self::rubbish`]), so that those of honest clients need no second write.
    pub(super) async fn refresh(&self, origin: Option<Origin>) -> ServiceResult<()> {
        let Some(one) = self.refreshes(origin) else { return Ok(()) };
        let now = self.store.now().await?;
        match self.store.wait_for(&[one], now).await? {
            Some(wait) => Err(ServiceError::RateLimited(wait)),
            None => Ok(()),
        }
    }

    /// A refresh token that was shown does not work.
    pub(super) async fn rubbish(&self, origin: Option<Origin>) -> ServiceResult<()> {
        let Some(one) = self.refreshes(origin) else { return Ok(()) };
        // Many that are shown at once may find the last try taken; each has been refused anyway.
        self.store.take(vec![one], self.store.now().await?).await?;
        Ok(())
    }

    fn refreshes(&self, origin: Option<Origin>) -> Option<Try> {
        let key: ThrottleKey = throttle::refreshes(origin?);
        Some(Try { key, rate: self.limits.refreshes? })
    }

    /// Takes tries; the guesses among them can be given back.
    async fn take(&self, guesses: Vec<Try>, spent: Vec<Try>) -> ServiceResult<Knock> {
        let all: Vec<_> = guesses.iter().chain(&spent).copied().collect();
        if !all.is_empty() {
            // By the database's clock, which is one for all processes.
            let now = self.store.now().await?;
            if let Some(wait) = self.store.take(all, now).await? {
                return Err(ServiceError::RateLimited(wait));
            }
        }
        Ok(Knock { store: self.store.clone(), guesses })
    }
}

impl Knock {
    /// It was no wrong guess, so it costs nothing.
    pub(super) async fn give_back(self) {
        if let Err(error) = self.store.give_back(self.guesses).await {
            // Whoever knows the password is let in all the same; the try comes back in a minute.
            tracing::warn!(%error, "a try could not be given back");
        }
    }
}
