//! When a point is due again: FSRS 6 with its published weights, from the crate `fsrs`. Only its
//! scheduler is used; nothing is fitted to a person.

use fsrs::{FSRS, FSRS6_DEFAULT_DECAY, FSRSError, MemoryState, current_retrievability};

use crate::domain::{
    day::Day,
    memory::{Rating, Trace},
};

/// The probability of recall on the day on which a point is due.
const DESIRED_RETENTION: f32 = 0.9;

/// The longest time until a point is due again, in days: a year, as people prepare no further ahead.
const LONGEST: f32 = 365.0;

/// The scheduler.
#[derive(Debug, Clone)]
pub struct Scheduler(FSRS);

/// The scheduler has rejected its weights or a point's state.
#[derive(Debug, thiserror::Error)]
#[error("a point cannot be scheduled: {0}")]
pub struct SchedulerError(#[from] FSRSError);

/// The state of a point after a rating.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scheduled {
    /// Its stability and difficulty.
    pub trace: Trace,
    /// When it is due: always after the day of the rating.
    pub due_on: Day,
}

impl Scheduler {
    /// The scheduler with the published weights.
    pub fn new() -> Result<Self, SchedulerError> {
        Ok(Self(FSRS::new(&[])?))
    }

    /// Schedules a point that is rated on the day `on`. `before` is its state and the day of its
    /// last rating, `None` for a new point. If `on` is before that day, it counts as that day.
    pub fn rate(
        &self,
        before: Option<(Trace, Day)>,
        rating: Rating,
        on: Day,
    ) -> Result<Scheduled, SchedulerError> {
        let elapsed = before.map_or(0, |(_, since)| on.since(since));
        let elapsed = u32::try_from(elapsed).unwrap_or(0);
        let state = before.map(|(trace, _)| state(trace));
        let next = self.0.next_states(state, DESIRED_RETENTION, elapsed)?;
        let next = match rating {
            Rating::Again => next.again,
            Rating::Hard => next.hard,
            Rating::Good => next.good,
            Rating::Easy => next.easy,
        };
        let MemoryState { stability, difficulty } = next.memory;
        let on = before.map_or(on, |(_, since)| on.max(since));
        let due_on = on.after(whole_days(next.interval));
        Ok(Scheduled { trace: Trace { stability, difficulty }, due_on })
    }

    /// The probability that a point last rated on `rated_on` is recalled on the day `on`.
    pub fn recall(trace: Trace, rated_on: Day, on: Day) -> f32 {
        let elapsed = on.since(rated_on).max(0);
        current_retrievability(state(trace), elapsed as f32, FSRS6_DEFAULT_DECAY).clamp(0.0, 1.0)
    }
}

const fn state(Trace { stability, difficulty }: Trace) -> MemoryState {
    MemoryState { stability, difficulty }
}

/// Rounds an interval to days, at least one: a point is never due again on the same day.
#[expect(clippy::cast_possible_truncation, reason = "it is from 1 to 365")]
fn whole_days(interval: f32) -> i32 {
    if interval.is_nan() { 1 } else { interval.round().clamp(1.0, LONGEST) as i32 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rated(ratings: &[(Rating, i32)]) -> Vec<(Day, Scheduled)> {
        let scheduler = Scheduler::new().unwrap();
        let (mut before, mut on, mut all) = (None, Day::new(20_000), Vec::new());
        for (rating, later) in ratings {
            on = on.after(*later);
            let scheduled = scheduler.rate(before, *rating, on).unwrap();
            before = Some((scheduled.trace, on));
            all.push((on, scheduled));
        }
        all
    }

    #[test]
    fn the_better_a_new_point_was_recalled_the_later_it_is_due() {
        let days = Rating::ALL.map(|rating| {
            let (on, scheduled) = rated(&[(rating, 0)])[0];
            scheduled.due_on.since(on)
        });
        assert_eq!(days, [1, 1, 2, 8]);
    }

    #[test]
    fn each_good_review_of_a_point_lengthens_its_interval() {
        let mut ratings = vec![(Rating::Good, 0)];
        let mut intervals = Vec::new();
        for _ in 0..5 {
            let (on, scheduled) = *rated(&ratings).last().unwrap();
            intervals.push(scheduled.due_on.since(on));
            ratings.push((Rating::Good, scheduled.due_on.since(on)));
        }
        assert!(intervals.is_sorted_by(|a, b| a < b), "{intervals:?}");
    }

    #[test]
    fn a_point_is_recalled_nine_times_in_ten_when_it_is_due() {
        let trace = Trace { stability: 30.0, difficulty: 5.0 };
        let today = Day::new(20_000);
        let recall = |days| Scheduler::recall(trace, today, today.after(days));
        assert!((recall(30) - DESIRED_RETENTION).abs() < 0.001);
        assert!(recall(0) > recall(10) && recall(10) > recall(30));
        assert!((recall(-5) - 1.0).abs() < f32::EPSILON, "a clock that was set back");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        /// FSRS never schedules into the past, even if days go back, as when a person flies west.
        #[test]
        fn fsrs_never_schedules_into_the_past(
            ratings in proptest::collection::vec((0..4_usize, -3..400_i32), 1..60),
        ) {
            let ratings: Vec<_> =
                ratings.into_iter().map(|(at, later)| (Rating::ALL[at], later)).collect();
            for (on, scheduled) in rated(&ratings) {
                prop_assert!(scheduled.due_on > on, "{scheduled:?} on {on}");
                prop_assert!(scheduled.due_on.since(on) <= 368);
                prop_assert!(scheduled.trace.stability > 0.0);
                prop_assert!((1.0..=10.0).contains(&scheduled.trace.difficulty));
                let recall = Scheduler::recall(scheduled.trace, on, scheduled.due_on);
                prop_assert!((0.0..=1.0).contains(&recall));
            }
        }
    }
}
