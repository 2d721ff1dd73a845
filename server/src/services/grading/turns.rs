//! Whose turn it is: a few answers of each account are graded at once, however many calls it makes
//! and however long they are, so that a large batch takes little from everybody else.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    domain::id::UserId,
    services::{ServiceError, ServiceResult},
};

/// Answers of one account that one process grades at once.
pub(super) const AT_ONCE: usize = 4;

/// Accounts above which those that have nothing to grade any more are forgotten.
const MANY: usize = 1000;

/// The turns of all accounts.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<Mutex<HashMap<i64, Weak<Semaphore>>>>);

impl Turns {
    /// Waits for a turn of that account; dropping it gives it back.
    pub(super) async fn of(&self, user_id: UserId) -> ServiceResult<OwnedSemaphorePermit> {
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
        // It lives as long as somebody has a turn or waits for one.
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
    async fn an_account_has_its_turns_and_takes_none_of_anothers() {
        let turns = Turns::default();
        let (ada, bob) = (UserId::new(1), UserId::new(2));
        let mut held = Vec::new();
        for _ in 0..AT_ONCE {
            held.push(turns.of(ada).await.unwrap());
        }
        assert!(turns.of(ada).now_or_never().is_none(), "it has had all of its turns");
        assert!(turns.of(bob).now_or_never().is_some());
        held.pop();
        assert!(turns.of(ada).now_or_never().is_some());
    }

    #[tokio::test]
    async fn accounts_with_nothing_to_grade_are_forgotten() {
        let turns = Turns::default();
        for id in 0..=i64::try_from(MANY).unwrap() {
            drop(turns.of(UserId::new(id)).await.unwrap());
        }
        assert!(turns.0.lock().unwrap().len() <= MANY);
    }
}
