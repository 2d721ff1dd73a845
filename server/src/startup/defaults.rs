//! Defaults for every way of starting the server: time limits and the worker's settings.

use std::time::Duration;
use viva_runtime::stop::DRAIN;

use crate::{
    config::LlmConfig,
    domain::throttle::SignInRates,
    startup::app::AppSettings,
    worker::{RetryPolicy, WorkerSettings},
};

/// The longest time for a query.
pub const QUERY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a claimed evaluation is reserved by default. The built-in grader needs milliseconds,
/// and a lease is extended during the work, so the claims of a dead process are soon taken over.
const LEASE: Duration = Duration::from_secs(10);

/// How many evaluations are claimed and graded at the same time.
const CONCURRENCY: usize = 16;

/// The longest wait after the first fault of a language model. The waits of five attempts then add
/// up to half a minute to a minute, the period of most providers' rate limits.
const MODEL_RETRY_BASE: Duration = Duration::from_secs(4);

/// Returns the settings of an app; only tests and a language model change them.
pub fn app_settings(model: Option<&LlmConfig>) -> AppSettings {
    AppSettings {
        access_lifetime: Duration::from_mins(30),
        refresh_lifetime: Duration::from_hours(30 * 24),
        request_timeout: Duration::from_secs(30),
        drain: DRAIN,
        // `serve` sets them; only the owner can reach an embedded server.
        sign_in_limits: SignInRates::OFF,
        is_open: true,
        is_owners_alone: false,
        worker: Some(worker_settings(model)),
    }
}

/// Returns the settings of a worker.
pub fn worker_settings(model: Option<&LlmConfig>) -> WorkerSettings {
    let mut retry = RetryPolicy::default();
    let mut concurrency = CONCURRENCY;
    if let Some(model) = model {
        retry.max_attempts = model.max_attempts;
        retry.base = MODEL_RETRY_BASE;
        // As many as the endpoint accepts; more would only delay the writing of questions.
        concurrency = model.endpoint.concurrency;
    }
    WorkerSettings { concurrency, lease: LEASE, poll: Duration::from_secs(1), retry }
}
