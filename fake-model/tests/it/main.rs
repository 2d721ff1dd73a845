//! The fake model as its users meet it: over a socket. One file per topic.

// clippy.toml lets tests unwrap; the functions that they share are tests as well.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod client;
mod control;
mod evaluations;
mod program;
mod questions;
mod replays;
mod scripts;
