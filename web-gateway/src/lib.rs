//! Viva's gateway for browsers: it forwards gRPC-Web to a server as gRPC, keeps the page's sessions
//! in cookies, and serves the page itself. The session RPCs are the only ones it knows
//! individually.

pub mod assets;
mod body;
pub mod bridge;
pub mod config;
mod forward;
pub mod gateway;
mod grpc_web;
mod headers;
mod health;
pub mod healthcheck;
mod hosts;
pub mod local;
mod remote;
mod reply;
pub mod run;
pub mod serve;
pub mod session;
mod status;
pub mod upstream;
