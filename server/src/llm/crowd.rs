//! How many calls go out at once, and what a timeout says about that number. Many local model
//! servers handle one call at a time and make the others wait until they time out.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use super::learnt::MEMORY;

/// The number of simultaneous calls is divided by this when it was too high. Smaller steps would
/// use up the attempts of the calls that are waiting.
const SHARE: usize = 4;

/// The calls in progress.
pub(super) struct Crowd {
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
pub(super) struct Place<'a> {
    crowd: &'a Crowd,
    number: u64,
    began: Instant,
    /// How many were in progress when it began, including itself.
    beside: usize,
}

impl Crowd {
    pub(super) fn new(most: usize, patience: Duration) -> Self {
        Self { most: most.max(1), patience, state: Mutex::default(), changed: Notify::new() }
    }

    /// Waits for a free slot.
    pub(super) async fn place(&self) -> Place<'_> {
        loop {
            // Listen before checking, so that no change in between is missed.
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(place) = self.try_place(Instant::now()) {
                return place;
            }
            changed.await;
        }
    }

    fn try_place(&self, now: Instant) -> Option<Place<'_>> {
        let mut state = self.state();
        if state.under_way >= state.most(self.most, now) {
            return None;
        }
        state.begun += 1;
        state.under_way += 1;
        if state.under_way > 1 {
            state.crowded = state.begun;
        }
        Some(Place { crowd: self, number: state.begun, began: now, beside: state.under_way })
    }

    /// Records that a call has got a reply.
    pub(super) fn has_replied(&self) {
        self.state().hangs = false;
    }

    /// Records that the call in this slot has timed out. Returns whether the other calls may be the
    /// reason.
    pub(super) fn has_overrun(&self, place: &Place<'_>, now: Instant) -> bool {
        let mut state = self.state();
        if state.hangs {
            return false;
        }
        let was_beside_others = state.crowded >= place.number;
        if was_beside_others {
            let most = state.most(self.most, now);
            let peak = place.beside.max(state.under_way).min(self.most);
            let lowered = (peak / SHARE).max(1);
            if lowered < most {
                state.lowered = Some((lowered, now));
                tracing::warn!(calls = lowered, "the language model gets fewer calls at once");
            }
            state.busy_until = Some(now + self.patience);
            return true;
        }
        if state.busy_until.is_some_and(|until| place.began < until) {
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
        if self.lowered.is_some_and(|(_, since)| now.duration_since(since) >= MEMORY) {
            self.lowered = None;
        }
        self.lowered.map_or(allowed, |(lowered, _)| lowered)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.crowd.state().under_way -= 1;
        self.crowd.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_mins(1);

    fn crowd(most: usize) -> Crowd {
        Crowd::new(most, PATIENCE)
    }

    #[test]
    fn whoever_runs_out_of_time_beside_others_leaves_fewer_places() {
        let crowd = crowd(16);
        let now = Instant::now();
        let mut places: Vec<_> = (0..5).filter_map(|_| crowd.try_place(now)).collect();
        // The first of them gets its reply.
        drop(places.remove(0));
        for place in &places {
            assert!(crowd.has_overrun(place, now + PATIENCE));
        }
        drop(places);
        let alone = crowd.try_place(now).unwrap();
        assert!(crowd.try_place(now).is_none(), "one at a time");
        drop(alone);
    }

    #[test]
    fn the_last_of_several_was_not_alone_though_the_others_have_ended() {
        let crowd = crowd(16);
        let now = Instant::now();
        let (first, second) = (crowd.try_place(now).unwrap(), crowd.try_place(now).unwrap());
        drop(second);
        assert!(crowd.has_overrun(&first, now + PATIENCE));
    }

    #[test]
    fn alone_it_is_no_crowd_and_what_was_lowered_is_raised_again() {
        let crowd = crowd(2);
        let now = Instant::now();
        let places = (crowd.try_place(now).unwrap(), crowd.try_place(now).unwrap());
        assert!(crowd.has_overrun(&places.0, now) && crowd.has_overrun(&places.1, now));
        drop(places);
        let soon = crowd.try_place(now + PATIENCE / 2).unwrap();
        assert!(crowd.has_overrun(&soon, now + PATIENCE), "others may still be worked at");
        drop(soon);
        let late = crowd.try_place(now + PATIENCE * 2).unwrap();
        assert!(!crowd.has_overrun(&late, now + PATIENCE * 3));
        drop(late);
        let places = (crowd.try_place(now).unwrap(), crowd.try_place(now).unwrap());
        assert!(!crowd.has_overrun(&places.0, now), "it hangs, whatever their number");
        crowd.has_replied();
        assert!(crowd.has_overrun(&places.1, now));
    }

    #[test]
    fn after_an_hour_all_places_are_there_again() {
        let crowd = crowd(8);
        let now = Instant::now();
        let places: Vec<_> = (0..8).filter_map(|_| crowd.try_place(now)).collect();
        assert!(crowd.has_overrun(&places[7], now));
        drop(places);
        let free = |at| std::iter::from_fn(|| crowd.try_place(at)).collect::<Vec<_>>().len();
        assert_eq!(free(now + MEMORY * 9 / 10), 2);
        assert_eq!(free(now + MEMORY), 8);
    }

    #[tokio::test]
    async fn a_place_that_is_given_back_is_given_to_who_waits() {
        let crowd = crowd(1);
        let place = crowd.place().await;
        let (next, ()) = tokio::join!(crowd.place(), async { drop(place) });
        drop(next);
    }
}
