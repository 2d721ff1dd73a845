//! Hints that something has changed. Polling makes up for a missed hint, which only costs time.

mod changes;
mod relay;
mod wake;

pub use changes::{Changes, Listener};
pub use relay::pass_on;
pub use wake::Wake;
