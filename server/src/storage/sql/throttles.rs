//! Budgets of attempts. Each is stored as the moment at which it will be full: an empty budget of n
//! attempts, of which one comes back each `refill`, is full n refills from now.

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
        throttles::{LimitedAttempt, ThrottleStore},
    },
};

/// How much further ahead than an empty budget's that moment may be, because calls may arrive in
/// another order than they learnt the time. Anything further ahead was left by a clock that has been
/// set back since, and counts as full.
const OVERTAKING: Duration = Duration::from_mins(1);

/// When some budgets ($1 to $3) will be full: as many as a sign-in takes from.
const READ_SOME: &str =
    "SELECT throttle_key, full_at FROM throttles WHERE throttle_key IN ($1, $2, $3)";
const AT_ONCE: usize = 3;

#[async_trait]
impl ThrottleStore for SqlStore {
    async fn take(
        &self,
        mut attempts: Vec<LimitedAttempt>,
        now: Timestamp,
    ) -> StoreResult<Option<Duration>> {
        if attempts.is_empty() {
            return Ok(None);
        }
        // In the same order in every call, so that no two deadlock.
        attempts.sort_unstable_by_key(|one| one.key);
        take(self, attempts, now).await
    }

    async fn give_back(&self, mut attempts: Vec<LimitedAttempt>) -> StoreResult<()> {
        if attempts.is_empty() {
            return Ok(());
        }
        attempts.sort_unstable_by_key(|one| one.key);
        self.write(move |db| async move { put_back(db, &attempts).await }.boxed()).await
    }

    async fn wait_for(
        &self,
        attempts: &[LimitedAttempt],
        now: Timestamp,
    ) -> StoreResult<Option<Duration>> {
        let mut longest = None;
        for some in attempts.chunks(AT_ONCE) {
            // If there are fewer, the last key is repeated.
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

/// A duration in microseconds.
pub(super) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The latest full moment of a budget that has an attempt left.
pub(super) fn latest(one: &LimitedAttempt, now: Timestamp) -> i64 {
    now.after(one.rate.whole()).micros().saturating_sub(micros(one.rate.refill))
}

/// The latest possible full moment of a budget.
pub(super) fn furthest(one: &LimitedAttempt, now: Timestamp) -> i64 {
    now.after(one.rate.whole()).after(OVERTAKING).micros()
}

/// How long until a budget that will be full at `full_at` has an attempt; `None` if it has one.
pub(super) fn wait(one: &LimitedAttempt, full_at: i64, now: Timestamp) -> Option<Duration> {
    if full_at > furthest(one, now) {
        return None;
    }
    let micros = u64::try_from(full_at.saturating_sub(latest(one, now))).unwrap_or(0);
    (micros > 0).then(|| Duration::from_micros(micros))
}
