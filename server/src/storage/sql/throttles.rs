//! Budgets of tries. Each is the moment at which it will be full: with n tries, of which one comes
//! back each `refill`, that moment lies n refills ahead when the budget is empty.

use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;

use super::dialect::{Connection, SqlStore, from_sqlx};
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

const READ: &str = "SELECT full_at FROM throttles WHERE throttle_key = $1";

#[async_trait]
impl ThrottleStore for SqlStore {
    async fn take(&self, mut tries: Vec<Try>, now: Timestamp) -> StoreResult<Option<Duration>> {
        // Most of a flood is refused here, without a lock and without anything written.
        let wait = self.wait_for(&tries, now).await?;
        if wait.is_some() || tries.is_empty() {
            return Ok(wait);
        }
        // In one order for everybody, so that no two wait for each other.
        tries.sort_unstable_by_key(|one| one.key);
        self.write(move |db| take_all(db, tries, now).boxed()).await
    }

    async fn give_back(&self, mut tries: Vec<Try>) -> StoreResult<()> {
        if tries.is_empty() {
            return Ok(());
        }
        tries.sort_unstable_by_key(|one| one.key);
        self.write(move |db| async move { put_back(db, &tries).await }.boxed()).await
    }

    async fn wait_for(&self, tries: &[Try], now: Timestamp) -> StoreResult<Option<Duration>> {
        self.in_time(async {
            let mut longest = None;
            for one in tries {
                let query = sqlx::query_scalar(READ).bind(one.key.as_slice());
                let full_at = query.fetch_optional(&self.readers).await.map_err(from_sqlx)?;
                longest = longest.max(full_at.and_then(|full_at| wait(one, full_at, now)));
            }
            Ok(longest)
        })
        .await
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
fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The latest moment at which a budget may be full and still have a try in it.
fn latest(one: &Try, now: Timestamp) -> i64 {
    now.after(one.rate.whole()).micros().saturating_sub(micros(one.rate.refill))
}

/// The latest moment at which a budget that was taken from may be full.
fn furthest(one: &Try, now: Timestamp) -> i64 {
    now.after(one.rate.whole()).after(OVERTAKING).micros()
}

/// How long until there is a try in a budget that will be full then; none when there is one.
fn wait(one: &Try, full_at: i64, now: Timestamp) -> Option<Duration> {
    if full_at > furthest(one, now) {
        return None;
    }
    let micros = u64::try_from(full_at.saturating_sub(latest(one, now))).unwrap_or(0);
    (micros > 0).then(|| Duration::from_micros(micros))
}

/// Takes a try in one statement, so that of many at once no more get one than there are: $2 is now,
/// $3 the refill, $4 the latest moment with a try left, $5 the latest that there can be.
const TAKE: &str = "INSERT INTO throttles (throttle_key, full_at) VALUES ($1, $2 + $3)
     ON CONFLICT (throttle_key) DO UPDATE SET full_at = $3 + CASE
         WHEN throttles.full_at > $2 AND throttles.full_at <= $5 THEN throttles.full_at ELSE $2
     END
     WHERE throttles.full_at <= $4 OR throttles.full_at > $5";

async fn take_all(
    db: &mut Connection,
    tries: Vec<Try>,
    now: Timestamp,
) -> StoreResult<Option<Duration>> {
    for (at, one) in tries.iter().enumerate() {
        let done = sqlx::query(TAKE)
            .bind(one.key.as_slice())
            .bind(now.micros())
            .bind(micros(one.rate.refill))
            .bind(latest(one, now))
            .bind(furthest(one, now))
            .execute(&mut *db)
            .await
            .map_err(from_sqlx)?;
        if done.rows_affected() == 0 {
            put_back(&mut *db, &tries[..at]).await?;
            let query = sqlx::query_scalar(READ).bind(one.key.as_slice());
            let full_at: Option<i64> = query.fetch_optional(db).await.map_err(from_sqlx)?;
            let wait = full_at.and_then(|full_at| wait(one, full_at, now));
            return Ok(Some(wait.unwrap_or(one.rate.refill)));
        }
    }
    Ok(None)
}

async fn put_back(db: &mut Connection, tries: &[Try]) -> StoreResult<()> {
    for one in tries {
        sqlx::query("UPDATE throttles SET full_at = full_at - $2 WHERE throttle_key = $1")
            .bind(one.key.as_slice())
            .bind(micros(one.rate.refill))
            .execute(&mut *db)
            .await
            .map_err(from_sqlx)?;
    }
    Ok(())
}
