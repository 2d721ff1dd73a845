//! Effects about language models on this machine.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;

use super::Runner;
use crate::{
    discovery::Found,
    effect::Effect,
    local::llm::Tried,
    msg::Reply,
    problem::{Problem, ProblemKind},
};

impl Runner {
    pub(super) fn find_models(&self, all: bool) {
        let Some(finder) = self.finder.clone() else { return };
        self.load(async move {
            let models = finder.find(all).await;
            Reply::ModelsFound { all, models }
        });
    }

    pub(super) fn try_model(&mut self, found: Found) {
        let Some(finder) = self.finder.clone() else { return };
        self.stop_trying();
        let replies = self.replies.clone();
        let work = tokio::spawn(async move {
            // A trial that panics must not leave the user waiting.
            let trial = AssertUnwindSafe(finder.try_out(&found)).catch_unwind().await;
            let died = |_| Tried::Silent("the trial stopped unexpectedly; try again".to_owned());
            let tried = trial.unwrap_or_else(died);
            Reply::ModelTried(found, tried)
        });
        self.trying = Some(work.abort_handle());
        tokio::spawn(super::pass_on(work, replies));
    }

    /// Cancels the trial. The model may finish its current work.
    pub(super) fn stop_trying(&mut self) {
        if let Some(work) = self.trying.take() {
            work.abort();
        }
    }

    pub(super) fn decline_models(&mut self, models: Vec<Found>) {
        let Some(finder) = self.finder.clone() else { return };
        self.write(
            async move { Reply::ModelsDeclined(on_disk(move || finder.decline(&models)).await) },
        );
    }

    pub(super) fn adopt_model(&mut self, found: Found) {
        let Some(finder) = self.finder.clone() else { return };
        let adopted = found.clone();
        self.write(async move {
            Reply::ModelAdopted(found, on_disk(move || finder.adopt(&adopted)).await)
        });
    }

    /// Restarts the embedded server. The stream of the open interview is reopened afterwards.
    pub(super) fn use_model(&mut self, found: &Found) {
        let Some(finder) = &self.finder else { return };
        self.model = Some(finder.config(found));
        self.unwatch();
        self.watch_rows(Vec::new());
        self.start(Effect::Connect);
    }
}

/// Does blocking work on the disk without holding up other tasks.
pub(super) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Problem::new(ProblemKind::Local, error.to_string())))
}
