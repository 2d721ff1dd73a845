//! What `fuzz/` uses of this module.

use std::time::Duration;

use super::{completion, endpoint_error, retry_after};
use crate::domain::clock::{Clock, Timestamp};

/// A clock that always shows the beginning of 2026.
struct Then;

impl Clock for Then {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(1_767_225_600_000_000)
    }
}

/// The content of a chat completion, if it has one.
pub fn completion(body: &str) -> Option<String> {
    completion::read(body).ok().map(|(content, _)| content)
}

/// The wait that a Retry-After asks for at the beginning of 2026.
pub fn retry_after(value: &str) -> Option<Duration> {
    retry_after::retry_after(value, &Then)
}

/// What is logged of the body of a fault.
pub fn logged(body: &str) -> String {
    endpoint_error::harmless(&endpoint_error::EndpointError::of(body).message, &[])
}
