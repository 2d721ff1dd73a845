//! The command line as scripts use it: the real binary with an empty home of its own, on its
//! embedded server or on a real server on a port. One file per topic.

mod accounts;
mod bank;
mod grading;
mod interviews;
mod plain;
mod printing;
mod setup;
mod support;
mod waiting;
