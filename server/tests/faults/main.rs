//! Faults, and what must hold through them: processes killed, databases and models that go away,
//! clients that misbehave. Each experiment has its number from docs/reliability.md. `scripts/test`
//! runs the short form, `scripts/faults` the long one.

// clippy.toml lets tests unwrap, but not the functions that they share.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod clients;
mod kills;
mod model;
mod outage;
mod panics;
mod races;
mod store;
mod support;
