//! What experiments are made of: programs, people who practise, and the ledger of what was promised.

pub(crate) mod ledger;
pub(crate) mod people;
pub(crate) mod program;
pub(crate) mod state;

use std::time::Duration;

/// Every point of a submit and its evaluation at which a program can be made to fail.
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

/// One number for the short form and one for the long.
pub(crate) fn scale<T>(short: T, long: T) -> T {
    if is_long() { long } else { short }
}

/// The longest that anything here is waited for. Nothing is measured by it: a run that needs so long
/// hangs.
pub(crate) fn patience() -> Duration {
    scale(Duration::from_mins(5), Duration::from_hours(1))
}

/// Waits for something that must come.
pub(crate) async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(patience(), future).await;
    done.unwrap_or_else(|_| panic!("{what}: not within {:?}", patience()))
}
