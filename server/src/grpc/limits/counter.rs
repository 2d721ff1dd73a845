//! Budgets of calls by a key, in memory. Each is the moment at which it will be full again, as those
//! in the database are (`storage::throttles`).
//!
//! There is room for so many keys. Whoever has a budget keeps it; those who come when there is no room
//! left share one with whoever is like them (an address with its network), and if there is none left
//! of these either, one with everybody else who found none. So whoever fills the room with addresses
//! takes nothing from those who were there before, and little from those who come from elsewhere.

use std::{
    collections::HashMap,
    hash::Hash,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use governor::clock::{Clock, DefaultClock, Reference as _};

/// The time in which an empty budget fills up.
const MINUTE: Duration = Duration::from_mins(1);

/// Counts calls by a key; a minute's calls may come at once.
pub(super) struct Counter<K, W, C: Clock = DefaultClock> {
    /// Nanoseconds until a call is back.
    refill: u64,
    /// Nanoseconds until all are.
    whole: u64,
    /// The most keys, and the most crowds, that are told apart.
    most: usize,
    /// The crowd that a key belongs to.
    crowd: fn(&K) -> W,
    clock: C,
    budgets: Mutex<Budgets<K, W, C::Instant>>,
}

/// When each budget is full.
struct Budgets<K, W, I> {
    known: HashMap<K, I>,
    crowds: HashMap<W, I>,
    /// Of those who find no room among the crowds.
    everybody: I,
}

impl<K: Copy + Eq + Hash, W: Eq + Hash, C: Clock> Counter<K, W, C> {
    pub(super) fn new(per_minute: NonZeroU32, most: usize, crowd: fn(&K) -> W, clock: C) -> Self {
        let whole = u64::try_from(MINUTE.as_nanos()).unwrap_or(u64::MAX);
        let budgets =
            Budgets { known: HashMap::new(), crowds: HashMap::new(), everybody: clock.now() };
        let refill = whole / u64::from(per_minute.get());
        // Not the minute itself, or what rounding leaves would be one call more.
        let whole = refill * u64::from(per_minute.get());
        Self { refill, whole, most, crowd, clock, budgets: Mutex::new(budgets) }
    }

    /// Counts a call, or says how long to wait for the next that is allowed.
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

    /// Takes a call from the budget that is full then.
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

    /// Forgets the budgets that are full, which makes room.
    pub(super) fn forget(&self) {
        let now = self.clock.now();
        let mut budgets = self.lock();
        budgets.known.retain(|_, full_at| *full_at > now);
        budgets.known.shrink_to_fit();
        budgets.crowds.retain(|_, full_at| *full_at > now);
        budgets.crowds.shrink_to_fit();
    }

    /// A panic elsewhere leaves no budget half counted.
    fn lock(&self) -> MutexGuard<'_, Budgets<K, W, C::Instant>> {
        self.budgets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    /// Keys in crowds of ten.
    fn counter(
        per_minute: u32,
        most: usize,
    ) -> (Counter<u32, u32, FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let per_minute = NonZeroU32::new(per_minute).unwrap();
        (Counter::new(per_minute, most, |key| key / 10, clock.clone()), clock)
    }

    /// How many calls of that key are allowed at once now.
    fn allowed(counter: &Counter<u32, u32, FakeRelativeClock>, key: u32) -> usize {
        (0..100).take_while(|_| counter.count(&key).is_ok()).count()
    }

    #[test]
    fn a_minutes_calls_may_come_at_once_and_then_each_in_its_time() {
        let (counter, clock) = counter(6, 9);
        assert_eq!(allowed(&counter, 1), 6);
        assert_eq!(counter.count(&1), Err(Duration::from_secs(10)));
        assert_eq!(counter.count(&2), Ok(()), "somebody else");
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
    fn a_minute_that_cannot_be_divided_gives_no_call_more() {
        let (counter, _) = counter(7, 9);
        assert_eq!(allowed(&counter, 1), 7);
    }

    #[test]
    fn when_there_is_no_room_the_known_keep_their_budgets_and_newcomers_share_their_crowds() {
        let (counter, _) = counter(6, 3);
        for key in [10, 20, 21] {
            counter.count(&key).unwrap();
        }
        // One who fills the room and goes on.
        assert_eq!(allowed(&counter, 30), 6);
        assert_eq!(allowed(&counter, 31), 0, "of the same crowd");
        for key in [10, 20, 21] {
            assert_eq!(allowed(&counter, key), 5, "{key} was there before");
        }
        assert_eq!(allowed(&counter, 40), 6, "of another crowd");
        assert_eq!(
            allowed(&counter, 22),
            6,
            "a newcomer takes nothing from a known one beside him"
        );
        assert_eq!(allowed(&counter, 50), 6, "there are no more than three crowds");
        assert_eq!(allowed(&counter, 60), 0, "the rest share one");
        assert_eq!(allowed(&counter, 41), 0);
    }

    #[test]
    fn those_who_have_been_quiet_are_forgotten_and_no_more_are_kept_than_there_is_room_for() {
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
