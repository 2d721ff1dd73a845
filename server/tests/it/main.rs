//! Whole-server tests: a real server on a real port with its own SQLite file or, in `postgres`, a
//! PostgreSQL database. One file per topic.

// clippy.toml lets tests unwrap, but not the functions that they share.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod add_user;
mod answers;
mod api_document;
mod api_keys;
mod attempts;
mod authorisation;
mod backup;
mod bad_requests;
mod challenges;
mod connect;
mod contract;
mod deploy;
mod drain;
mod embedded;
mod errors;
mod exports;
mod follow_ups;
mod frame;
mod grading;
mod grading_results;
mod help;
mod identity;
mod injections;
mod interviews;
mod kept;
mod kill;
mod llm;
mod log;
mod marks;
mod memory;
mod metrics;
#[cfg(feature = "otel")]
mod otel;
mod own_account;
mod postgres;
mod program;
mod properties;
mod real_mode;
mod reports;
mod samples;
mod search;
mod server_info;
mod sessions;
mod sign_in;
mod sign_in_limits;
mod statements;
mod support;
mod tidy;
mod tls;
mod watch;
mod weight;
mod worker_alone;
