//! Budgets of tries. Each is the moment at which it will be full: with n tries, of which one comes
//! back each `refill`, that moment lies n refills ahead when the budget is empty.

use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;

use super::{
    dialect::{SqlStore, from_sqlx, put_back, take},
    row::get,
};
use crate::{
    domain::clock::Timestamp,
    storage::{
        StoreResult,
        throttles::{ThrottleStore, Try},
    },
};

/// No budget is further from being full than an empty one, but for calls that have asked for the time
/// one after the other and come here the other way round. What is further than this ahead was left by
/// a clock that has been set back since, and counts as full.
const OVERTAKING: Duration = Duration::from_mins(1);

/// When some budgets ($1 to $3) are full: as many as a sign-in takes from.
const READ_SOME: &str =
    "SELECT throttle_key, full_at FROM throttles WHERE throttle_key IN ($1, $2, $3)";
const AT_ONCE: usize = 3;

#[async_trait]
impl ThrottleStore for SqlStore {
    async fn take(&self, mut tries: Vec<Try>, now: Timestamp) -> StoreResult<Option<Duration>> {
        if tries.is_empty() {
            return Ok(None);
        }
        // In one order for everybody, so that no two wait for each other.
        tries.sort_unstable_by_key(|one| one.key);
        take(self, tries, now).await
    }

    async fn give_back(&self, mut tries: Vec<Try>) -> StoreResult<()> {
        if tries.is_empty() {
            return Ok(());
        }
        tries.sort_unstable_by_key(|one| one.key);
        self.write(move |db| async move { put_back(db, &tries).await }.boxed()).await
    }

    async fn wait_for(&self, tries: &[Try], now: Timestamp) -> StoreResult<Option<Duration>> {
        let mut longest = None;
        for some in tries.chunks(AT_ONCE) {
            // Where there are fewer, the last is asked for again.
            let keys = some.iter().chain(some.last().into_iter().cycle()).take(AT_ONCE);
            let keys: Vec<_> = keys.map(|one| one.key.to_vec()).collect();
            let query = || keys.iter().fold(sqlx::query(READ_SOME), sqlx::query::Query::bind);
            for row in self.rows(query).await? {
                let (key, full_at): (&[u8], i64) =
                    (get(&row, "throttle_key")?, get(&row, "full_at")?);
                let one = some.iter().find(|one| one.key == key);
                longest = longest.max(one.and_then(|one| wait(one, full_at, now)));
            }
        }
        Ok(longest)
    }

    async fn forget_full(&self, now: Timestamp) -> StoreResult<u64> {
        self.write(move |db| {
            async move {
                let query = sqlx::query("DELETE FROM throttles WHERE full_at <= $1");
                let done = query.bind(now.micros()).execute(db).await.map_err(from_sqlx)?;
                Ok(done.rows_affected())
            }
            .boxed()
        })
        .await
    }
}

/// Microseconds.
pub(super) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The latest moment at which a budget may be full and still have a try in it.
pub(super) fn latest(one: &Try, now: Timestamp) -> i64 {
    now.after(one.rate.whole()).micros().saturating_sub(micros(one.rate.refill))
}

/// The latest moment at which a budget that was taken from may be full.
pub(super) fn furthest(one: &Try, now: Timestamp) -> i64 {
    now.after(one.rate.whole()).after(OVERTAKING).micros()
}

/// How long until there is a try in a budget that will be full then; none when there is one.
pub(super) fn wait(one: &Try, full_at: i64, now: Timestamp) -> Option<Duration> {
    if full_at > furthest(one, now) {
        return None;
    }
    let micros = u64::try_from(full_at.saturating_sub(latest(one, now))).unwrap_or(0);
    (micros > 0).then(|| Duration::from_micros(micros))
}
