//! What is known about an endpoint: the manner of request that it accepts, for an hour.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::form::Manner;
use crate::domain::clock::Timestamp;

/// How long something learnt about an endpoint is trusted: servers are fixed and updated.
pub(super) const MEMORY: Duration = Duration::from_hours(1);

/// The manner, and since when it has been known. Within the hour it only ever becomes plainer.
#[derive(Default)]
pub(super) struct Learnt(Mutex<Option<(Manner, Timestamp)>>);

impl Learnt {
    /// The manner to start with.
    pub(super) fn manner(&self, now: Timestamp) -> Manner {
        self.fresh(now).map_or(Manner::FIRST, |(manner, _)| manner)
    }

    /// Remembers a manner that the endpoint accepted after refusing another. Only that is proof: a
    /// refusal alone may be a temporary fault. Two calls that learn the same thing at once step
    /// down only once, since each says which manner worked.
    pub(super) fn worked(&self, manner: Manner, now: Timestamp) {
        let known = self.fresh(now);
        let since = known.map_or(now, |(_, since)| since);
        let manner = known.map_or(manner, |(known, _)| known.plainest(manner));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((manner, since));
    }

    fn fresh(&self, now: Timestamp) -> Option<(Manner, Timestamp)> {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.filter(|(_, since)| now.since(*since) < MEMORY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::form::ReplyForm;

    const NOON: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

    #[test]
    fn what_was_learnt_is_not_undone_by_a_call_that_began_before() {
        let learnt = Learnt::default();
        assert_eq!(learnt.manner(NOON), Manner::FIRST);
        let plain = Manner { form: ReplyForm::Json, temperature: false, ..Manner::FIRST };
        learnt.worked(plain, NOON);
        learnt.worked(Manner { system_role: false, ..Manner::FIRST }, NOON);
        assert_eq!(learnt.manner(NOON), Manner { system_role: false, ..plain });
    }

    #[test]
    fn what_was_learnt_is_forgotten_after_an_hour_however_often_it_is_used() {
        let learnt = Learnt::default();
        let plain = Manner { form: ReplyForm::Text, ..Manner::FIRST };
        learnt.worked(plain, NOON);
        learnt.worked(plain, NOON.after(MEMORY / 2));
        assert_eq!(learnt.manner(NOON.after(MEMORY * 9 / 10)), plain);
        assert_eq!(learnt.manner(NOON.after(MEMORY)), Manner::FIRST);
    }
}
