//! Concurrency limit of grading: only a few answers of an account are graded at once, however many
//! calls it makes, so that a large batch leaves room for other accounts.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    domain::id::UserId,
    services::{ServiceError, ServiceResult},
};

/// How many answers of an account one process grades at once.
pub(super) const AT_ONCE: usize = 4;

/// From this number of accounts on, those with nothing to grade are forgotten.
const MANY: usize = 1000;

/// The permits of all accounts.
#[derive(Clone, Default)]
pub(super) struct AccountPermits(Arc<Mutex<HashMap<i64, Weak<Semaphore>>>>);

impl AccountPermits {
    /// Waits for a permit of an account, which is released when dropped.
    pub(super) async fn acquire(&self, user_id: UserId) -> ServiceResult<OwnedSemaphorePermit> {
        self.account(user_id).acquire_owned().await.map_err(ServiceError::internal)
    }

    fn account(&self, user_id: UserId) -> Arc<Semaphore> {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = accounts.get(&user_id.get()).and_then(Weak::upgrade) {
            return known;
        }
        if accounts.len() >= MANY {
            accounts.retain(|_, account| account.strong_count() > 0);
        }
        // The semaphore lives as long as a permit is held or waited for.
        let new = Arc::new(Semaphore::new(AT_ONCE));
        accounts.insert(user_id.get(), Arc::downgrade(&new));
        new
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn an_account_has_its_own_permits() {
        let permits = AccountPermits::default();
        let (ada, bob) = (UserId::new(1), UserId::new(2));
        let mut held = Vec::new();
        for _ in 0..AT_ONCE {
            held.push(permits.acquire(ada).await.unwrap());
        }
        assert!(permits.acquire(ada).now_or_never().is_none(), "all its permits are taken");
        assert!(permits.acquire(bob).now_or_never().is_some());
        held.pop();
        assert!(permits.acquire(ada).now_or_never().is_some());
    }

    #[tokio::test]
    async fn accounts_with_nothing_to_grade_are_forgotten() {
        let permits = AccountPermits::default();
        for id in 0..=i64::try_from(MANY).unwrap() {
            drop(permits.acquire(UserId::new(id)).await.unwrap());
        }
        assert!(permits.0.lock().unwrap().len() <= MANY);
    }
}
