//! The correctness properties of the original design: one test each, named after it, with at least
//! a hundred cases on a real server.

mod answers;
mod authentication;
mod database;
mod evaluations;
mod interviews;
mod reports;

use std::{future::Future, pin::Pin};

use proptest::{
    strategy::Strategy,
    test_runner::{Config, TestCaseError, TestRunner},
};
use tokio::runtime::Runtime;

use crate::support::TestServer;

/// The number of cases for each property.
const CASES: u32 = 100;

/// The result of a case.
type Case = Result<(), TestCaseError>;

/// Tests one case against the server, with the setup that all cases share.
type Test<C, V> = for<'a> fn(&'a TestServer, &'a C, V) -> Pin<Box<dyn Future<Output = Case> + 'a>>;

/// Runs a property: `setup` once, then `test` on each of many values against the same server.
fn holds<S: Strategy, C>(
    strategy: S,
    setup: for<'a> fn(&'a TestServer) -> Pin<Box<dyn Future<Output = C> + 'a>>,
    test: Test<C, S::Value>,
) {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(TestServer::start());
    let context = runtime.block_on(setup(&server));
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        // A case takes at least one round trip; shrinking for a hundred would take minutes.
        max_shrink_iters: 20,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&strategy, |value| runtime.block_on(test(&server, &context, value)));
    runtime.block_on(server.stop());
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
