//! Rate limits: how often a client may call, and how often it may try to sign in.

use std::{num::NonZeroU32, time::Duration};

use super::origin::Network;

/// A budget of attempts that is refilled at a steady rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many attempts a full budget has, at least 1.
    pub attempts: u32,
    /// How long it takes to regain one, at least a microsecond.
    pub refill: Duration,
}

impl Rate {
    /// Allows `attempts` a minute, all of which may come at once; `None`, no limit, for 0.
    pub fn per_minute(attempts: u32) -> Option<Self> {
        let refill = Duration::from_mins(1).checked_div(attempts)?;
        Some(Self { attempts, refill })
    }

    /// How long it takes an empty budget to become full.
    pub fn whole(self) -> Duration {
        self.refill.saturating_mul(self.attempts)
    }
}

/// How many calls are allowed, and which proxies are trusted to name the client's address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestLimits {
    /// Calls per minute from one origin; `None`: no limit.
    pub per_address: Option<NonZeroU32>,
    /// Calls per minute for one account; `None`: no limit.
    pub per_user: Option<NonZeroU32>,
    /// The proxies that are trusted to say where a call comes from.
    pub trusted_proxies: Vec<Network>,
}

/// How often passwords, registrations and refresh tokens may be tried. `None`: no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInRates {
    /// Wrong passwords for one account from one origin.
    pub account: Option<Rate>,
    /// Passwords for one account from one origin, right or wrong.
    pub sign_ins: Option<Rate>,
    /// Wrong passwords from one origin, whatever the account.
    pub origin: Option<Rate>,
    /// Registrations from one origin.
    pub registrations: Option<Rate>,
    /// Invalid refresh tokens from one origin.
    pub refreshes: Option<Rate>,
}

impl SignInRates {
    /// No limits, for an embedded server, which only its owner can reach.
    pub const OFF: Self =
        Self { account: None, sign_ins: None, origin: None, registrations: None, refreshes: None };

    /// The default limits, for a server on a network.
    pub const fn usual() -> Self {
        Self {
            // Ten typing errors, then one guess a minute: 1,450 a day, which is too few to find a
            // password of eight characters.
            account: Some(Rate { attempts: 10, refill: Duration::from_mins(1) }),
            // Each sign-in with the right password costs a hash and a session. No person signs in
            // more often, and no program needs to.
            sign_ins: Some(Rate { attempts: 60, refill: Duration::from_secs(10) }),
            // Many people may share one address, and each mistypes now and then.
            origin: Some(Rate { attempts: 50, refill: Duration::from_secs(10) }),
            registrations: Some(Rate { attempts: 20, refill: Duration::from_secs(3) }),
            // Nobody guesses 256 bits; this only limits the load on the database.
            refreshes: Some(Rate { attempts: 30, refill: Duration::from_secs(6) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_limits_are_those_in_docs_security() {
        let limits = SignInRates::usual();
        let figures = |rate: Option<Rate>| rate.map(|rate| (rate.attempts, rate.refill.as_secs()));
        assert_eq!(figures(limits.account), Some((10, 60)));
        assert_eq!(figures(limits.sign_ins), Some((60, 10)));
        assert_eq!(figures(limits.origin), Some((50, 10)));
        assert_eq!(figures(limits.registrations), Some((20, 3)));
        assert_eq!(figures(limits.refreshes), Some((30, 6)));
    }

    #[test]
    fn zero_per_minute_means_no_limit() {
        assert_eq!(Rate::per_minute(0), None);
        let rate = Rate::per_minute(20).unwrap();
        assert_eq!((rate.attempts, rate.refill), (20, Duration::from_secs(3)));
        assert_eq!(rate.whole(), Duration::from_mins(1));
    }
}
