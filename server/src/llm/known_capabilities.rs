//! What an endpoint is known to be capable of, for an hour.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::form::Capabilities;
use crate::domain::clock::Timestamp;

/// How long something learnt about an endpoint is trusted: servers are fixed and updated.
pub(super) const TRUSTED_FOR: Duration = Duration::from_hours(1);

/// The capabilities, and since when they have been known. Within the hour they only become fewer.
#[derive(Default)]
pub(super) struct KnownCapabilities(Mutex<Option<(Capabilities, Timestamp)>>);

impl KnownCapabilities {
    /// The capabilities to assume.
    pub(super) fn get(&self, now: Timestamp) -> Capabilities {
        self.fresh(now).map_or(Capabilities::ALL, |(capabilities, _)| capabilities)
    }

    /// Records capabilities with which the endpoint accepted a request after refusing one that
    /// relied on more. Only that is proof: a refusal alone may be a temporary fault. Two calls that
    /// learn the same thing at once step down only once, since each says what worked.
    pub(super) fn record(&self, capabilities: Capabilities, now: Timestamp) {
        let known = self.fresh(now);
        let since = known.map_or(now, |(_, since)| since);
        let capabilities = known.map_or(capabilities, |(known, _)| known.common(capabilities));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((capabilities, since));
    }

    fn fresh(&self, now: Timestamp) -> Option<(Capabilities, Timestamp)> {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.filter(|(_, since)| now.since(*since) < TRUSTED_FOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::form::ReplyForm;

    const NOON: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

    #[test]
    fn what_was_learnt_is_not_undone_by_a_call_that_began_before() {
        let known = KnownCapabilities::default();
        assert_eq!(known.get(NOON), Capabilities::ALL);
        let plain = Capabilities { form: ReplyForm::Json, temperature: false, ..Capabilities::ALL };
        known.record(plain, NOON);
        known.record(Capabilities { system_role: false, ..Capabilities::ALL }, NOON);
        assert_eq!(known.get(NOON), Capabilities { system_role: false, ..plain });
    }

    #[test]
    fn what_was_learnt_is_forgotten_after_an_hour_however_often_it_is_used() {
        let known = KnownCapabilities::default();
        let plain = Capabilities { form: ReplyForm::Text, ..Capabilities::ALL };
        known.record(plain, NOON);
        known.record(plain, NOON.after(TRUSTED_FOR / 2));
        assert_eq!(known.get(NOON.after(TRUSTED_FOR * 9 / 10)), plain);
        assert_eq!(known.get(NOON.after(TRUSTED_FOR)), Capabilities::ALL);
    }
}
