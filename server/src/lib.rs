//! Viva's server: accounts, interviews, answers, evaluations and reports over gRPC. ARCHITECTURE.md
//! has the map of its modules and says which of them may use which.

pub mod auth;
pub mod config;
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
pub mod hints;
pub mod llm;
pub mod memory;
pub mod metrics;
pub mod questions;
pub mod services;
pub mod startup;
pub mod storage;
pub mod telemetry;
pub mod worker;
