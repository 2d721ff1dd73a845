//! The measurements, as rows of a table.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use tonic::Code;

use crate::{
    operation::Operation,
    process::{Spent, Watched},
};

/// The head of the table.
pub(crate) const HEAD: &str = "\
| run | a second | p50 ms | p95 ms | p99 ms | p99.9 ms | server CPU ms | database CPU ms | server peak MiB | errors |
|---|---|---|---|---|---|---|---|---|---|";

/// One call that has ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    pub(crate) operation: Operation,
    pub(crate) took: Duration,
    pub(crate) code: Code,
}

/// All calls of a run.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) calls: Vec<Call>,
    pub(crate) lasted: Duration,
    /// Processor time spent during the run.
    pub(crate) spent: Spent,
    pub(crate) peak: Option<f64>,
}

/// The processor time of the watched processes at the beginning of a run.
pub(crate) struct Meter {
    watched: Watched,
    before: Spent,
}

impl Meter {
    pub(crate) fn start(watched: Watched) -> Self {
        Self { watched, before: watched.spent() }
    }

    pub(crate) fn stop(&self, calls: Vec<Call>, lasted: Duration) -> Measured {
        let after = self.watched.spent();
        let spent = Spent {
            server: after.server - self.before.server,
            database: after.database - self.before.database,
        };
        Measured { calls, lasted, spent, peak: self.watched.peak() }
    }
}

impl Measured {
    /// A row for all calls, and one for each operation if there are several.
    pub(crate) fn rows(&self, name: &str) -> String {
        let mut rows = self.row(name, &self.calls, true);
        let mut operations: BTreeMap<Operation, Vec<Call>> = BTreeMap::new();
        for call in &self.calls {
            operations.entry(call.operation).or_default().push(*call);
        }
        if operations.len() > 1 {
            for (operation, calls) in operations {
                rows += &self.row(&format!("{name}: {operation}"), &calls, false);
            }
        }
        rows
    }

    fn row(&self, name: &str, calls: &[Call], has_cost: bool) -> String {
        let mut took: Vec<_> = calls.iter().map(|call| call.took).collect();
        took.sort_unstable();
        let rate = calls.len() as f64 / self.lasted.as_secs_f64();
        let mut row = format!("| {name} | {rate:.0} |");
        for share in [0.5, 0.95, 0.99, 0.999] {
            let _ = write!(row, " {:.1} |", quantile(&took, share).as_secs_f64() * 1000.0);
        }
        if has_cost {
            let a_call = |seconds: f64| seconds * 1000.0 / calls.len().max(1) as f64;
            let (server, database) = (a_call(self.spent.server), a_call(self.spent.database));
            let peak = self.peak.map_or_else(|| "–".into(), |peak| format!("{peak:.0}"));
            let _ = write!(row, " {server:.2} | {database:.2} | {peak} |");
        } else {
            row += " | | |";
        }
        row + &format!(" {} |\n", errors(calls))
    }
}

/// The time within which this share of the calls had ended. `took` is sorted.
fn quantile(took: &[Duration], share: f64) -> Duration {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rank = (took.len() as f64 * share).ceil() as usize;
    took.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// How many calls failed, by their status.
fn errors(calls: &[Call]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for call in calls.iter().filter(|call| call.code != Code::Ok) {
        *counts.entry(format!("{:?}", call.code)).or_default() += 1;
    }
    if counts.is_empty() {
        return "0".into();
    }
    counts.iter().map(|(code, count)| format!("{count} {code}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(operation: Operation, millis: u64, code: Code) -> Call {
        Call { operation, took: Duration::from_millis(millis), code }
    }

    #[test]
    fn a_row_says_how_fast_all_calls_were_and_what_each_cost() {
        let mut calls: Vec<_> = (1..=99).map(|ms| call(Operation::List, ms, Code::Ok)).collect();
        calls.push(call(Operation::Submit, 500, Code::Unavailable));
        let measured = Measured {
            calls,
            lasted: Duration::from_secs(2),
            spent: Spent { server: 0.05, database: 0.1 },
            peak: Some(20.4),
        };
        let expected = "\
| mix | 50 | 50.0 | 95.0 | 99.0 | 500.0 | 0.50 | 1.00 | 20 | 1 Unavailable |
| mix: list | 50 | 50.0 | 95.0 | 99.0 | 99.0 | | | | 0 |
| mix: submit | 0 | 500.0 | 500.0 | 500.0 | 500.0 | | | | 1 Unavailable |
";
        assert_eq!(measured.rows("mix"), expected);
    }

    #[test]
    fn an_operation_without_calls_took_no_time() {
        assert_eq!(quantile(&[], 0.5), Duration::ZERO);
    }
}
