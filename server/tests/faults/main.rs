//! Faults, and what must hold through them: processes killed, databases and models that go away,
//! clients that misbehave. Each experiment has the number that docs/reliability.md knows it by. Run
//! short by `scripts/test`; `scripts/faults` runs the long form.

// clippy.toml lets tests unwrap; the functions that they share are tests as well.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod clients;
mod kills;
mod model;
mod outage;
mod panics;
mod races;
mod store;
mod support;
