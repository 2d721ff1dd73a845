//! What every way of starting the server shares: file names, limits, the worker's settings.

use std::time::Duration;

use crate::{
    app::AppSettings,
    config::ModelConfig,
    domain::throttle::DoorLimits,
    worker::{RetryPolicy, WorkerSettings},
};

/// The database's name in the data folder.
pub const DATABASE_FILE: &str = "viva.db";

/// The signing key's name in the data folder.
pub const KEY_FILE: &str = "secret_key";

/// The longest that a query may take.
pub const QUERY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a stopping process waits for what is under way. Those who send SIGTERM send SIGKILL ten
/// seconds later as a rule.
pub const DRAIN: Duration = Duration::from_secs(8);

/// How long a claimed evaluation is nobody else's where nothing says otherwise. The built-in grader
/// needs milliseconds and a lease is prolonged while somebody works, so what a dead process had
/// claimed is taken over soon.
const LEASE: Duration = Duration::from_secs(10);

/// Evaluations that are claimed and under way at the same time.
const CONCURRENCY: usize = 16;

/// The longest wait after a first fault of a language model; the waits of five attempts then span
/// half a minute to a minute, which is the time that most limits of providers count by.
const MODEL_RETRY_BASE: Duration = Duration::from_secs(4);

/// The settings that nothing changes but a test and the language model.
pub fn app_settings(model: Option<&ModelConfig>) -> AppSettings {
    AppSettings {
        access_lifetime: Duration::from_mins(30),
        refresh_lifetime: Duration::from_hours(30 * 24),
        request_timeout: Duration::from_secs(30),
        drain: DRAIN,
        // `serve` sets them; an embedded server has nobody at its door.
        doors: DoorLimits::OFF,
        is_open: true,
        worker: Some(worker_settings(model)),
    }
}

/// The worker's part of these.
pub fn worker_settings(model: Option<&ModelConfig>) -> WorkerSettings {
    let mut retry = RetryPolicy::default();
    let mut concurrency = CONCURRENCY;
    if let Some(model) = model {
        retry.max_attempts = model.max_attempts;
        retry.base = MODEL_RETRY_BASE;
        // As many as the endpoint bears: more would only stand in the way of writing questions.
        concurrency = model.endpoint.concurrency;
    }
    WorkerSettings { concurrency, lease: LEASE, poll: Duration::from_secs(1), retry }
}
