//! The gateway over real ports, called as a browser would: by a client that writes gRPC-Web itself.

// clippy.toml lets tests unwrap, but not the functions that they share.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bad_requests;
mod broken;
mod connect;
mod cors;
mod deploy;
mod limits;
mod page;
mod program;
mod session;
mod stub;
// A server, people, certificates: those of the server's own tests.
#[allow(dead_code, unused_imports)]
#[path = "../../../server/tests/it/support/mod.rs"]
mod support;
mod tls;
mod upstream;
mod web;
mod wire;
