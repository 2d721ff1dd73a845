//! Places: how many of something an account may have open at once in this process. Calls that end
//! soon are counted by `grpc::limits`; what stays open is counted here.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    domain::id::UserId,
    services::{ServiceError, ServiceResult},
};

/// When somebody without a place may ask again. Nobody knows when one will be free.
const ASK_AGAIN: Duration = Duration::from_secs(4);

/// The places of all accounts for one kind of thing.
#[derive(Clone)]
pub(super) struct Places {
    most: usize,
    taken: Taken,
}

/// By account, how many it has; an account that has none is not in it.
type Taken = Arc<Mutex<HashMap<i64, usize>>>;

/// A place of an account. Dropping it gives it back.
pub(super) struct Place {
    user_id: UserId,
    taken: Taken,
}

impl Places {
    /// That many for each account.
    pub(super) fn new(most: usize) -> Self {
        Self { most, taken: Taken::default() }
    }

    /// A place of that account; it is told to come back where all of its places are taken.
    pub(super) fn take(&self, user_id: UserId) -> ServiceResult<Place> {
        let mut taken = lock(&self.taken);
        let count = taken.get(&user_id.get()).copied().unwrap_or(0);
        if count >= self.most {
            return Err(ServiceError::RateLimited(ASK_AGAIN));
        }
        taken.insert(user_id.get(), count + 1);
        Ok(Place { user_id, taken: self.taken.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        let id = self.user_id.get();
        match taken.get(&id).copied() {
            Some(count) if count > 1 => taken.insert(id, count - 1),
            _ => taken.remove(&id),
        };
    }
}

/// Nothing panics while it holds the lock, and a count is whole at any time.
fn lock(taken: &Taken) -> MutexGuard<'_, HashMap<i64, usize>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_its_places_and_takes_none_of_anothers() {
        let places = Places::new(2);
        let (ada, bob) = (UserId::new(1), UserId::new(2));
        let held = (places.take(ada).unwrap(), places.take(ada).unwrap());
        assert!(matches!(places.take(ada), Err(ServiceError::RateLimited(_))));
        assert!(places.clone().take(ada).is_err(), "all clones count together");
        let bobs = places.take(bob).unwrap();
        drop(held.0);
        let again = places.take(ada).unwrap();
        assert!(places.take(ada).is_err(), "one was given back, not two");
        drop((held.1, again, bobs));
        assert!(lock(&places.taken).is_empty(), "who has nothing open is forgotten");
    }
}
