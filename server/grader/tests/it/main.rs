//! What the grader promises to its callers, by topic.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod agreement;
mod attacks;
mod corpora;
mod facts;
mod injections;
mod properties;
mod refusals;
