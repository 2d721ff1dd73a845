//! What an account's memory is built on: the scheduler, and time zones. Its rules are in
//! `domain::memory`, its use cases in `services::memory`.

pub mod calendar;
pub mod scheduler;
