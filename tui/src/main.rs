//! The terminal app of Viva.

mod access;
mod api;
mod args;
mod connect;
mod drafts;
mod local;
mod paths;
mod private;
mod problem;
mod server_url;
mod session;
mod settings;

fn main() {}
