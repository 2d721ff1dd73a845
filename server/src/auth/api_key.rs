//! The secrets of API keys: generating one, recognising one without the database, and comparing it.
//! Only the store knows which keys work.
//!
//! A key has 64 characters: `viva_`, 8 by which it is looked up, `_`, 44 that nobody can guess
//! (more than 256 bits), and 6 that check the rest, so that a scanner or a mistyped key costs no
//! query. No two letters look alike: there is no 0, O, I or l.

use std::fmt;

use rand::RngExt;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The prefix of every key, which no access token has.
const BRAND: &str = "viva_";

/// The alphabet of keys.
const LETTERS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// How many letters identify a key.
const NAME: usize = 8;
/// How many letters are secret: 44 out of 58 are 257 bits.
const SECRET: usize = 44;
/// How many letters check the others: a mistyped key passes once in 38 thousand million times.
const CHECK: usize = 6;

/// How many characters are not secret: the brand and the name.
const PREFIX: usize = BRAND.len() + NAME;
/// How many characters a key has.
const LENGTH: usize = PREFIX + 1 + SECRET + CHECK;

/// SHA-256 of a whole key. A plain hash is enough: the key is random, not chosen by a person.
pub type KeyHash = [u8; 32];

/// A key that was just generated.
#[derive(Clone)]
pub struct IssuedKey {
    /// The whole key, which the owner gets only once.
    pub secret: String,
    /// Its first characters, by which it is looked up.
    pub prefix: String,
    /// What is stored of it.
    pub hash: KeyHash,
}

// The secret is never printed.
impl fmt::Debug for IssuedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuedKey({}***)", self.prefix)
    }
}

/// A key that a caller presents, in the right form.
#[derive(Clone, Copy)]
pub struct ShownKey<'a> {
    /// Its first characters.
    pub prefix: &'a str,
    hash: KeyHash,
}

impl ShownKey<'_> {
    /// Whether it is the key with the stored hash; takes constant time.
    pub fn is(&self, kept: &KeyHash) -> bool {
        self.hash.ct_eq(kept).into()
    }
}

/// Generates a key.
pub fn generate() -> IssuedKey {
    let mut random = rand::rng();
    let mut letters = |count: usize| -> String {
        (0..count).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())])).collect()
    };
    let prefix = format!("{BRAND}{}", letters(NAME));
    let mut secret = format!("{prefix}_{}", letters(SECRET));
    secret.push_str(&check(&secret));
    IssuedKey { hash: Sha256::digest(secret.as_bytes()).into(), prefix, secret }
}

/// Whether a credential is meant to be an API key.
pub fn is_meant(credential: &str) -> bool {
    credential.starts_with(BRAND)
}

/// Parses a credential as a key; `None` if it cannot be a key of any server.
pub fn parse(credential: &str) -> Option<ShownKey<'_>> {
    if credential.len() != LENGTH || !credential.is_ascii() || !is_meant(credential) {
        return None;
    }
    let (rest, checks) = credential.split_at(LENGTH - CHECK);
    if check(rest) != checks {
        return None;
    }
    let hash = Sha256::digest(credential.as_bytes()).into();
    Some(ShownKey { prefix: &credential[..PREFIX], hash })
}

/// Returns the letters that check a text.
fn check(text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let mut number = digest[..8].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let mut letters = String::with_capacity(CHECK);
    for _ in 0..CHECK {
        let base = LETTERS.len() as u64;
        // The remainder is below 58, so it is an index.
        letters.push(char::from(LETTERS[usize::try_from(number % base).unwrap_or(0)]));
        number /= base;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_form_documented_for_scanners_and_is_unique() {
        let (one, other) = (generate(), generate());
        assert_ne!(one.secret, other.secret);
        assert_eq!((one.secret.len(), one.prefix.len()), (64, 13));
        let (head, tail) = one.secret.rsplit_once('_').unwrap();
        assert_eq!(head, one.prefix);
        assert!(head.starts_with("viva_"));
        let letters = head[5..].bytes().chain(tail.bytes());
        assert!(letters.clone().all(|letter| LETTERS.contains(&letter)), "{}", one.secret);
        assert_eq!(letters.count(), 8 + 50);
    }

    #[test]
    fn only_the_same_key_matches_its_hash() {
        let (one, other) = (generate(), generate());
        let shown = parse(&one.secret).unwrap();
        assert_eq!(shown.prefix, one.prefix);
        assert!(shown.is(&one.hash) && !shown.is(&other.hash));
    }

    #[test]
    fn one_wrong_letter_anywhere_is_noticed_without_the_database() {
        let key = generate().secret;
        for at in 0..key.len() {
            let mut bytes = key.clone().into_bytes();
            bytes[at] = if bytes[at] == b'a' { b'b' } else { b'a' };
            let mistyped = String::from_utf8(bytes).unwrap();
            assert!(parse(&mistyped).is_none(), "{at}");
        }
        for text in
            ["", "viva_", &key[..63], &format!("{key}1"), &"viva_".repeat(13), &"é".repeat(32)]
        {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_key_is_never_printed() {
        let key = generate();
        assert!(!format!("{key:?}").contains(&key.secret[14..20]));
    }
}
