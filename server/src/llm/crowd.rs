//! How many calls go out at once, and what a call that runs out of time says about that. Many servers of
//! local models work one call at a time and let the others wait, until those run out of time.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use super::learnt::MEMORY;

/// What is left of the calls at once where they were too many. Steps any smaller would use up the
/// attempts of those that wait.
const SHARE: usize = 4;

/// The calls that are under way.
pub(super) struct Crowd {
    most: usize,
    /// The longest that a call takes.
    patience: Duration,
    state: Mutex<State>,
    /// Told when there may be a place.
    changed: Notify,
}

#[derive(Default)]
struct State {
    under_way: usize,
    /// How many have begun, by which each is told from those before it.
    begun: u64,
    /// The newest that had another beside it: it, and all that were under way with it.
    crowded: u64,
    /// Fewer than are allowed, and since when.
    lowered: Option<(usize, Instant)>,
    /// Until when the endpoint may be at work on calls that were given up.
    busy_until: Option<Instant>,
    /// Whether a call that was alone has run out of time, and none has brought a reply since.
    hangs: bool,
}

/// A call's place; it is free again when this is dropped.
pub(super) struct Place<'a> {
    crowd: &'a Crowd,
    number: u64,
    began: Instant,
    /// How many were under way with it when it began, itself included.
    beside: usize,
}

impl Crowd {
    pub(super) fn new(most: usize, patience: Duration) -> Self {
        Self { most: most.max(1), patience, state: Mutex::default(), changed: Notify::new() }
    }

    /// Waits for a free place.
    pub(super) async fn place(&self) -> Place<'_> {
        loop {
            // Listened to before the look, so that no change between the two is missed.
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

    /// Notes that a call has brought a reply.
    pub(super) fn has_replied(&self) {
        self.state().hangs = false;
    }

    /// Takes in that the call in this place has run out of time; whether the other calls may be why.
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
        // Alone it is as slow, so their number was not the reason.
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
    /// How many calls may be under way now.
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
        // The first of them has had its reply.
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
