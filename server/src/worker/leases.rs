//! The leases of evaluations in progress, which are extended together, with one statement for all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::storage::queue::Claim;

/// The claims that this worker holds.
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
    /// Cancelled when another worker has claimed it.
    pub(super) lost: CancellationToken,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.leases.held().remove(&self.claim);
    }
}

impl Leases {
    /// Holds a claim that was just made.
    pub(super) fn hold(&self, claim: Claim) -> Hold {
        let lost = CancellationToken::new();
        let held = Held { prolonged_at: Instant::now(), lost: lost.clone() };
        self.held().insert(claim, held);
        Hold { leases: self.clone(), claim, lost }
    }

    /// Returns when the claim was last extended.
    pub(super) fn prolonged_at(&self, claim: Claim) -> Instant {
        self.held().get(&claim).map_or_else(Instant::now, |held| held.prolonged_at)
    }

    /// Returns the claims that were last extended at least `age` ago. They then count as extended
    /// now, so that no other task extends them too.
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

    /// Marks a claim as lost to another worker.
    pub(super) fn lose(&self, claim: Claim) {
        if let Some(held) = self.held().get(&claim) {
            held.lost.cancel();
        }
    }

    /// Locks the claims, ignoring poison: nothing panics while holding the lock.
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
    fn due_leases_are_extended_together_and_ended_ones_are_not_held() {
        let leases = Leases::default();
        let holds: Vec<_> = (0..64).map(|id| leases.hold(claim(id))).collect();
        let before = leases.prolonged_at(claim(7));
        assert!(leases.take_due(Duration::from_hours(1)).is_empty());
        assert_eq!(leases.take_due(Duration::ZERO).len(), 64, "one statement for all");
        assert!(leases.prolonged_at(claim(7)) > before, "no other task extends it too");
        leases.lose(claim(7));
        assert!(holds[7].lost.is_cancelled() && !holds[8].lost.is_cancelled());
        drop(holds);
        assert!(leases.take_due(Duration::ZERO).is_empty());
    }
}
