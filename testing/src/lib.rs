//! What the tests of several parts share, and no program has: the first words of HTTP/2 by hand,
//! clients that flood, a proxy that behaves as a bad network does, and one that counts statements. A
//! language model by script is `viva-fake-model`; people, servers and certificates are in
//! `server/tests/it/support`.

// All of this runs in tests, where a fault is to end the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)]

pub mod flood;
pub mod http2;
pub mod proxy;
pub mod statements;
