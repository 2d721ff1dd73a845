//! The database's time, learnt from the replies to other statements.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{dialect::Row, row::time};
use crate::{domain::clock::Timestamp, storage::StoreResult};

/// How long a fast reply is preferred to a later slow one; after that, the two clocks may have
/// drifted apart.
const FRESH: Duration = Duration::from_secs(5);

/// Longer than any reply takes. A time that is behind by more means that the database's clock was
/// set back.
const SLOWEST: Duration = Duration::from_secs(1);

/// The database's clock, as this process knows it: its last reading, and how long ago that was by
/// this machine's steady clock. It is behind by at most the time that a reply takes.
#[derive(Default)]
pub(super) struct ClockOfServer {
    known: Mutex<Option<(Timestamp, Instant)>>,
}

impl ClockOfServer {
    /// The database's current time, if its last reading is at most `oldest` old.
    pub(super) fn now(&self, oldest: Duration) -> Option<Timestamp> {
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (said, heard_at) = known?;
        let passed = heard_at.elapsed();
        (passed <= oldest).then(|| said.after(passed))
    }

    /// Learns the time from the column `now_at` of a reply that has just come.
    pub(super) fn learn(&self, row: &Row) -> StoreResult<Timestamp> {
        let said = time(row, "now_at")?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // A slow reply is less exact than a fast one.
        let behind = known.filter(|(_, heard_at)| heard_at.elapsed() <= FRESH);
        let behind = behind.map_or(Duration::ZERO, |(before, heard_at)| {
            before.after(heard_at.elapsed()).since(said)
        });
        if behind.is_zero() || behind > SLOWEST {
            *known = Some((said, Instant::now()));
        }
        Ok(said)
    }
}
