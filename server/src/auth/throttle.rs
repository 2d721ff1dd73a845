//! The keys by which attempts are counted: a hash of what is tried and from where.

use sha2::{Digest, Sha256};

use crate::domain::origin::Origin;

/// The key of wrong passwords for an account from an origin. An unknown name counts like any other.
pub fn account(username: &str, origin: Origin) -> [u8; 32] {
    key("account", origin, username)
}

/// The key of passwords for an account from an origin, right or wrong.
pub fn sign_ins(username: &str, origin: Origin) -> [u8; 32] {
    key("account sign-ins", origin, username)
}

/// The key of wrong passwords from an origin.
pub fn guesses(origin: Origin) -> [u8; 32] {
    // Its name in the databases of earlier versions.
    key("sign-ins", origin, "")
}

/// The key of registrations from an origin.
pub fn registrations(origin: Origin) -> [u8; 32] {
    key("registrations", origin, "")
}

/// The key of invalid refresh tokens from an origin.
pub fn refreshes(origin: Origin) -> [u8; 32] {
    key("refreshes", origin, "")
}

fn key(kind: &str, origin: Origin, name: &str) -> [u8; 32] {
    // Neither a kind nor an origin has a line break, so the fields cannot be confused.
    Sha256::digest(format!("viva throttle\n{kind}\n{origin}\n{name}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_name_and_origin_has_its_own_budget() {
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
