//! Hints from other processes on the same database, so that nobody has to wait for the next poll.
//! A hint may be lost; the poll behind it is the guarantee.

use futures::stream::BoxStream;

use crate::domain::id::InterviewId;

/// What another process, or this one, has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// An evaluation was queued.
    Work,
    /// Something of the interview has changed.
    Interview(InterviewId),
    /// There may have been any number of either that were not heard.
    MissedSome,
}

/// Hears of what other processes do.
pub trait Signals: Send + Sync {
    /// What is done from now on, until the store is closed; it finds its connection again by itself
    /// and begins with [`Signal::MissedSome`] each time. None where the database has no way to tell.
    fn listen(&self) -> Option<BoxStream<'static, Signal>>;
}
