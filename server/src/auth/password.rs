//! Password hashing: argon2id with 19 MiB, two passes and one lane, the minimum in OWASP's password
//! storage cheat sheet. It runs on a few separate threads, so that a flood of sign-ins takes
//! neither the memory nor the threads that the rest of the server needs.
//!
//! A hash by an earlier version may be weaker than new ones. After checking a wrong password
//! against it, the rest of the usual work is done too; otherwise the time would reveal that the
//! name exists.
//!
//! Every call with a password takes a permit first, and the number of permits is limited. A call that
//! gets none is refused, with a time to retry, before anything is looked up or written for it.

mod meter;

use std::{cell::RefCell, num::NonZero, sync::Arc, thread::available_parallelism, time::Duration};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{PasswordHasher, phc::PasswordHash},
};
use subtle::ConstantTimeEq as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use viva_runtime::threads::{Priority, Threads};

pub use meter::HashingFigures;
use meter::Meter;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The work of a new hash: KiB of memory times passes, to which its time is proportional.
const WORK: u32 = MEMORY_KIB * PASSES;

/// How many calls with a password may be in progress, including those that wait for a slot. A busy
/// processor hashes forty a second, so the last of them waits as long as a person would.
pub const MOST_PERMITS: usize = 512;

/// How soon a caller that gets no permit may retry: about as long as the calls that have one take.
pub const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    threads: Threads,
    /// How many slots there are.
    slot_count: u32,
    /// A hash of no account, which is checked for a name that does not exist, so that the reply
    /// takes the same time as for one that does.
    nobody: Arc<str>,
    meter: Arc<Meter>,
}

/// A pause: nothing is hashed while it is held.
pub struct Pause(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

/// A caller's permit to hash and check passwords. Dropping it makes room for the next.
pub struct HashingPermit {
    passwords: Passwords,
    _permit: OwnedSemaphorePermit,
}

/// Why a password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// All permits are taken.
    #[error("too many passwords at once")]
    Busy,
    /// The stored hash is broken, or hashing itself failed.
    #[error("password hashing failed: {0}")]
    Failed(String),
}

impl Passwords {
    /// Sets up hashing, with a slot for each processor.
    pub fn new() -> Result<Self, PasswordError> {
        let argon2 = today()?;
        let nobody = argon2.hash_password(b"nobody's password").map_err(failed)?.to_string();
        let processors = available_parallelism().map_or(2, NonZero::get);
        let slot_count = u32::try_from(processors).map_err(failed)?;
        let slots = Arc::new(Semaphore::new(processors));
        let threads = Threads::start("hashing", processors, Priority::Normal).map_err(failed)?;
        let permits = Arc::new(Semaphore::new(MOST_PERMITS));
        let (nobody, meter) = (nobody.into(), Arc::default());
        Ok(Self { argon2, permits, slots, threads, slot_count, nobody, meter })
    }

    /// Returns how much argon2 has run so far, the only part of a sign-in that takes long.
    pub fn figures(&self) -> HashingFigures {
        self.meter.figures(self.slot_count)
    }

    /// Waits for hashing in progress, then lets nothing be hashed until the pause is dropped.
    pub async fn pause(&self) -> Result<Pause, PasswordError> {
        let all = Arc::clone(&self.slots).acquire_many_owned(self.slot_count);
        Ok(Pause(all.await.map_err(failed)?))
    }

    /// Takes a permit, unless all are taken.
    pub fn permit(&self) -> Result<HashingPermit, PasswordError> {
        let permit = Arc::clone(&self.permits).try_acquire_owned();
        let permit = permit.map_err(|_| PasswordError::Busy)?;
        Ok(HashingPermit { passwords: self.clone(), _permit: permit })
    }

    /// Returns how many permits are free.
    pub fn permits_left(&self) -> usize {
        self.permits.available_permits()
    }

    /// Takes a permit and returns the PHC string of a password.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        self.permit()?.hash(password).await
    }

    async fn in_a_slot<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Meter) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(failed)?;
        let meter = Arc::clone(&self.meter);
        let done = self.threads.run(move || {
            // The slot is released when the work is done, even if the caller has disconnected.
            let _slot = slot;
            work(&meter)
        });
        // The text of a panic is left out: it may quote what was hashed.
        done.await.ok_or_else(|| failed("hashing panicked"))?
    }
}

impl HashingPermit {
    /// Returns the PHC string of a password, with a new salt.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let (argon2, password) = (self.passwords.argon2.clone(), password.to_owned());
        let hashed = self.passwords.in_a_slot(move |meter| {
            let hash = meter.run(WORK, || argon2.hash_password(password.as_bytes()));
            Ok(hash.map_err(failed)?.to_string())
        });
        hashed.await
    }

    /// Whether the password is the one that was hashed; false without a hash, after the same work.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, PasswordError> {
        // An account without a password (the embedded owner's) has an empty hash.
        let known = hash.filter(|hash| !hash.is_empty());
        let hash = known.unwrap_or(&self.passwords.nobody).to_owned();
        let password = password.to_owned();
        let matches = self
            .passwords
            .in_a_slot(move |meter| {
                let hash = PasswordHash::new(&hash).map_err(failed)?;
                let work = work_of(&hash);
                let matches = meter.run(work, || is_of(password.as_bytes(), &hash))?;
                if !matches {
                    do_the_rest(work, password.as_bytes(), meter)?;
                }
                Ok(matches)
            })
            .await?;
        Ok(matches && known.is_some())
    }
}

/// Whether a hash is weaker than a new one would be. More memory with fewer passes is not weaker.
pub fn is_weak(hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let is_ours = hash.algorithm == Algorithm::Argon2id.ident()
        && hash.version == Some(Version::V0x13.into());
    let memory = Params::try_from(&hash).map_or(0, |params| params.m_cost());
    !is_ours || memory < MEMORY_KIB || work_of(&hash) < WORK
}

fn today() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether the hash is of this password.
fn is_of(password: &[u8], hash: &PasswordHash) -> Result<bool, PasswordError> {
    let (Some(salt), Some(kept)) = (&hash.salt, &hash.hash) else {
        return Err(failed("a hash without salt or without anything"));
    };
    let algorithm = Algorithm::new(hash.algorithm.as_str()).map_err(failed)?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from).map_err(failed)?;
    let argon2 = Argon2::new(algorithm, version, Params::try_from(hash).map_err(failed)?);
    let mut output = vec![0; kept.len()];
    run(&argon2, password, salt.as_ref(), &mut output)?;
    Ok(output.ct_eq(kept.as_ref()).into())
}

thread_local! {
    /// The memory that argon2 fills, kept for the next password; the threads are few. Allocating it
    /// again each time would fragment the heap.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

fn run(argon2: &Argon2, password: &[u8], salt: &[u8], out: &mut [u8]) -> Result<(), PasswordError> {
    let blocks = argon2.params().block_count();
    MEMORY
        .with_borrow_mut(|memory| {
            if memory.len() < blocks {
                memory.resize(blocks, Block::default());
            }
            argon2.hash_password_into_with_memory(password, salt, out, &mut memory[..blocks])
        })
        .map_err(failed)
}

/// The work of checking a password against a hash.
fn work_of(hash: &PasswordHash) -> u32 {
    let work = |params: Params| params.m_cost().saturating_mul(params.t_cost());
    Params::try_from(hash).map_or(0, work)
}

/// Does the rest of the usual work after `done`, only to take the same time.
fn do_the_rest(done: u32, password: &[u8], meter: &Meter) -> Result<(), PasswordError> {
    let rest = WORK.saturating_sub(done);
    let passes = rest.div_ceil(MEMORY_KIB).max(1);
    let memory = rest / passes;
    if memory < Params::MIN_M_COST {
        return Ok(());
    }
    let params = Params::new(memory, passes, LANES, None).map_err(failed)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut nothing = [0; Params::DEFAULT_OUTPUT_LEN];
    let salt = b"the salt of nobody";
    meter.run(memory * passes, || run(&argon2, password, salt, &mut nothing))
}

fn failed(cause: impl std::fmt::Display) -> PasswordError {
    PasswordError::Failed(cause.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn verify(
        passwords: &Passwords,
        password: &str,
        hash: Option<&str>,
    ) -> Result<bool, PasswordError> {
        passwords.permit()?.verify(password, hash).await
    }

    #[tokio::test]
    async fn a_hash_is_by_argon2id_with_19_mib_and_two_passes() {
        let hash = Passwords::new().unwrap().hash("correct horse 42").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[tokio::test]
    async fn only_the_same_password_matches() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("correct horse 42").await.unwrap();
        assert!(verify(&passwords, "correct horse 42", Some(&hash)).await.unwrap());
        for near in ["correct horse 4", "correct horse 42 ", "Correct horse 42", ""] {
            assert!(!verify(&passwords, near, Some(&hash)).await.unwrap(), "{near:?}");
        }
    }

    #[tokio::test]
    async fn an_unknown_name_and_an_account_without_password_cannot_sign_in() {
        let passwords = Passwords::new().unwrap();
        assert!(!verify(&passwords, "nobody's password", None).await.unwrap());
        assert!(!verify(&passwords, "nobody's password", Some("")).await.unwrap());
    }

    /// The hash of a password with other parameters, as an earlier version may have made it.
    fn old_hash(algorithm: Algorithm, memory: u32, passes: u32) -> String {
        let params = Params::new(memory, passes, 1, None).unwrap();
        let argon2 = Argon2::new(algorithm, Version::V0x13, params);
        argon2.hash_password(b"correct horse 42").unwrap().to_string()
    }

    #[tokio::test]
    async fn a_hash_is_checked_with_its_own_parameters_and_recognised_if_weak() {
        use Algorithm::{Argon2i, Argon2id};
        let passwords = Passwords::new().unwrap();
        for (algorithm, memory, passes, weak) in [
            (Argon2id, 19 * 1024, 2, false),
            (Argon2id, 19 * 1024, 3, false),
            (Argon2id, 46 * 1024, 1, false),
            (Argon2id, 19 * 1024, 1, true),
            (Argon2id, 12 * 1024, 3, true),
            (Argon2id, 8 * 1024, 9, true),
            (Argon2i, 19 * 1024, 2, true),
        ] {
            let hash = old_hash(algorithm, memory, passes);
            assert_eq!(is_weak(&hash), weak, "{hash}");
            assert!(verify(&passwords, "correct horse 42", Some(&hash)).await.unwrap(), "{hash}");
        }
        assert!(!is_weak("") && !is_weak(&passwords.hash("correct horse 42").await.unwrap()));
    }

    #[tokio::test]
    async fn a_wrong_password_costs_the_same_work_whatever_the_name_and_hash() {
        let passwords = Passwords::new().unwrap();
        let today = passwords.hash("correct horse 42").await.unwrap();
        let old = [(19 * 1024, 1), (12 * 1024, 3), (4096, 1), (8, 1)];
        let old = old.map(|(memory, passes)| old_hash(Algorithm::Argon2id, memory, passes));
        let kept = old.iter().chain([&today]).map(String::as_str);
        for hash in kept.map(Some).chain([None, Some("")]) {
            let before = passwords.figures().work;
            assert!(!verify(&passwords, "wrong", hash).await.unwrap());
            let work = passwords.figures().work - before;
            assert!(work.abs_diff(u64::from(WORK)) <= 1, "{work} KiB for {hash:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn hashing_never_exceeds_its_slots_and_stops_in_a_pause() {
        let passwords = Passwords::new().unwrap();
        let pause = passwords.pause().await.unwrap();
        let tries = (0..20).map(|_| verify(&passwords, "wrong", None));
        let mut tries = std::pin::pin!(futures::future::join_all(tries));
        assert!(futures::poll!(&mut tries).is_pending());
        assert_eq!(passwords.figures().runs, 0);
        drop(pause);
        tries.await;
        let figures = passwords.figures();
        assert_eq!(figures.runs, 20);
        assert!((1..=figures.slots).contains(&figures.most_at_once), "{figures:?}");
    }

    #[tokio::test]
    async fn a_call_over_the_limit_is_refused_immediately_and_a_call_that_ends_makes_room() {
        let passwords = Passwords::new().unwrap();
        let _pause = passwords.pause().await.unwrap();
        let tries = (0..MOST_PERMITS).map(|_| Box::pin(verify(&passwords, "wrong", None)));
        let mut tries: Vec<_> = tries.collect();
        for waiting in &mut tries {
            assert!(futures::poll!(waiting).is_pending());
        }
        let more = futures::poll!(std::pin::pin!(passwords.hash("one too many")));
        assert!(matches!(more, std::task::Poll::Ready(Err(PasswordError::Busy))));
        tries.pop();
        let permit = passwords.permit().unwrap();
        assert!(passwords.permit().is_err());
        drop((permit, tries));
        assert_eq!(passwords.permits_left(), MOST_PERMITS);
        assert_eq!(passwords.figures().runs, 0, "nothing is hashed for callers that have left");
    }
}
