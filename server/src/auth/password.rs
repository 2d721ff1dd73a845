//! Password hashing: argon2id with 19 MiB, two passes, one lane, the least that OWASP's password
//! storage cheat sheet allows. It runs on a few threads of its own, so that a flood of sign-ins takes
//! neither the memory nor the threads that the rest of the server lives on.
//!
//! A hash of an earlier version may be weaker than today's. Checking a wrong password against it
//! costs the rest of today's work as well, or its time would tell that the name is known.
//!
//! Every caller with a password takes a turn first, and the number of turns is limited. Without one, a
//! caller is told when to come back before anything is looked up or written for them.

mod meter;
mod threads;

use std::{cell::RefCell, sync::Arc, thread::available_parallelism, time::Duration};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{PasswordHasher, phc::PasswordHash},
};
use subtle::ConstantTimeEq as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use meter::HashingFigures;
use meter::Meter;
use threads::Threads;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What hashing costs today: KiB of memory times passes, which is what its time grows with.
const WORK: u32 = MEMORY_KIB * PASSES;

/// How many may be at work with a password, those who wait for a place among them. A busy processor
/// hashes forty in a second, so the last of these waits as long as anybody cares to.
pub const MOST_TURNS: usize = 512;

/// How soon whoever finds no turn may come back: about as long as all those before them take.
pub const COME_BACK: Duration = Duration::from_secs(5);

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    turns: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    threads: Threads,
    /// How many slots there are.
    places: u32,
    /// The hash of no account, checked for a name that does not exist, so that the answer takes as
    /// long as for one that does.
    nobody: Arc<str>,
    meter: Arc<Meter>,
}

/// Nothing is hashed while this is held.
pub struct Pause(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

/// Somebody's turn to hash or check a password, and another one after it. Dropping it lets the next in.
pub struct Turn {
    passwords: Passwords,
    _turn: OwnedSemaphorePermit,
}

/// Why a password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// All turns are taken.
    #[error("too many passwords at once")]
    Busy,
    /// A broken hash, or no thread to do it on.
    #[error("password hashing failed: {0}")]
    Failed(String),
}

impl Passwords {
    /// Sets up hashing, as many at once as there are processors.
    pub fn new() -> Result<Self, PasswordError> {
        let argon2 = today()?;
        let nobody = argon2.hash_password(b"nobody's password").map_err(failed)?.to_string();
        let places = available_parallelism().ok().and_then(|n| u32::try_from(n.get()).ok());
        let places = places.unwrap_or(2);
        let slots = Arc::new(Semaphore::new(usize::try_from(places).map_err(failed)?));
        let threads = Threads::start(places).map_err(failed)?;
        let turns = Arc::new(Semaphore::new(MOST_TURNS));
        let (nobody, meter) = (nobody.into(), Arc::default());
        Ok(Self { argon2, turns, slots, threads, places, nobody, meter })
    }

    /// What argon2 has done so far: the one part of a sign-in whose time can be noticed from outside.
    pub fn figures(&self) -> HashingFigures {
        self.meter.figures(self.places)
    }

    /// Lets what is being hashed finish, and holds up everything else that is to be hashed until the
    /// pause is dropped.
    pub async fn pause(&self) -> Result<Pause, PasswordError> {
        let all = Arc::clone(&self.slots).acquire_many_owned(self.places);
        Ok(Pause(all.await.map_err(failed)?))
    }

    /// A turn with a password, unless as many as may have one do.
    pub fn turn(&self) -> Result<Turn, PasswordError> {
        let turn = Arc::clone(&self.turns).try_acquire_owned();
        let turn = turn.map_err(|_| PasswordError::Busy)?;
        Ok(Turn { passwords: self.clone(), _turn: turn })
    }

    /// How many turns are left.
    pub fn turns_left(&self) -> usize {
        self.turns.available_permits()
    }

    /// The PHC string of a password, in a turn of its own.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        self.turn()?.hash(password).await
    }

    async fn in_a_slot<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Meter) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(failed)?;
        let meter = Arc::clone(&self.meter);
        let done = self.threads.run(move || {
            // The slot is given back when the work is done, even if the caller has gone away.
            let _slot = slot;
            work(&meter)
        });
        // The text of a panic is left out: it may quote what was hashed.
        done.await.ok_or_else(|| failed("hashing panicked"))?
    }
}

impl Turn {
    /// The PHC string of a password, with a salt of its own.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let (argon2, password) = (self.passwords.argon2.clone(), password.to_owned());
        let hashed = self.passwords.in_a_slot(move |meter| {
            let hash = meter.run(WORK, || argon2.hash_password(password.as_bytes()));
            Ok(hash.map_err(failed)?.to_string())
        });
        hashed.await
    }

    /// Whether the password is the one that was hashed. Without a hash the answer is no, after as
    /// much work.
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

/// Whether a hash is weaker than one that would be made today. More memory for fewer passes is not.
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

/// Whether the hash is that password's.
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
    /// What argon2 fills, kept for the next password: there are as many threads as places. Given back
    /// and asked for again each time, it would be scattered over the heap.
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

/// What checking a password against that hash costs.
fn work_of(hash: &PasswordHash) -> u32 {
    let work = |params: Params| params.m_cost().saturating_mul(params.t_cost());
    Params::try_from(hash).map_or(0, work)
}

/// Does what is left of today's work once so much of it is done, for nothing but the time it takes.
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
        passwords.turn()?.verify(password, hash).await
    }

    #[tokio::test]
    async fn the_hash_says_argon2id_with_19_mib_and_two_passes() {
        let hash = Passwords::new().unwrap().hash("correct horse 42").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[tokio::test]
    async fn only_the_very_password_matches() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("correct horse 42").await.unwrap();
        assert!(verify(&passwords, "correct horse 42", Some(&hash)).await.unwrap());
        for near in ["correct horse 4", "correct horse 42 ", "Correct horse 42", ""] {
            assert!(!verify(&passwords, near, Some(&hash)).await.unwrap(), "{near:?}");
        }
    }

    #[tokio::test]
    async fn nobody_and_an_account_without_password_cannot_sign_in() {
        let passwords = Passwords::new().unwrap();
        assert!(!verify(&passwords, "nobody's password", None).await.unwrap());
        assert!(!verify(&passwords, "nobody's password", Some("")).await.unwrap());
    }

    /// The hash of a password as an earlier version may have made it.
    fn old_hash(algorithm: Algorithm, memory: u32, passes: u32) -> String {
        let params = Params::new(memory, passes, 1, None).unwrap();
        let argon2 = Argon2::new(algorithm, Version::V0x13, params);
        argon2.hash_password(b"correct horse 42").unwrap().to_string()
    }

    #[tokio::test]
    async fn a_hash_of_other_parameters_is_checked_by_its_own_and_known_for_weak_or_not() {
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
    async fn refusing_costs_the_same_whoever_is_named_and_however_old_the_hash_is() {
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
    async fn no_more_is_hashed_at_once_than_there_are_places_and_nothing_in_a_pause() {
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
        assert!((1..=figures.places).contains(&figures.most_at_once), "{figures:?}");
    }

    #[tokio::test]
    async fn one_too_many_is_sent_away_at_once_and_whoever_leaves_makes_room() {
        let passwords = Passwords::new().unwrap();
        let _pause = passwords.pause().await.unwrap();
        let tries = (0..MOST_TURNS).map(|_| Box::pin(verify(&passwords, "wrong", None)));
        let mut tries: Vec<_> = tries.collect();
        for waiting in &mut tries {
            assert!(futures::poll!(waiting).is_pending());
        }
        let more = futures::poll!(std::pin::pin!(passwords.hash("one too many")));
        assert!(matches!(more, std::task::Poll::Ready(Err(PasswordError::Busy))));
        tries.pop();
        let turn = passwords.turn().unwrap();
        assert!(passwords.turn().is_err());
        drop((turn, tries));
        assert_eq!(passwords.turns_left(), MOST_TURNS);
        assert_eq!(passwords.figures().runs, 0, "nothing is hashed for those who have left");
    }
}
