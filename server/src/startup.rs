//! What happens between `main` and the first call: the commands, what callers get until the server
//! is ready, and the app that connects stores, services and worker.

pub mod app;
pub mod commands;
mod database_health;
pub mod defaults;
pub mod readiness;
pub mod worker_alone;
