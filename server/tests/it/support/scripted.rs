//! The built-in grader, except for answers that ask for a fault.

use tokio::sync::{Notify, watch};
use viva_server::{
    evaluation::{EvaluationFault, EvaluationResult, Evaluator, offline::OfflineEvaluator},
    storage::queue::Job,
};

/// Grades as the built-in grader does. An answer with `[fail]` fails, one with `[retry]` always
/// asks for another attempt and one with `[twice]` once, `[panic]` panics, and `[hang]` waits until
/// the test releases it. Of an answer with `[overlook]`, only what comes before it is graded.
pub(crate) struct Scripted {
    offline: OfflineEvaluator,
    begun: watch::Sender<Vec<i64>>,
    release: Notify,
}

impl Default for Scripted {
    fn default() -> Self {
        let begun = watch::Sender::new(Vec::new());
        Self { offline: OfflineEvaluator::new(), begun, release: Notify::new() }
    }
}

impl Scripted {
    /// Waits until the grader has started on this answer.
    pub(crate) async fn has(&self, answer_id: i64) {
        let mut begun = self.begun.subscribe();
        begun.wait_for(|begun| begun.contains(&answer_id)).await.unwrap();
    }

    /// Waits until the grader has started on this many answers.
    pub(crate) async fn has_begun(&self, count: usize) {
        let mut begun = self.begun.subscribe();
        begun.wait_for(|begun| begun.len() >= count).await.unwrap();
    }

    /// The answers that it has started on, once for each attempt.
    pub(crate) fn begun(&self) -> Vec<i64> {
        self.begun.borrow().clone()
    }

    /// Releases one hanging evaluation.
    pub(crate) fn let_go(&self) {
        self.release.notify_one();
    }
}

#[tonic::async_trait]
impl Evaluator for Scripted {
    async fn evaluate(&self, job: &Job) -> EvaluationResult {
        self.begun.send_modify(|begun| begun.push(job.claim.answer_id.get()));
        let says = |word: &str| job.answer.contains(word);
        if says("[hang]") {
            self.release.notified().await;
        }
        assert!(!says("[panic]"), "the answer asked for it");
        if says("[fail]") {
            return Err(EvaluationFault::fail("LLM_API_KEY is not accepted by the endpoint."));
        }
        if says("[retry]") || (says("[twice]") && job.attempt < 2) {
            return Err(EvaluationFault::retry("The model is busy."));
        }
        if let Some((seen, _)) = job.answer.split_once("[overlook]") {
            let seen = Job { answer: seen.trim_end().to_owned(), ..job.clone() };
            return self.offline.evaluate(&seen).await;
        }
        self.offline.evaluate(job).await
    }
}
