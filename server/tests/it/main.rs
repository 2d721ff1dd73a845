//! Whole-server tests: a real server on a real port with a SQLite file of its own. One file per
//! topic.

mod accounts;
mod answers;
mod bad_requests;
mod embedded;
mod frame;
mod injections;
mod interviews;
mod kill;
mod program;
mod properties;
mod reports;
mod support;
mod tidy;
mod watch;
