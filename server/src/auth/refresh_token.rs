//! Refresh tokens: 256 random bits that a client holds and of which the server keeps only a hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngExt;
use sha2::{Digest, Sha256};

/// A token that has just been made.
#[derive(Clone)]
pub struct RefreshToken {
    /// What the client gets.
    pub secret: String,
    /// What the server keeps.
    pub hash: [u8; 32],
}

/// Makes a token that nobody can guess.
pub fn generate() -> RefreshToken {
    let secret = URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>());
    RefreshToken { hash: hash(&secret), secret }
}

/// What is kept of a token. A plain hash will do: the token is random, not chosen by a person.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_tokens_are_never_alike_and_the_secret_is_not_kept() {
        let (one, other) = (generate(), generate());
        assert_ne!(one.secret, other.secret);
        assert_eq!(hash(&one.secret), one.hash);
        assert_eq!(one.secret.len(), 43);
    }
}
