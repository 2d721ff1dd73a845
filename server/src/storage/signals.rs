//! Hints from other processes on the same database, so that nothing has to wait for the next poll. A
//! hint may be lost; polling is the guarantee.

use futures::stream::BoxStream;

use crate::domain::id::InterviewId;

/// Something that another process, or this one, has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// An evaluation was queued.
    Work,
    /// Something in the interview has changed.
    Interview(InterviewId),
    /// Any number of signals may have been missed.
    MissedSome,
}

/// Receives signals from other processes.
pub trait Signals: Send + Sync {
    /// The signals from now on, until the store is closed. It reconnects by itself and begins with
    /// [`Signal::MissedSome`] each time. `None` if the database has no notifications.
    fn listen(&self) -> Option<BoxStream<'static, Signal>>;

    /// Whether the database has notifications.
    fn tells(&self) -> bool;
}
