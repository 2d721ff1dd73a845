//! The original design's correctness properties, one test each, named for it, over at least a
//! hundred cases on a real server.

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

/// Cases of each property.
const CASES: u32 = 100;

/// What a case gives.
type Case = Result<(), TestCaseError>;

/// A test of one case against the server, with what was set up for all cases.
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
        // A case takes a round trip or more; a hundred of shrinking would take minutes.
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
