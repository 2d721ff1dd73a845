//! Whole-server tests: a real server on a real port with a SQLite file of its own; in `postgres`, with
//! a PostgreSQL database. One file per topic.

// clippy.toml lets tests unwrap; the functions that they share are tests as well.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod add_user;
mod answers;
mod api_document;
mod api_keys;
mod authorisation;
mod backup;
mod bad_requests;
mod deploy;
mod doors;
mod drain;
mod embedded;
mod exports;
mod frame;
mod grading;
mod identity;
mod injections;
mod interviews;
mod kept;
mod kill;
mod log;
mod marks;
mod metrics;
mod model;
#[cfg(feature = "otel")]
mod otel;
mod own_account;
mod postgres;
mod program;
mod properties;
mod reports;
mod samples;
mod sessions;
mod sign_in;
mod support;
mod tidy;
mod tls;
mod watch;
mod weight;
mod worker_alone;
