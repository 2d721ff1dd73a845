//! Viva's server: accounts, interviews, answers, evaluations and reports over gRPC. The map of its
//! modules, and which of them may use which, stands in ARCHITECTURE.md.

pub mod app;
pub mod auth;
pub mod commands;
pub mod config;
mod database_health;
pub mod dial;
pub mod domain;
pub mod embedded;
pub mod evaluation;
pub mod examiner;
pub mod export;
pub mod fail_point;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod grpc;
pub mod limits;
pub mod listen;
pub mod llm;
pub mod metrics;
pub mod private;
pub mod questions;
pub mod services;
pub mod start;
pub mod starting;
pub mod storage;
pub mod telemetry;
pub mod tls;
pub mod worker;
pub mod worker_alone;
