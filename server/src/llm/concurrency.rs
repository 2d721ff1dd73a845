//! How many calls go out at once, and what a timeout says about that number. Many local model
//! servers handle one call at a time and make the others wait until they time out.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use super::known_capabilities::TRUSTED_FOR;

/// The number of simultaneous calls is divided by this when it was too high. Smaller steps would
/// use up the attempts of the calls that are waiting.
const SHARE: usize = 4;

/// The calls in progress.
pub(super) struct ConcurrencyLimit {
    most: usize,
    /// The longest that a call may take.
    patience: Duration,
    state: Mutex<State>,
    /// Notified when there may be a free slot.
    changed: Notify,
}

#[derive(Default)]
struct State {
    under_way: usize,
    /// How many have begun; this numbers the calls.
    begun: u64,
    /// The newest call that had another in progress with it.
    crowded: u64,
    /// A limit lower than the configured one, and since when.
    lowered: Option<(usize, Instant)>,
    /// Until when the endpoint may still be working on calls that were given up.
    busy_until: Option<Instant>,
    /// Whether a call that was alone has timed out, and no call has got a reply since.
    hangs: bool,
}

/// A call's slot, released when dropped.
pub(super) struct Slot<'a> {
    limit: &'a ConcurrencyLimit,
    number: u64,
    began: Instant,
    /// How many were in progress when it began, including itself.
    beside: usize,
}

impl ConcurrencyLimit {
    pub(super) fn new(most: usize, patience: Duration) -> Self {
        Self { most: most.max(1), patience, state: Mutex::default(), changed: Notify::new() }
    }

    /// Waits for a free slot.
    pub(super) async fn acquire(&self) -> Slot<'_> {
        loop {
            // Listen before checking, so that no change in between is missed.
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(slot) = self.try_acquire(Instant::now()) {
                return slot;
            }
            changed.await;
        }
    }

    fn try_acquire(&self, now: Instant) -> Option<Slot<'_>> {
        let mut state = self.state();
        if state.under_way >= state.most(self.most, now) {
            return None;
        }
        state.begun += 1;
        state.under_way += 1;
        if state.under_way > 1 {
            state.crowded = state.begun;
        }
        Some(Slot { limit: self, number: state.begun, began: now, beside: state.under_way })
    }

    /// Records that a call has got a reply.
    pub(super) fn has_replied(&self) {
        self.state().hangs = false;
    }

    /// Records that the call in this slot has timed out. Returns whether the other calls may be the
    /// reason.
    pub(super) fn has_overrun(&self, slot: &Slot<'_>, now: Instant) -> bool {
        let mut state = self.state();
        if state.hangs {
            return false;
        }
        let was_beside_others = state.crowded >= slot.number;
        if was_beside_others {
            let most = state.most(self.most, now);
            let peak = slot.beside.max(state.under_way).min(self.most);
            let lowered = (peak / SHARE).max(1);
            if lowered < most {
                state.lowered = Some((lowered, now));
                tracing::warn!(calls = lowered, "the language model gets fewer calls at once");
            }
            // The endpoint may not notice that a call was given up, and then works on each in turn.
            let until = state.busy_until.map_or(now, |until| until.max(now));
            state.busy_until = Some(until + self.patience);
            return true;
        }
        if state.busy_until.is_some_and(|until| slot.began < until) {
            return true;
        }
        // It is just as slow alone, so the number of calls was not the reason.
        state.lowered = None;
        state.hangs = true;
        drop(state);
        self.changed.notify_waiters();
        false
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How many calls may be in progress now.
    fn most(&mut self, allowed: usize, now: Instant) -> usize {
        if self.lowered.is_some_and(|(_, since)| now.duration_since(since) >= TRUSTED_FOR) {
            self.lowered = None;
        }
        self.lowered.map_or(allowed, |(lowered, _)| lowered)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.limit.state().under_way -= 1;
        self.limit.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_mins(1);

    fn limit(most: usize) -> ConcurrencyLimit {
        ConcurrencyLimit::new(most, PATIENCE)
    }

    #[test]
    fn a_timeout_beside_other_calls_lowers_the_limit() {
        let limit = limit(16);
        let now = Instant::now();
        let mut places: Vec<_> = (0..5).filter_map(|_| limit.try_acquire(now)).collect();
        // The first of them gets its reply.
        drop(places.remove(0));
        for slot in &places {
            assert!(limit.has_overrun(slot, now + PATIENCE));
        }
        drop(places);
        let alone = limit.try_acquire(now).unwrap();
        assert!(limit.try_acquire(now).is_none(), "one at a time");
        drop(alone);
    }

    #[test]
    fn the_last_of_several_calls_was_not_alone_though_the_others_have_ended() {
        let limit = limit(16);
        let now = Instant::now();
        let (first, second) = (limit.try_acquire(now).unwrap(), limit.try_acquire(now).unwrap());
        drop(second);
        assert!(limit.has_overrun(&first, now + PATIENCE));
    }

    #[test]
    fn a_timeout_of_a_call_alone_raises_the_limit_again() {
        let limit = limit(2);
        let now = Instant::now();
        let places = (limit.try_acquire(now).unwrap(), limit.try_acquire(now).unwrap());
        assert!(limit.has_overrun(&places.0, now) && limit.has_overrun(&places.1, now));
        drop(places);
        let soon = limit.try_acquire(now + PATIENCE / 2).unwrap();
        assert!(
            limit.has_overrun(&soon, now + PATIENCE),
            "the endpoint may still be working on others"
        );
        drop(soon);
        let late = limit.try_acquire(now + PATIENCE * 2).unwrap();
        assert!(!limit.has_overrun(&late, now + PATIENCE * 3));
        drop(late);
        let places = (limit.try_acquire(now).unwrap(), limit.try_acquire(now).unwrap());
        assert!(!limit.has_overrun(&places.0, now), "it hangs, whatever their number");
        limit.has_replied();
        assert!(limit.has_overrun(&places.1, now));
    }

    #[test]
    fn each_call_that_was_given_up_may_keep_the_endpoint_busy() {
        let limit = limit(16);
        let now = Instant::now();
        let slots: Vec<_> = (0..3).filter_map(|_| limit.try_acquire(now)).collect();
        for slot in &slots {
            assert!(limit.has_overrun(slot, now + PATIENCE));
        }
        drop(slots);
        for turn in 1..4 {
            let alone = limit.try_acquire(now + PATIENCE * turn).unwrap();
            assert!(limit.has_overrun(&alone, now + PATIENCE * (turn + 1)), "{turn}");
        }
        let late = limit.try_acquire(now + PATIENCE * 4).unwrap();
        assert!(!limit.has_overrun(&late, now + PATIENCE * 5));
    }

    #[test]
    fn after_an_hour_all_slots_are_available_again() {
        let limit = limit(8);
        let now = Instant::now();
        let places: Vec<_> = (0..8).filter_map(|_| limit.try_acquire(now)).collect();
        assert!(limit.has_overrun(&places[7], now));
        drop(places);
        let free = |at| std::iter::from_fn(|| limit.try_acquire(at)).collect::<Vec<_>>().len();
        assert_eq!(free(now + TRUSTED_FOR * 9 / 10), 2);
        assert_eq!(free(now + TRUSTED_FOR), 8);
    }

    #[tokio::test]
    async fn a_released_slot_goes_to_a_waiting_call() {
        let limit = limit(1);
        let slot = limit.acquire().await;
        let (next, ()) = tokio::join!(limit.acquire(), async { drop(slot) });
        drop(next);
    }
}
