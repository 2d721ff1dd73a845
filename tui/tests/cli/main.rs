//! The command line as scripts use it: the real binary with an empty home, on its embedded server
//! or on a real server on a port. One file per topic.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod api_keys;
#[cfg(test)]
mod bank;
#[cfg(test)]
mod grading;
#[cfg(test)]
mod interviews;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod local_models;
#[cfg(test)]
mod model;
#[cfg(test)]
mod plain;
#[cfg(test)]
mod printing;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod reviews;
mod search;
mod sessions;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod support;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod undecodable;
#[cfg(test)]
mod waiting;
