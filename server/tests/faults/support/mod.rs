//! What experiments share: programs, people who practise, and the ledger of acknowledged answers.

pub(crate) mod ledger;
pub(crate) mod people;
pub(crate) mod program;
pub(crate) mod state;

use std::time::Duration;

/// Every point of a submit and its evaluation at which a test can make the program fail.
pub(crate) const POINTS: [&str; 7] = [
    "answer inserted",
    "evaluation inserted",
    "submit committed",
    "claimed",
    "graded",
    "outcome written",
    "outcome committed",
];

/// Whether the long form runs.
pub(crate) fn is_long() -> bool {
    std::env::var_os("VIVA_FAULTS").is_some_and(|value| value == "long")
}

/// Returns the first value in the short form and the second in the long one.
pub(crate) fn scale<T>(short: T, long: T) -> T {
    if is_long() { long } else { short }
}

/// How long a test waits for anything. It measures nothing: a run that takes this long hangs.
pub(crate) fn patience() -> Duration {
    scale(Duration::from_mins(5), Duration::from_hours(1))
}

/// Waits for something that must come.
pub(crate) async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(patience(), future).await;
    done.unwrap_or_else(|_| panic!("timed out waiting for {what} after {:?}", patience()))
}
