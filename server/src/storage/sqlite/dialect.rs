//! SQLite's parts of the shared SQL in `storage/sql`. `postgres/dialect.rs` has the same names.

// These functions neither wait nor fail; PostgreSQL's do.
#![allow(clippy::unused_async, clippy::unnecessary_wraps, clippy::unused_self)]

use sqlx::{SqliteConnection, sqlite::SqliteRow};

pub(super) use super::{
    SqliteStore as SqlStore,
    error::from_sqlx,
    writes::{
        claimed, create, extended, note_grade, open_session, put_back, submit, take, write_outcomes,
    },
};
use crate::{
    domain::{
        clock::Timestamp,
        id::{AnswerId, InterviewId, SessionId, UserId},
    },
    storage::StoreResult,
};

/// A statement that first checks whether the caller's session ($1) of that account ($2) is alive;
/// without a session there is no check.
macro_rules! caller {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "WITH caller AS (
                 SELECT 0 AS now_at, ($1 IS NULL OR EXISTS (
                     SELECT 1 FROM sessions WHERE id = $1 AND user_id = $2 AND ended_at IS NULL
                 )) AS is_live
             ) ",
            $($rest),+
        )
    };
}
pub(super) use caller;

/// Whether a text contains a needle, ignoring case in ASCII only.
macro_rules! has {
    ($text:expr, $needle:expr) => {
        concat!("instr(lower(", $text, "), ", $needle, ") > 0")
    };
}
pub(super) use has;

/// The two ends of the range in the details of an evaluation.
macro_rules! range_ends {
    () => {
        "json_extract(evaluations.details, '$.range[0]') AS range_low,
         json_extract(evaluations.details, '$.range[1]') AS range_high"
    };
}
pub(super) use range_ends;

/// What was said about the evaluation of an answer, as two lists in no order.
macro_rules! remarks {
    () => {
        "(SELECT json_group_array(json_object(
             'id', challenges.id, 'point', challenges.point, 'words', challenges.words,
             'challenged_at', challenges.challenged_at, 'details', json(challenges.details)
         )) FROM challenges WHERE challenges.answer_id = answers.id) AS challenges,
         (SELECT json_group_array(json_object('point', point, 'said', said))
          FROM self_assessments WHERE self_assessments.answer_id = answers.id
         ) AS self_assessments"
    };
}
pub(super) use remarks;

/// The number of the day of a moment, in a zone `$ahead` microseconds ahead of UTC.
macro_rules! day {
    ($moment:literal, $ahead:literal) => {
        concat!("(", $moment, " + ", $ahead, ") / 86400000000")
    };
}
pub(super) use day;

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
     RETURNING id";

/// Makes transactions of the account run one after the other, as all writes here do anyway.
pub(super) async fn lock_account(_: &mut Connection, _: UserId) -> StoreResult<()> {
    Ok(())
}

/// Like [`lock_account`], for the account of that interview and what belongs to it.
pub(super) async fn lock_interview(_: &mut Connection, _: InterviewId) -> StoreResult<()> {
    Ok(())
}

/// Makes everything that belongs to the account wait, as all writes here do anyway.
pub(super) async fn lock_all_of(_: &mut Connection, _: UserId) -> StoreResult<()> {
    Ok(())
}

/// Makes transactions of the session run one after the other, as all writes here do anyway.
pub(super) async fn lock_session(_: &mut Connection, _: SessionId) -> StoreResult<()> {
    Ok(())
}

/// Does nothing: other processes find changed answers and work by polling.
pub(super) async fn announce(_: &mut Connection, _: &[AnswerId], _: bool) -> StoreResult<()> {
    Ok(())
}

/// Does nothing: other processes find the change by polling.
pub(super) async fn announce_interview(_: &mut Connection, _: InterviewId) -> StoreResult<()> {
    Ok(())
}

impl SqlStore {
    /// Does nothing: a file has no clock.
    pub(super) fn learn_clock(&self, _: &Row) -> StoreResult<()> {
        Ok(())
    }
}

/// The pools: name, open connections, and idle ones among them.
pub(super) fn pools(store: &SqlStore) -> [(&'static str, u32, usize); 2] {
    let figures = |name, pool: &sqlx::Pool<Database>| (name, pool.size(), pool.num_idle());
    [figures("writer", &store.writer), figures("readers", &store.readers)]
}
