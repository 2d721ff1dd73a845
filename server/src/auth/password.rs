//! Password hashing: argon2id with 19 MiB, two passes, one lane, the least that OWASP's password
//! storage cheat sheet allows. It runs on blocking threads, few at a time, so that a flood of
//! sign-ins takes neither the memory nor the threads that the rest of the server lives on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::available_parallelism,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    slots: Arc<Semaphore>,
    /// The hash of no account, checked for a name that does not exist, so that the answer takes as
    /// long as for one that does.
    nobody: Arc<str>,
    runs: Arc<AtomicU64>,
}

/// Why a password could not be hashed or checked: a broken hash, or no thread to do it on.
#[derive(Debug, thiserror::Error)]
#[error("password hashing failed: {0}")]
pub struct PasswordError(String);

impl Passwords {
    /// Sets up hashing, as many at once as there are processors.
    pub fn new() -> Result<Self, PasswordError> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = argon2.hash_password(b"nobody's password").map_err(failed)?.to_string();
        let slots = available_parallelism().map_or(2, usize::from);
        let runs = Arc::new(AtomicU64::new(0));
        Ok(Self { argon2, slots: Arc::new(Semaphore::new(slots)), nobody: nobody.into(), runs })
    }

    /// How often argon2 has run: the one part of a sign-in whose time can be noticed from outside.
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// The PHC string of a password, with a salt of its own.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let (argon2, password) = (self.argon2.clone(), password.to_owned());
        self.in_a_slot(move || {
            Ok(argon2.hash_password(password.as_bytes()).map_err(failed)?.to_string())
        })
        .await
    }

    /// Whether the password is the one that was hashed. Without a hash the answer is no, after as
    /// much work.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, PasswordError> {
        // An account without a password (the embedded owner's) has an empty hash.
        let known = hash.filter(|hash| !hash.is_empty());
        let hash = known.unwrap_or(&self.nobody).to_owned();
        let (argon2, password) = (self.argon2.clone(), password.to_owned());
        let matches = self
            .in_a_slot(move || {
                let hash = PasswordHash::new(&hash).map_err(failed)?;
                match argon2.verify_password(password.as_bytes(), &hash) {
                    Ok(()) => Ok(true),
                    Err(password_hash::Error::PasswordInvalid) => Ok(false),
                    Err(error) => Err(failed(error)),
                }
            })
            .await?;
        Ok(matches && known.is_some())
    }

    async fn in_a_slot<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(failed)?;
        let runs = Arc::clone(&self.runs);
        let done = spawn_blocking(move || {
            // The slot is given back when the work is done, even if the caller has gone away.
            let _slot = slot;
            runs.fetch_add(1, Ordering::Relaxed);
            work()
        });
        // The text of a panic is left out: it may quote what was hashed.
        done.await.map_err(|_| failed("hashing panicked"))?
    }
}

fn failed(cause: impl std::fmt::Display) -> PasswordError {
    PasswordError(cause.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_hash_says_argon2id_with_19_mib_and_two_passes() {
        let hash = Passwords::new().unwrap().hash("correct horse 42").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[tokio::test]
    async fn only_the_very_password_matches() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("correct horse 42").await.unwrap();
        assert!(passwords.verify("correct horse 42", Some(&hash)).await.unwrap());
        for near in ["correct horse 4", "correct horse 42 ", "Correct horse 42", ""] {
            assert!(!passwords.verify(near, Some(&hash)).await.unwrap(), "{near:?}");
        }
    }

    #[tokio::test]
    async fn nobody_and_an_account_without_password_cannot_sign_in() {
        let passwords = Passwords::new().unwrap();
        assert!(!passwords.verify("nobody's password", None).await.unwrap());
        assert!(!passwords.verify("nobody's password", Some("")).await.unwrap());
    }
}
