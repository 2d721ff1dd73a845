//! PostgreSQL's parts of the shared SQL in `storage/sql`. `sqlite/dialect.rs` has the same names.

use sqlx::{PgConnection, postgres::PgRow};

pub(super) use super::{
    PostgresStore as SqlStore,
    error::from_sqlx,
    moment::Moment,
    writes::{
        claimed, create, extended, note_grade, open_session, put_back, submit, take, write_outcomes,
    },
};
use crate::{
    domain::{
        clock::Timestamp,
        id::{AnswerId, InterviewId, SessionId, UserId},
    },
    storage::{StoreResult, pool::Pool},
};

/// A statement that first checks whether the caller's session ($1) of that account ($2) is alive; without
/// a session there is no check. It also returns the time.
macro_rules! caller {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "WITH caller AS (
                 SELECT clock_timestamp() AS now_at, ($1 IS NULL OR EXISTS (
                     SELECT 1 FROM sessions WHERE id = $1 AND user_id = $2 AND ended_at IS NULL
                 )) AS is_live
             ) ",
            $($rest),+
        )
    };
}
pub(super) use caller;

/// Whether a text contains a needle, ignoring case in ASCII only. "C" folds just ASCII, whatever language
/// the database is in.
macro_rules! has {
    ($text:expr, $needle:expr) => {
        concat!("strpos(lower(", $text, " COLLATE \"C\"), ", $needle, ") > 0")
    };
}
pub(super) use has;

/// The two ends of the range in the details of an evaluation.
macro_rules! range_ends {
    () => {
        "CAST(evaluations.details #> '{range,0}' AS DOUBLE PRECISION) AS range_low,
         CAST(evaluations.details #> '{range,1}' AS DOUBLE PRECISION) AS range_high"
    };
}
pub(super) use range_ends;

/// What was said about the evaluation of an answer, as two lists in no order.
macro_rules! remarks {
    () => {
        "(SELECT coalesce(jsonb_agg(jsonb_build_object(
             'id', challenges.id, 'point', challenges.point, 'words', challenges.words,
             'challenged_at',
             CAST(extract(epoch FROM challenges.challenged_at) * 1000000 AS BIGINT),
             'details', challenges.details
         )), '[]') FROM challenges WHERE challenges.answer_id = answers.id) AS challenges,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('point', point, 'said', said)), '[]')
          FROM self_assessments WHERE self_assessments.answer_id = answers.id
         ) AS self_assessments"
    };
}
pub(super) use remarks;

/// The number of the day of a moment, in a zone `$ahead` microseconds ahead of UTC.
macro_rules! day {
    ($moment:literal, $ahead:literal) => {
        concat!(
            "floor((extract(epoch FROM ",
            $moment,
            ") * 1000000 + CAST(",
            $ahead,
            " AS BIGINT)) / 86400000000)"
        )
    };
}
pub(super) use day;

pub(super) type Database = sqlx::Postgres;
pub(super) type Connection = PgConnection;
pub(super) type Row = PgRow;

/// A moment on its way into a column.
pub(super) const fn moment(time: Timestamp) -> Moment {
    Moment(time)
}

/// A moment on its way out of a column.
pub(super) const fn timestamp(moment: Moment) -> Timestamp {
    moment.0
}

/// Leases at most $3 evaluations at $1 until $2, and skips rows that another process is claiming. ARRAY
/// has them chosen once; IN might choose again for each row, and so lease more than $3.
macro_rules! claim {
    () => {
        "UPDATE evaluations
         SET attempts = attempts + 1, fence = fence + 1, lease_until = $2
         WHERE id = ANY (ARRAY (
             SELECT id FROM evaluations
             WHERE status = 'pending' AND due_at <= $1
                 AND (lease_until IS NULL OR lease_until <= $1)
             ORDER BY stands_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
         ))
         RETURNING id, answer_id, attempts, fence, stands_at"
    };
}
pub(super) use claim;

/// Makes transactions of the account run one after the other until this one ends. What only refers to the
/// account does not wait.
pub(super) async fn lock_account(db: &mut Connection, id: UserId) -> StoreResult<()> {
    sqlx::query("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE")
        .bind(id.get())
        .execute(db)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

/// Like `lock_account`, for the account of that interview. Its evaluations are also locked, in the order
/// of their answers, in which outcomes are written: deleting them in another order could deadlock with a
/// worker.
pub(super) async fn lock_interview(db: &mut Connection, id: InterviewId) -> StoreResult<()> {
    for lock in [
        "SELECT 1 FROM users WHERE id = (SELECT user_id FROM interviews WHERE id = $1)
         FOR NO KEY UPDATE",
        "SELECT 1 FROM evaluations JOIN answers ON answers.id = answer_id
         JOIN questions ON questions.id = question_id WHERE interview_id = $1
         ORDER BY answer_id FOR UPDATE OF evaluations",
    ] {
        sqlx::query(lock).bind(id.get()).execute(&mut *db).await.map_err(from_sqlx)?;
    }
    Ok(())
}

/// Makes everything that belongs to the account wait until this transaction ends, even what only refers
/// to it. Its evaluations are locked in the order in which outcomes are written.
pub(super) async fn lock_all_of(db: &mut Connection, id: UserId) -> StoreResult<()> {
    for lock in [
        "SELECT 1 FROM users WHERE id = $1 FOR UPDATE",
        "SELECT 1 FROM evaluations WHERE user_id = $1 ORDER BY answer_id FOR UPDATE",
    ] {
        sqlx::query(lock).bind(id.get()).execute(&mut *db).await.map_err(from_sqlx)?;
    }
    Ok(())
}

/// Makes transactions of the session run one after the other until this one ends.
pub(super) async fn lock_session(db: &mut Connection, id: SessionId) -> StoreResult<()> {
    sqlx::query("SELECT 1 FROM sessions WHERE id = $1 FOR UPDATE")
        .bind(id.get())
        .execute(db)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

/// Notifies every process, when this transaction is committed, that these answers have changed, and
/// whether there is work.
pub(super) async fn announce(
    db: &mut Connection,
    changed: &[AnswerId],
    work: bool,
) -> StoreResult<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = changed.iter().map(|id| id.get()).collect();
    sqlx::query(
        "SELECT pg_notify('viva_changes', interview_id::text) FROM (
             SELECT DISTINCT interview_id FROM answers
             JOIN questions ON questions.id = question_id WHERE answers.id = ANY ($1)
         ) AS changed
         UNION ALL SELECT pg_notify('viva_work', '') WHERE $2",
    )
    .bind(ids)
    .bind(work)
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Notifies every process, when this transaction is committed, that this interview has changed.
pub(super) async fn announce_interview(db: &mut Connection, id: InterviewId) -> StoreResult<()> {
    sqlx::query("SELECT pg_notify('viva_changes', $1)")
        .bind(id.to_string())
        .execute(db)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

impl SqlStore {
    /// Learns the database's time from a reply.
    pub(super) fn learn_clock(&self, row: &Row) -> StoreResult<()> {
        self.clock.learn(row).map(drop)
    }
}

/// The pools: name, open connections, and idle ones among them.
pub(super) fn pools(store: &SqlStore) -> [(&'static str, u32, usize); 2] {
    let figures = |name, pool: &Pool<PgConnection>| {
        let (open, idle) = pool.figures();
        (name, open, idle)
    };
    [figures("writers", &store.writers), figures("readers", &store.readers)]
}
