//! How often one may call and try.

use std::{num::NonZeroU32, time::Duration};

use super::origin::Network;

/// A budget of tries that fills up again steadily.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Tries of a full budget, at least 1.
    pub tries: u32,
    /// How long until one of them is back, at least a microsecond.
    pub refill: Duration,
}

impl Rate {
    /// So many a minute, and as many at once; none for no limit.
    pub fn per_minute(tries: u32) -> Option<Self> {
        let refill = Duration::from_mins(1).checked_div(tries)?;
        Some(Self { tries, refill })
    }

    /// How long until an empty budget is full.
    pub fn whole(self) -> Duration {
        self.refill.saturating_mul(self.tries)
    }
}

/// How often one may call, and which proxies are believed about who calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestLimits {
    /// Calls a minute of one origin; none: as many as it likes.
    pub per_address: Option<NonZeroU32>,
    /// Calls a minute of one account.
    pub per_user: Option<NonZeroU32>,
    /// The proxies whose word on where a call comes from is believed.
    pub trusted_proxies: Vec<Network>,
}

/// How often the doors may be knocked at. None: as often as one likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoorLimits {
    /// Wrong passwords for one account from one origin.
    pub account: Option<Rate>,
    /// Passwords for one account from one origin, right ones among them.
    pub sign_ins: Option<Rate>,
    /// Wrong passwords from one origin, whatever the account.
    pub origin: Option<Rate>,
    /// Registrations from one origin.
    pub registrations: Option<Rate>,
    /// Refresh tokens from one origin that do not work.
    pub refreshes: Option<Rate>,
}

impl DoorLimits {
    /// No limits, for a server that only its owner can reach.
    pub const OFF: Self =
        Self { account: None, sign_ins: None, origin: None, registrations: None, refreshes: None };

    /// The limits of a server on a network.
    pub const fn usual() -> Self {
        Self {
            // Ten typing errors, then one guess a minute: 1,450 a day, of which none is likely to be
            // right where passwords have eight characters.
            account: Some(Rate { tries: 10, refill: Duration::from_mins(1) }),
            // Whoever knows a password makes the server hash and keep a session for each time that
            // he shows it. No person signs in so often, and no program has to.
            sign_ins: Some(Rate { tries: 60, refill: Duration::from_secs(10) }),
            // Many people may sit behind one address, and each mistypes now and then.
            origin: Some(Rate { tries: 50, refill: Duration::from_secs(10) }),
            registrations: Some(Rate { tries: 20, refill: Duration::from_secs(3) }),
            // Nobody guesses 256 bits; this only keeps the database from being asked for ever.
            refreshes: Some(Rate { tries: 30, refill: Duration::from_secs(6) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_limits_are_those_that_docs_security_names() {
        let limits = DoorLimits::usual();
        let figures = |rate: Option<Rate>| rate.map(|rate| (rate.tries, rate.refill.as_secs()));
        assert_eq!(figures(limits.account), Some((10, 60)));
        assert_eq!(figures(limits.sign_ins), Some((60, 10)));
        assert_eq!(figures(limits.origin), Some((50, 10)));
        assert_eq!(figures(limits.registrations), Some((20, 3)));
        assert_eq!(figures(limits.refreshes), Some((30, 6)));
    }

    #[test]
    fn nothing_a_minute_is_no_limit() {
        assert_eq!(Rate::per_minute(0), None);
        let rate = Rate::per_minute(20).unwrap();
        assert_eq!((rate.tries, rate.refill), (20, Duration::from_secs(3)));
        assert_eq!(rate.whole(), Duration::from_mins(1));
    }
}
