//! How often clients may call and register, whether registration is open, and which proxies are
//! trusted to say who calls.

use std::num::NonZeroU32;
use viva_runtime::settings::Reader;

use crate::domain::{
    origin::Network,
    throttle::{Rate, RequestLimits, SignInRates},
};

/// The highest value of a limit; above this it would limit nothing that one process can serve.
const MOST: u64 = 1_000_000;

/// Settings for limits.
#[derive(Debug, Clone)]
pub struct LimitsConfig {
    /// Calls, and the trusted proxies.
    pub requests: RequestLimits,
    /// Passwords, registrations and refresh tokens.
    pub sign_in_limits: SignInRates,
    /// Whether anyone may register.
    pub is_open: bool,
}

impl LimitsConfig {
    pub(super) fn load(reader: &mut Reader) -> Self {
        let mut number = |name, default| {
            let number = reader.number(name, default, 0, MOST, "calls a minute, 0 for no limit,");
            u32::try_from(number).unwrap_or(u32::MAX)
        };
        let registrations = number("REGISTRATIONS_PER_MINUTE_ADDRESS", 20);
        let per_address = NonZeroU32::new(number("REQUESTS_PER_MINUTE_ADDRESS", 3000));
        let per_user = NonZeroU32::new(number("REQUESTS_PER_MINUTE_USER", 1200));
        let right = "addresses or networks such as 10.0.0.0/8 or fd00::/8, separated by commas";
        let trusted_proxies = reader.parsed("TRUSTED_PROXIES", Vec::new(), right, |text| {
            text.split(',').map(|network| Network::parse(network.trim())).collect()
        });
        let registrations = Rate::per_minute(registrations);
        let is_open = reader.parsed("REGISTRATION", true, "open or closed", |text| match text {
            "open" => Some(true),
            "closed" => Some(false),
            _ => None,
        });
        Self {
            requests: RequestLimits { per_address, per_user, trusted_proxies },
            sign_in_limits: SignInRates { registrations, ..SignInRates::usual() },
            is_open,
        }
    }

    /// The settings in force.
    pub(super) fn lines(&self) -> [String; 5] {
        let limit = |n: Option<u32>| n.map_or("0: no limit".to_owned(), |n| n.to_string());
        let requests = &self.requests;
        let proxies: Vec<_> = requests.trusted_proxies.iter().map(ToString::to_string).collect();
        let proxies = if proxies.is_empty() { "none".to_owned() } else { proxies.join(",") };
        let registrations = self.sign_in_limits.registrations.map(|rate| rate.attempts);
        [
            format!("REGISTRATION = {}", if self.is_open { "open" } else { "closed" }),
            format!("REGISTRATIONS_PER_MINUTE_ADDRESS = {}", limit(registrations)),
            format!(
                "REQUESTS_PER_MINUTE_ADDRESS = {}",
                limit(requests.per_address.map(Into::into))
            ),
            format!("REQUESTS_PER_MINUTE_USER = {}", limit(requests.per_user.map(Into::into))),
            format!("TRUSTED_PROXIES = {proxies}"),
        ]
    }
}
