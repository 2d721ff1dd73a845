//! The built-in grader, but for answers that ask for a fault.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::Notify;
use viva_server::{
    evaluation::{EvaluationFault, Evaluator, Verdict, offline::OfflineEvaluator},
    storage::queue::Job,
};

/// Grades as the built-in grader does. An answer with `[fail]` fails, with `[retry]` asks for
/// another attempt for ever, with `[twice]` until the second, with `[panic]` panics, and with
/// `[hang]` waits until the test lets it go.
#[derive(Default)]
pub(crate) struct Scripted {
    offline: OfflineEvaluator,
    seen: Mutex<Vec<i64>>,
    calls: AtomicUsize,
    release: Notify,
}

#[tonic::async_trait]
impl Evaluator for Scripted {
    async fn evaluate(&self, job: &Job) -> Verdict {
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.seen.lock().unwrap().push(job.claim.answer_id.get());
        let says = |word: &str| job.answer.contains(word);
        if says("[hang]") {
            self.release.notified().await;
        }
        if says("[panic]") {
            panic!("the answer asked for it");
        }
        if says("[fail]") {
            return Err(EvaluationFault::fail("LLM_API_KEY is not accepted by the endpoint."));
        }
        if says("[retry]") || (says("[twice]") && job.attempt < 2) {
            return Err(EvaluationFault::retry("The model is busy."));
        }
        self.offline.evaluate(job).await
    }
}
