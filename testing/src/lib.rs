//! Test helpers that several crates share and no program includes: hand-written HTTP/2 frames,
//! clients that flood, a proxy that behaves like a bad network, one that counts statements, and a
//! reader of sources. It also issues certificates. The scripted language model is
//! `viva-fake-model`; people and servers are in `server/tests/it/support`.

// All of this runs in tests, where a fault should end the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)]

pub mod certificates;
pub mod flood;
pub mod http2;
pub mod proxy;
pub mod sources;
pub mod statements;
