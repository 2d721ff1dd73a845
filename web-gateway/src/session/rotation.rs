//! One exchange per refresh token. A token works once, but two tabs of one browser may send the
//! same one: the second gets the first one's result, for as long as the two can overlap.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sha2::{Digest, Sha256};
use tokio::{sync::OnceCell, time::Instant};
use tonic::Status;
use viva_proto::v1::Session;

use crate::status;

/// How long a result is kept: longer than an exchange takes, but far shorter than an access token
/// is valid.
const KEPT: Duration = Duration::from_secs(20);

/// A token's hash.
type Key = [u8; 32];

/// The exchanges of the last few seconds. Clones share them.
#[derive(Clone)]
pub(super) struct Rotations {
    known: Arc<Mutex<HashMap<Key, Arc<Exchange>>>>,
    kept: Duration,
}

impl Default for Rotations {
    fn default() -> Self {
        Self { known: Arc::default(), kept: KEPT }
    }
}

struct Exchange {
    began: Instant,
    result: OnceCell<Session>,
}

impl Rotations {
    /// The result of the token's exchange; runs `exchange` if it has not been exchanged yet. The
    /// exchange runs to completion even if no caller waits for it any more: the token is then used
    /// up, and its successor must not be lost.
    pub(super) async fn once(
        &self,
        token: &str,
        exchange: impl Future<Output = Result<Session, Status>> + Send + 'static,
    ) -> Result<Session, Status> {
        let key: Key = Sha256::digest(token.as_bytes()).into();
        let known = self.exchange(key);
        let running =
            tokio::spawn(async move { known.result.get_or_try_init(|| exchange).await.cloned() });
        let result = running.await.unwrap_or_else(|_| Err(status::internal()));
        if result.is_err() {
            // Invalid tokens must not fill the memory.
            self.forget(token);
        }
        result
    }

    /// Forgets the result of the token's exchange.
    pub(super) fn forget(&self, token: &str) {
        let key: Key = Sha256::digest(token.as_bytes()).into();
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
    }

    fn exchange(&self, key: Key) -> Arc<Exchange> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, exchange| exchange.began.elapsed() < self.kept);
        let new = || Arc::new(Exchange { began: Instant::now(), result: OnceCell::new() });
        Arc::clone(known.entry(key).or_insert_with(new))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Counts, and returns a session that contains the count.
    async fn count(counter: Arc<AtomicUsize>) -> Result<Session, Status> {
        tokio::task::yield_now().await;
        let at = counter.fetch_add(1, Ordering::SeqCst);
        Ok(Session { access_token: at.to_string(), ..Session::default() })
    }

    #[tokio::test]
    async fn a_token_is_exchanged_once_for_all_calls_within_some_seconds() {
        let (rotations, counter) = (Rotations::default(), Arc::new(AtomicUsize::new(0)));
        let both = tokio::join!(
            rotations.once("a", count(counter.clone())),
            rotations.once("a", count(counter.clone())),
        );
        let after = rotations.once("a", count(counter.clone())).await.unwrap();
        for session in [both.0.unwrap(), both.1.unwrap(), after] {
            assert_eq!(session.access_token, "0");
        }
        assert_eq!(rotations.once("b", count(counter.clone())).await.unwrap().access_token, "1");
    }

    #[tokio::test]
    async fn old_results_are_forgotten() {
        let (rotations, counter) = (Rotations::default(), Arc::new(AtomicUsize::new(0)));
        let rotations = Rotations { kept: Duration::ZERO, ..rotations };
        for wanted in ["0", "1"] {
            let session = rotations.once("a", count(counter.clone())).await.unwrap();
            assert_eq!(session.access_token, wanted);
            assert_eq!(rotations.known.lock().unwrap().len(), 1);
        }
    }

    #[tokio::test]
    async fn a_failed_exchange_is_tried_again() {
        let (rotations, counter) = (Rotations::default(), Arc::new(AtomicUsize::new(0)));
        let failed = rotations.once("a", async { Err(status::unavailable()) }).await;
        assert!(failed.is_err());
        assert!(rotations.known.lock().unwrap().is_empty(), "rubbish is not kept");
        assert!(rotations.once("a", count(counter)).await.is_ok());
    }
}
