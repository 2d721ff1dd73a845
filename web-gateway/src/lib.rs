//! Viva's gateway for browsers: it passes gRPC-Web on to a server as gRPC, keeps the sessions of the
//! page in cookies, and serves the page itself. It knows no single RPC but those of a session.

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
