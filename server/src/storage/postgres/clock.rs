//! What time it is at the database, learnt from what it is asked anyway.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{dialect::Row, row::time};
use crate::{domain::clock::Timestamp, storage::StoreResult};

/// For how long a reply that came fast is worth more than one that came slowly; then the two clocks
/// may have drifted apart.
const FRESH: Duration = Duration::from_secs(5);

/// No reply is so long on its way. What says that it is earlier by more tells of a clock set back.
const SLOWEST: Duration = Duration::from_secs(1);

/// The database's clock, as this process knows it: what it last said, and how long ago that was by
/// this machine's steady clock. What is known lies behind by no more than a reply takes.
#[derive(Default)]
pub(super) struct ClockOfServer {
    known: Mutex<Option<(Timestamp, Instant)>>,
}

impl ClockOfServer {
    /// The present moment, if the database said what time it is no longer ago than `oldest`.
    pub(super) fn now(&self, oldest: Duration) -> Option<Timestamp> {
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (said, heard_at) = known?;
        let passed = heard_at.elapsed();
        (passed <= oldest).then(|| said.after(passed))
    }

    /// Takes the time from the column `now_at` of a reply that has just come.
    pub(super) fn learn(&self, row: &Row) -> StoreResult<Timestamp> {
        let said = time(row, "now_at")?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // A reply that was long on its way says less than one that was not.
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
