//! Refresh tokens: 256 random bits that a client keeps; the server stores only a hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngExt;
use sha2::{Digest, Sha256};

/// A token that was just generated.
#[derive(Clone)]
pub struct RefreshToken {
    /// The token, which the client gets.
    pub secret: String,
    /// Its hash, which the server stores.
    pub hash: [u8; 32],
}

/// Generates a token.
pub fn generate() -> RefreshToken {
    let secret = URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>());
    RefreshToken { hash: hash(&secret), secret }
}

/// Hashes a token. A plain hash is enough: the token is random, not chosen by a person.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_is_different_and_only_its_hash_is_stored() {
        let (one, other) = (generate(), generate());
        assert_ne!(one.secret, other.secret);
        assert_eq!(hash(&one.secret), one.hash);
        assert_eq!(one.secret.len(), 43);
    }
}
