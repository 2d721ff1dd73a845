//! What is PostgreSQL's own in the shared SQL of `storage/sql`. `sqlite/dialect.rs` has the same
//! names.

use sqlx::{PgConnection, postgres::PgRow};

pub(super) use super::{PostgresStore as SqlStore, error::from_sqlx, moment::Moment};
use crate::{
    domain::{
        clock::Timestamp,
        id::{AnswerId, InterviewId, SessionId, UserId},
    },
    storage::StoreResult,
};

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

/// Leases at most $3 evaluations at $1 until $2. Rows that another process is about to claim are
/// passed over. ARRAY has them chosen once; an IN might choose again for each row, and then more
/// than $3.
pub(super) const CLAIM: &str = "UPDATE evaluations
     SET attempts = attempts + 1, fence = fence + 1, lease_until = $2
     WHERE id = ANY (ARRAY (
         SELECT id FROM evaluations
         WHERE status = 'pending' AND due_at <= $1
             AND (lease_until IS NULL OR lease_until <= $1)
         ORDER BY stands_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
     ))
     RETURNING id, answer_id, attempts, fence, stands_at";

/// Makes transactions of the account come one after the other until this one ends. What only
/// refers to the account does not wait.
pub(super) async fn lock_account(db: &mut Connection, id: UserId) -> StoreResult<()> {
    sqlx::query("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE")
        .bind(id.get())
        .execute(db)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

/// As `lock_account`, for the account of that interview. Its evaluations are locked as well, in the
/// order of their answers, in which outcomes are written: what deletes them by its own order would
/// wait for a worker that waits for it.
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

/// Makes everything that hangs on the account wait until this transaction ends, what only refers to
/// it included. Its evaluations are locked in the order in which outcomes are written.
pub(super) async fn lock_all_of(db: &mut Connection, id: UserId) -> StoreResult<()> {
    for lock in [
        "SELECT 1 FROM users WHERE id = $1 FOR UPDATE",
        "SELECT 1 FROM evaluations WHERE user_id = $1 ORDER BY answer_id FOR UPDATE",
    ] {
        sqlx::query(lock).bind(id.get()).execute(&mut *db).await.map_err(from_sqlx)?;
    }
    Ok(())
}

/// Makes transactions of the session come one after the other until this one ends.
pub(super) async fn lock_session(db: &mut Connection, id: SessionId) -> StoreResult<()> {
    sqlx::query("SELECT 1 FROM sessions WHERE id = $1 FOR UPDATE")
        .bind(id.get())
        .execute(db)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

/// Tells every process, once this transaction is committed, that these answers have changed and
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

/// Tells every process, once this transaction is committed, that this interview has changed.
pub(super) async fn announce_interview(db: &mut Connection, id: InterviewId) -> StoreResult<()> {
    sqlx::query("SELECT pg_notify('viva_changes', $1)")
        .bind(id.to_string())
        .execute(db)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

/// The pools: their names, open connections, and how many of these nobody uses.
pub(super) fn pools(store: &SqlStore) -> [(&'static str, u32, usize); 2] {
    let figures = |name, pool: &sqlx::Pool<Database>| (name, pool.size(), pool.num_idle());
    [figures("writers", &store.writers), figures("readers", &store.readers)]
}
