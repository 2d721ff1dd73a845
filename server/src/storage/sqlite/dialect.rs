//! What is SQLite's own in the shared SQL of `storage/sql`. `postgres/dialect.rs` has the same names.

// Nothing here waits or fails; PostgreSQL's do.
#![allow(clippy::unused_async, clippy::unnecessary_wraps)]

use sqlx::{SqliteConnection, sqlite::SqliteRow};

pub(super) use super::{SqliteStore as SqlStore, error::from_sqlx};
use crate::{
    domain::{
        clock::Timestamp,
        id::{AnswerId, InterviewId, SessionId, UserId},
    },
    storage::StoreResult,
};

pub(super) type Database = sqlx::Sqlite;
pub(super) type Connection = SqliteConnection;
pub(super) type Row = SqliteRow;

/// A moment in a column: microseconds since 1970-01-01 UTC.
pub(super) type Moment = i64;

/// A moment on its way into a column.
pub(super) const fn moment(time: Timestamp) -> Moment {
    time.micros()
}

/// A moment on its way out of a column.
pub(super) const fn timestamp(moment: Moment) -> Timestamp {
    Timestamp::from_micros(moment)
}

/// Leases at most $3 evaluations at $1 until $2.
pub(super) const CLAIM: &str = "UPDATE evaluations
     SET attempts = attempts + 1, fence = fence + 1, lease_until = $2
     WHERE id IN (
         SELECT id FROM evaluations
         WHERE status = 'pending' AND due_at <= $1
             AND (lease_until IS NULL OR lease_until <= $1)
         ORDER BY stands_at, id LIMIT $3
     )
     RETURNING id, answer_id, attempts, fence, stands_at";

/// Makes transactions of the account come one after the other: here all writes do.
pub(super) async fn lock_account(_: &mut Connection, _: UserId) -> StoreResult<()> {
    Ok(())
}

/// As `lock_account`, for the account of that interview and for what hangs on it.
pub(super) async fn lock_interview(_: &mut Connection, _: InterviewId) -> StoreResult<()> {
    Ok(())
}

/// Makes everything that hangs on the account wait: here all writes do.
pub(super) async fn lock_all_of(_: &mut Connection, _: UserId) -> StoreResult<()> {
    Ok(())
}

/// Makes transactions of the session come one after the other: here all writes do.
pub(super) async fn lock_session(_: &mut Connection, _: SessionId) -> StoreResult<()> {
    Ok(())
}

/// Tells other processes that these answers have changed and whether there is work; here their poll
/// finds it.
pub(super) async fn announce(_: &mut Connection, _: &[AnswerId], _: bool) -> StoreResult<()> {
    Ok(())
}

/// Tells other processes that this interview has changed.
pub(super) async fn announce_interview(_: &mut Connection, _: InterviewId) -> StoreResult<()> {
    Ok(())
}

/// The pools: their names, open connections, and how many of these nobody uses.
pub(super) fn pools(store: &SqlStore) -> [(&'static str, u32, usize); 2] {
    let figures = |name, pool: &sqlx::Pool<Database>| (name, pool.size(), pool.num_idle());
    [figures("writer", &store.writer), figures("readers", &store.readers)]
}
