//! The fake model as its users see it: over a socket. One file per topic.

// clippy.toml lets tests unwrap, but not the functions that they share.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod client;
mod control;
mod evaluations;
mod program;
mod questions;
mod replays;
mod scripts;
