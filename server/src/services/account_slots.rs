//! Concurrency limits: how many long-running operations of a kind (watches, batches, exports) an
//! account may have open at once in this process. Short calls are counted by `grpc::limits`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    domain::id::UserId,
    services::{Limit, ServiceError, ServiceResult},
};

/// How long a caller that gets no slot is asked to wait; a guess, since no slot's end is known.
const ASK_AGAIN: Duration = Duration::from_secs(4);

/// The slots of all accounts for one kind of operation.
#[derive(Clone)]
pub(super) struct AccountSlots {
    most: usize,
    limit: Limit,
    taken: Taken,
}

/// How many slots each account has taken; accounts without any are absent.
type Taken = Arc<Mutex<HashMap<i64, usize>>>;

/// A slot of an account, released when dropped.
pub(super) struct AccountSlot {
    user_id: UserId,
    taken: Taken,
}

impl AccountSlots {
    /// Creates `most` slots for each account.
    pub(super) fn new(most: usize, limit: fn(usize) -> Limit) -> Self {
        Self { most, limit: limit(most), taken: Taken::default() }
    }

    /// Takes a slot of an account; `RATE_LIMITED` if all of them are taken.
    pub(super) fn take(&self, user_id: UserId) -> ServiceResult<AccountSlot> {
        let mut taken = lock(&self.taken);
        let count = taken.get(&user_id.get()).copied().unwrap_or(0);
        if count >= self.most {
            return Err(ServiceError::RateLimited(self.limit, ASK_AGAIN));
        }
        taken.insert(user_id.get(), count + 1);
        Ok(AccountSlot { user_id, taken: self.taken.clone() })
    }
}

impl Drop for AccountSlot {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        let id = self.user_id.get();
        match taken.get(&id).copied() {
            Some(count) if count > 1 => taken.insert(id, count - 1),
            _ => taken.remove(&id),
        };
    }
}

/// Locks the counts, ignoring poison: nothing panics while holding the lock.
fn lock(taken: &Taken) -> MutexGuard<'_, HashMap<i64, usize>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_its_own_slots() {
        let slots = AccountSlots::new(2, Limit::Watches);
        let (ada, bob) = (UserId::new(1), UserId::new(2));
        let held = (slots.take(ada).unwrap(), slots.take(ada).unwrap());
        assert!(matches!(slots.take(ada), Err(ServiceError::RateLimited(Limit::Watches(2), _))));
        assert!(slots.clone().take(ada).is_err(), "all clones count together");
        let bobs = slots.take(bob).unwrap();
        drop(held.0);
        let again = slots.take(ada).unwrap();
        assert!(slots.take(ada).is_err(), "one was released, not two");
        drop((held.1, again, bobs));
        assert!(lock(&slots.taken).is_empty(), "accounts with nothing open are forgotten");
    }
}
