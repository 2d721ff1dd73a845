//! Whole-server tests: a real server on a real port with a SQLite file of its own. One file per
//! topic.

mod accounts;
mod answers;
mod frame;
mod interviews;
mod reports;
mod support;
mod watch;
