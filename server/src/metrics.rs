//! The metrics that an operator watches. Each name is defined once, with its meaning, and code that
//! counts calls these functions. If nothing was installed, as in an embedded server, counting does
//! nothing.
//!
//! A label's value is always one of a few words fixed in the program. Never use ids, names or
//! texts: they would reveal people, and each would be a separate series forever.

mod page;
mod store;

use std::time::Duration;

use metrics::{
    SharedString, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

pub use page::serve;
pub use store::keep_up;
use viva_runtime::listen;

use crate::{
    domain::{evaluation::GraderKind, provenance::Tokens},
    storage::figures::{PoolFigures, QueueFigures},
};

const REQUESTS: &str = "viva_requests_total";
const LATENCY: &str = "viva_request_duration_seconds";
const WATCHES: &str = "viva_watches";
const QUEUE: &str = "viva_queue_evaluations";
const OLDEST: &str = "viva_queue_oldest_due_seconds";
const EVALUATIONS: &str = "viva_evaluations_total";
const EVALUATION_TIME: &str = "viva_evaluation_duration_seconds";
const MODEL_CALLS: &str = "viva_model_calls_total";
const MODEL_TIME: &str = "viva_model_call_duration_seconds";
const MODEL_TOKENS: &str = "viva_model_tokens_total";
const DATABASE_UP: &str = "viva_database_up";
const POOL: &str = "viva_database_connections";
const BUILD: &str = "viva_build_info";

const COUNTERS: [(&str, &str); 4] = [
    (
        REQUESTS,
        "Calls that have ended, by rpc and gRPC code; a path that is not an RPC counts as other",
    ),
    (
        EVALUATIONS,
        "Attempts at evaluations that have ended, by grader and outcome: completed, failed, retried, \
         returned (given back by a stopping worker), fenced (too late, another worker had taken it), \
         unwritten (the database did not accept the outcome)",
    ),
    (
        MODEL_CALLS,
        "Calls to the language model, by outcome: replied, busy (may work later), broken (will not \
         work like this), capped (not made, the caller's calls are used up)",
    ),
    (MODEL_TOKENS, "Tokens that went to the language model (prompt) and came back (completion)"),
];

const GAUGES: [(&str, &str); 7] = [
    (listen::CONNECTIONS, "Open connections of clients"),
    (WATCHES, "Open watches of interviews"),
    (
        QUEUE,
        "Pending evaluations, by state: due (not claimed yet), waiting (for the next attempt), \
         running",
    ),
    (OLDEST, "Seconds since the oldest due evaluation fell due; 0 when nothing is due"),
    (DATABASE_UP, "Whether the database answered when it was last asked"),
    (POOL, "Connections to the database, by pool and state: used, idle"),
    (BUILD, "Always 1; the version is the label"),
];

const HISTOGRAMS: [(&str, &str, &[f64]); 3] = [
    (LATENCY, "Seconds until the reply to a call began, by rpc", &CALL_BUCKETS),
    (EVALUATION_TIME, "Seconds that an attempt at an evaluation took, by grader", &WORK_BUCKETS),
    (MODEL_TIME, "Seconds that a call to the language model took, by outcome", &WORK_BUCKETS),
];

/// In seconds. Most replies begin within milliseconds; the usual time limit is half a minute.
const CALL_BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// In seconds. The built-in grader takes milliseconds, a language model up to minutes.
const WORK_BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0];

/// What has been counted in this process.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

/// Why nothing is counted.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// The buckets are invalid.
    #[error("metrics cannot be set up: {0}")]
    Build(#[from] BuildError),
    /// Counting has already been set up.
    #[error("metrics have been set up before")]
    Twice,
}

impl Metrics {
    /// Starts counting, for the whole process. Only a program's `main` calls this, once.
    pub fn install() -> Result<Self, MetricsError> {
        let mut builder = PrometheusBuilder::new();
        for (name, _, buckets) in HISTOGRAMS {
            builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets)?;
        }
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).map_err(|_| MetricsError::Twice)?;
        describe();
        Ok(Self(handle))
    }

    /// Everything counted so far, in Prometheus' text format.
    pub fn text(&self) -> String {
        self.0.render()
    }
}

fn describe() {
    for (name, help) in COUNTERS {
        describe_counter!(name, help);
    }
    for (name, help) in GAUGES {
        describe_gauge!(name, help);
    }
    for (name, help, _) in HISTOGRAMS {
        describe_histogram!(name, help);
    }
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    // Report these from the start, even if they stay at zero.
    for name in [listen::CONNECTIONS, WATCHES, OLDEST] {
        gauge!(name).set(0.0);
    }
}

/// Records how long it took until a call's reply began.
pub fn call_answered(rpc: &'static str, after: Duration) {
    histogram!(LATENCY, "rpc" => rpc).record(after);
}

/// Counts a call that has ended, including its stream.
pub fn call_ended(rpc: &'static str, code: &'static str) {
    counter!(REQUESTS, "rpc" => rpc, "code" => code).increment(1);
}

/// Something that is counted while it is open.
#[derive(Debug)]
pub struct OpenGauge(&'static str);

impl OpenGauge {
    /// A watch of an interview.
    pub fn watch() -> Self {
        Self::new(WATCHES)
    }

    fn new(name: &'static str) -> Self {
        gauge!(name).increment(1.0);
        Self(name)
    }
}

impl Drop for OpenGauge {
    fn drop(&mut self) {
        gauge!(self.0).decrement(1.0);
    }
}

/// How an attempt at an evaluation ended.
#[derive(Debug, Clone, Copy)]
pub enum Attempt {
    /// Graded.
    Completed,
    /// Given up.
    Failed,
    /// The grader declined to judge the answer.
    Refused,
    /// Will be retried.
    Retried,
    /// Returned to the queue by a worker that was told to stop.
    Returned,
    /// Another worker had taken it over.
    Fenced,
    /// The outcome could not be written to the database.
    Unwritten,
}

/// Counts an attempt at an evaluation that has ended.
pub fn evaluation_ended(grader: GraderKind, attempt: Attempt) {
    let outcome = match attempt {
        Attempt::Completed => "completed",
        Attempt::Failed => "failed",
        Attempt::Refused => "refused",
        Attempt::Retried => "retried",
        Attempt::Returned => "returned",
        Attempt::Fenced => "fenced",
        Attempt::Unwritten => "unwritten",
    };
    counter!(EVALUATIONS, "grader" => grader_word(grader), "outcome" => outcome).increment(1);
}

/// Records how long a grader took for an answer.
pub fn evaluation_took(grader: GraderKind, duration: Duration) {
    histogram!(EVALUATION_TIME, "grader" => grader_word(grader)).record(duration);
}

fn grader_word(grader: GraderKind) -> &'static str {
    match grader {
        GraderKind::Offline => "offline",
        GraderKind::Model => "model",
    }
}

/// How a call to the language model ended.
#[derive(Debug, Clone, Copy)]
pub enum ModelCall {
    /// It got a reply.
    Replied,
    /// It may work later.
    Busy,
    /// It will not work until something changes.
    Broken,
}

/// Counts a call to the language model that has ended.
pub fn model_called(call: ModelCall, duration: Duration, tokens: Tokens) {
    let outcome = match call {
        ModelCall::Replied => "replied",
        ModelCall::Busy => "busy",
        ModelCall::Broken => "broken",
    };
    counter!(MODEL_CALLS, "outcome" => outcome).increment(1);
    histogram!(MODEL_TIME, "outcome" => outcome).record(duration);
    counter!(MODEL_TOKENS, "direction" => "prompt").increment(tokens.prompt.into());
    counter!(MODEL_TOKENS, "direction" => "completion").increment(tokens.completion.into());
}

/// Counts a call to the language model that was not made because its payer has none left.
pub fn model_call_capped() {
    counter!(MODEL_CALLS, "outcome" => "capped").increment(1);
}

/// Records whether the database responds.
fn database_is(up: bool) {
    gauge!(DATABASE_UP).set(if up { 1.0 } else { 0.0 });
}

fn queue_is(figures: QueueFigures, oldest: Duration) {
    let states = [("due", figures.due), ("waiting", figures.waiting), ("running", figures.running)];
    for (state, number) in states {
        gauge!(QUEUE, "state" => state).set(number as f64);
    }
    gauge!(OLDEST).set(oldest.as_secs_f64());
}

fn pool_is(figures: PoolFigures) {
    let pool = SharedString::const_str(figures.pool);
    let used = figures.open.saturating_sub(figures.idle);
    for (state, number) in [("used", used), ("idle", figures.idle)] {
        gauge!(POOL, "pool" => pool.clone(), "state" => state).set(f64::from(number));
    }
}
