//! Test helpers that several crates share and no program contains: hand-written HTTP/2 frames,
//! clients that flood, and a proxy that behaves like a bad network. The scripted language model is
//! `viva-fake-model`; people, servers and certificates are in `server/tests/it/support`.

// All of this runs in tests, where a fault should end the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)]

pub mod flood;
pub mod http2;
pub mod proxy;
