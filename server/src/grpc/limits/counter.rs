//! Budgets of calls by key, in memory. Each is stored as the time at which it will be full again,
//! like those in the database (`storage::throttles`).
//!
//! Memory is bounded, because the number of keys is limited. A key that has a budget keeps it. Once
//! all are taken, a new key shares a budget with its crowd (its network), and once the crowds'
//! budgets are taken too, with all other new keys. A flood of addresses therefore takes nothing
//! from addresses that already have a budget, and little from those in other networks.

use std::{
    collections::HashMap,
    hash::Hash,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use governor::clock::{Clock, DefaultClock, Reference as _};

/// The time in which an empty budget becomes full.
const MINUTE: Duration = Duration::from_mins(1);

/// Counts calls by key; a minute's calls may come at once.
pub(super) struct Counter<K, W, C: Clock = DefaultClock> {
    per_minute: u32,
    /// Nanoseconds in which one call is regained.
    refill: u64,
    /// Nanoseconds in which all are regained.
    whole: u64,
    /// The most keys, and the most crowds, with a budget.
    most: usize,
    /// Returns the crowd that a key belongs to.
    crowd: fn(&K) -> W,
    clock: C,
    budgets: Mutex<Budgets<K, W, C::Instant>>,
}

/// When each budget is full.
struct Budgets<K, W, I> {
    known: HashMap<K, I>,
    crowds: HashMap<W, I>,
    /// The budget of all keys whose crowds have none.
    everybody: I,
}

impl<K: Copy + Eq + Hash, W: Eq + Hash, C: Clock> Counter<K, W, C> {
    pub(super) fn new(per_minute: NonZeroU32, most: usize, crowd: fn(&K) -> W, clock: C) -> Self {
        let whole = u64::try_from(MINUTE.as_nanos()).unwrap_or(u64::MAX);
        let budgets =
            Budgets { known: HashMap::new(), crowds: HashMap::new(), everybody: clock.now() };
        let refill = whole / u64::from(per_minute.get());
        // Not the whole minute, whose remainder after rounding would allow one more call.
        let whole = refill * u64::from(per_minute.get());
        let per_minute = per_minute.get();
        Self { per_minute, refill, whole, most, crowd, clock, budgets: Mutex::new(budgets) }
    }

    /// Returns how many calls a minute are allowed.
    pub(super) fn per_minute(&self) -> u32 {
        self.per_minute
    }

    /// Counts a call, or returns how long to wait until one is allowed.
    pub(super) fn count(&self, key: &K) -> Result<(), Duration> {
        let now = self.clock.now();
        let mut budgets = self.lock();
        let Budgets { known, crowds, everybody } = &mut *budgets;
        if known.len() < self.most || known.contains_key(key) {
            return self.take(known.entry(*key).or_insert(now), now);
        }
        let crowd = (self.crowd)(key);
        if crowds.len() < self.most || crowds.contains_key(&crowd) {
            return self.take(crowds.entry(crowd).or_insert(now), now);
        }
        self.take(everybody, now)
    }

    /// Gives back a call that was counted for a key, unless it was counted for its crowd.
    pub(super) fn give_back(&self, key: &K) {
        let now = self.clock.now();
        if let Some(full_at) = self.lock().known.get_mut(key) {
            let ahead = full_at.duration_since(now).as_u64().saturating_sub(self.refill);
            *full_at = now + ahead.into();
        }
    }

    /// Takes a call from the budget that is full at `full_at`.
    fn take(&self, full_at: &mut C::Instant, now: C::Instant) -> Result<(), Duration> {
        let ahead = full_at.duration_since(now).as_u64() + self.refill;
        match ahead.saturating_sub(self.whole) {
            0 => {
                *full_at = now + ahead.into();
                Ok(())
            }
            wait => Err(Duration::from_nanos(wait)),
        }
    }

    /// Forgets the budgets that are full, to make room.
    pub(super) fn forget(&self) {
        let now = self.clock.now();
        let mut budgets = self.lock();
        budgets.known.retain(|_, full_at| *full_at > now);
        budgets.known.shrink_to_fit();
        budgets.crowds.retain(|_, full_at| *full_at > now);
        budgets.crowds.shrink_to_fit();
    }

    /// Locks the budgets, ignoring poison: a panic leaves no budget half counted.
    fn lock(&self) -> MutexGuard<'_, Budgets<K, W, C::Instant>> {
        self.budgets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    /// A counter of keys in crowds of ten.
    fn counter(
        per_minute: u32,
        most: usize,
    ) -> (Counter<u32, u32, FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let per_minute = NonZeroU32::new(per_minute).unwrap();
        (Counter::new(per_minute, most, |key| key / 10, clock.clone()), clock)
    }

    /// How many calls of a key are allowed now.
    fn allowed(counter: &Counter<u32, u32, FakeRelativeClock>, key: u32) -> usize {
        (0..100).take_while(|_| counter.count(&key).is_ok()).count()
    }

    #[test]
    fn a_minutes_calls_may_come_at_once_and_are_then_regained_one_by_one() {
        let (counter, clock) = counter(6, 9);
        assert_eq!(allowed(&counter, 1), 6);
        assert_eq!(counter.count(&1), Err(Duration::from_secs(10)));
        assert_eq!(counter.count(&2), Ok(()), "another key");
        clock.advance(Duration::from_secs(10));
        assert_eq!(allowed(&counter, 1), 1);
        clock.advance(Duration::from_secs(25));
        assert_eq!(counter.count(&1), Ok(()));
        assert_eq!(counter.count(&1), Ok(()));
        assert_eq!(counter.count(&1), Err(Duration::from_secs(5)));
        clock.advance(Duration::from_hours(1));
        assert_eq!(allowed(&counter, 1), 6, "no more than a minute's");
    }

    #[test]
    fn a_call_given_back_may_be_taken_again_but_no_more() {
        let (counter, _) = counter(6, 9);
        assert_eq!(allowed(&counter, 1), 6);
        counter.give_back(&1);
        assert_eq!(allowed(&counter, 1), 1);
        for _ in 0..9 {
            counter.give_back(&1);
        }
        counter.give_back(&2);
        assert_eq!(allowed(&counter, 1), 6, "no more than a minute's");
    }

    #[test]
    fn rounding_never_allows_one_more_call() {
        let (counter, _) = counter(7, 9);
        assert_eq!(allowed(&counter, 1), 7);
    }

    #[test]
    fn without_room_known_keys_keep_their_budgets_and_new_ones_share_their_crowds() {
        let (counter, _) = counter(6, 3);
        for key in [10, 20, 21] {
            counter.count(&key).unwrap();
        }
        // A new key, when all budgets are taken.
        assert_eq!(allowed(&counter, 30), 6);
        assert_eq!(allowed(&counter, 31), 0, "in the same crowd");
        for key in [10, 20, 21] {
            assert_eq!(allowed(&counter, key), 5, "{key} keeps its budget");
        }
        assert_eq!(allowed(&counter, 40), 6, "in another crowd");
        assert_eq!(
            allowed(&counter, 22),
            6,
            "a new key takes nothing from a known one in its crowd"
        );
        assert_eq!(allowed(&counter, 50), 6, "there are no more than three crowds");
        assert_eq!(allowed(&counter, 60), 0, "the rest share one budget");
        assert_eq!(allowed(&counter, 41), 0);
    }

    #[test]
    fn quiet_keys_are_forgotten_and_memory_is_bounded() {
        let (counter, clock) = counter(6, 100);
        for key in 0..5000 {
            let _ = counter.count(&key);
        }
        let kept = |counter: &Counter<_, _, _>| {
            let budgets = counter.lock();
            (budgets.known.len(), budgets.crowds.len())
        };
        assert_eq!(kept(&counter), (100, 100));
        clock.advance(Duration::from_secs(5));
        counter.forget();
        assert_eq!(kept(&counter), (100, 100), "none of them is full yet");
        clock.advance(Duration::from_mins(2));
        counter.forget();
        assert_eq!(kept(&counter), (0, 0));
        assert_eq!(allowed(&counter, 5000), 6);
    }
}
