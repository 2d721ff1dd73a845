//! Viva's server: accounts, interviews, answers, evaluations and reports over gRPC.

pub mod embedded;
