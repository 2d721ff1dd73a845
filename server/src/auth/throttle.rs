//! By what tries are counted: a hash of what is tried and from where.

use sha2::{Digest, Sha256};

use crate::domain::origin::Origin;

/// Wrong passwords for that account from there. A name that nobody has is counted like any other.
pub fn account(username: &str, origin: Origin) -> [u8; 32] {
    key("account", origin, username)
}

/// Passwords for that account from there, right ones among them.
pub fn sign_ins(username: &str, origin: Origin) -> [u8; 32] {
    key("account sign-ins", origin, username)
}

/// Wrong passwords from there.
pub fn guesses(origin: Origin) -> [u8; 32] {
    // What it is called in databases of earlier versions.
    key("sign-ins", origin, "")
}

/// Registrations from there.
pub fn registrations(origin: Origin) -> [u8; 32] {
    key("registrations", origin, "")
}

/// Refresh tokens from there that do not work.
pub fn refreshes(origin: Origin) -> [u8; 32] {
    key("refreshes", origin, "")
}

fn key(kind: &str, origin: Origin, name: &str) -> [u8; 32] {
    // Neither a kind nor an origin has a line break in it, so no two things look the same.
    Sha256::digest(format!("viva throttle\n{kind}\n{origin}\n{name}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_name_and_origin_has_a_budget_of_its_own() {
        let origin = |text: &str| Origin::of(text.parse().unwrap());
        let (here, there) = (origin("192.0.2.1"), origin("192.0.2.2"));
        let keys = [
            account("ada", here),
            account("ada", there),
            account("bob", here),
            account("", here),
            sign_ins("ada", here),
            sign_ins("bob", here),
            guesses(here),
            registrations(here),
            refreshes(here),
        ];
        let different: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(different.len(), keys.len());
        assert_eq!(account("ada", origin("2001:db8::1")), account("ada", origin("2001:db8::2")));
    }
}
