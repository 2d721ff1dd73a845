//! The leases of what is under way, prolonged together: one statement for all of them, however many
//! there are.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::storage::queue::Claim;

/// What this worker holds.
#[derive(Clone, Default)]
pub(super) struct Leases(Arc<Mutex<HashMap<Claim, Held>>>);

struct Held {
    prolonged_at: Instant,
    lost: CancellationToken,
}

/// A claim that is held until this is dropped.
pub(super) struct Hold {
    leases: Leases,
    claim: Claim,
    /// Cancelled when somebody else has claimed it.
    pub(super) lost: CancellationToken,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.leases.held().remove(&self.claim);
    }
}

impl Leases {
    /// Holds a claim that was just given.
    pub(super) fn hold(&self, claim: Claim) -> Hold {
        let lost = CancellationToken::new();
        let held = Held { prolonged_at: Instant::now(), lost: lost.clone() };
        self.held().insert(claim, held);
        Hold { leases: self.clone(), claim, lost }
    }

    /// When the claim was last prolonged.
    pub(super) fn prolonged_at(&self, claim: Claim) -> Instant {
        self.held().get(&claim).map_or_else(Instant::now, |held| held.prolonged_at)
    }

    /// The claims that were prolonged no later than so long ago. They count as prolonged now, so that
    /// nobody else does it as well.
    pub(super) fn take_due(&self, age: Duration) -> Vec<Claim> {
        let now = Instant::now();
        let mut due = Vec::new();
        for (claim, held) in self.held().iter_mut() {
            if now - held.prolonged_at >= age {
                held.prolonged_at = now;
                due.push(*claim);
            }
        }
        due
    }

    /// Somebody else has claimed it.
    pub(super) fn lose(&self, claim: Claim) {
        if let Some(held) = self.held().get(&claim) {
            held.lost.cancel();
        }
    }

    /// Nothing panics while it holds the lock.
    fn held(&self) -> MutexGuard<'_, HashMap<Claim, Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::AnswerId;

    fn claim(id: i64) -> Claim {
        Claim { answer_id: AnswerId::new(id), fence: 1 }
    }

    #[test]
    fn what_is_due_is_prolonged_together_and_what_has_ended_is_not_held() {
        let leases = Leases::default();
        let holds: Vec<_> = (0..64).map(|id| leases.hold(claim(id))).collect();
        let before = leases.prolonged_at(claim(7));
        assert!(leases.take_due(Duration::from_hours(1)).is_empty());
        assert_eq!(leases.take_due(Duration::ZERO).len(), 64, "one statement for all");
        assert!(leases.prolonged_at(claim(7)) > before, "nobody else does it as well");
        leases.lose(claim(7));
        assert!(holds[7].lost.is_cancelled() && !holds[8].lost.is_cancelled());
        drop(holds);
        assert!(leases.take_due(Duration::ZERO).is_empty());
    }
}
