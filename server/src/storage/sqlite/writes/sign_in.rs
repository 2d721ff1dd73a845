//! Counts attempts at signing in, and opens sessions.

use std::time::Duration;

use futures::FutureExt;

use super::super::{
    dialect::{Connection, SqlStore, from_sqlx, moment},
    sessions::insert_token,
    throttles::{furthest, latest, micros, wait},
};
use crate::{
    domain::{
        client_label::ClientLabel,
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    storage::{
        StoreResult, ThrottleStore,
        accounts::{Credentials, NewRefreshToken},
        throttles::LimitedAttempt,
    },
};

/// Opens a session for an account whose password has been checked, unless it has changed since, and
/// returns the attempts taken for it to their budgets. Keeps at most `most` of the account's sessions.
pub(in super::super) async fn open_session(
    store: &SqlStore,
    proven: Credentials,
    token: NewRefreshToken,
    (now, most): (Timestamp, u32),
    back: Vec<LimitedAttempt>,
    client: ClientLabel,
) -> StoreResult<Option<SessionId>> {
    store
        .write(move |db| {
            async move {
                put_back(&mut *db, &back).await?;
                open(db, proven, token, (now, most), &client).await
            }
            .boxed()
        })
        .await
}

async fn open(
    db: &mut Connection,
    proven: Credentials,
    token: NewRefreshToken,
    (now, most): (Timestamp, u32),
    client: &ClientLabel,
) -> StoreResult<Option<SessionId>> {
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO sessions (user_id, created_at, client)
         SELECT id, $2, $4 FROM users WHERE id = $1 AND hashed_password = $3 RETURNING id",
    )
    .bind(proven.user_id.get())
    .bind(moment(now))
    .bind(&proven.hashed_password)
    .bind(client.as_str())
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(id) = id.map(SessionId::new) else {
        return Ok(None);
    };
    insert_token(&mut *db, id, token).await?;
    end_beyond(db, proven.user_id, id, most, now).await?;
    Ok(Some(id))
}

/// Ends the account's least recently used sessions, so that `most` are left, the newest among them. A
/// session counts as used when its tokens are renewed.
async fn end_beyond(
    db: &mut Connection,
    user_id: UserId,
    newest: SessionId,
    most: u32,
    now: Timestamp,
) -> StoreResult<()> {
    let live: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sessions WHERE user_id = $1 AND ended_at IS NULL")
            .bind(user_id.get())
            .fetch_one(&mut *db)
            .await
            .map_err(from_sqlx)?;
    let beyond = live - i64::from(most);
    if beyond <= 0 {
        return Ok(());
    }
    sqlx::query(
        "UPDATE sessions SET ended_at = $4 WHERE id IN (
             SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND id <> $2
             ORDER BY coalesce(
                 (SELECT max(used_at) FROM refresh_tokens WHERE session_id = sessions.id),
                 created_at
             ), id LIMIT $3
         )",
    )
    .bind(user_id.get())
    .bind(newest.get())
    .bind(beyond)
    .bind(moment(now))
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Takes an attempt in one statement, so that calls at the same time never get more than there are. $2
/// is now, $3 the refill, $4 the latest moment with an attempt left, $5 the latest possible one.
const TAKE: &str = "INSERT INTO throttles (throttle_key, full_at) VALUES ($1, $2 + $3)
     ON CONFLICT (throttle_key) DO UPDATE SET full_at = $3 + CASE
         WHEN throttles.full_at > $2 AND throttles.full_at <= $5 THEN throttles.full_at ELSE $2
     END
     WHERE throttles.full_at <= $4 OR throttles.full_at > $5";

/// When a budget ($1) is full.
const READ: &str = "SELECT full_at FROM throttles WHERE throttle_key = $1";

/// Takes all the attempts, or none. Most of a flood is rejected by a read, without a lock or a write.
pub(in super::super) async fn take(
    store: &SqlStore,
    attempts: Vec<LimitedAttempt>,
    now: Timestamp,
) -> StoreResult<Option<Duration>> {
    let wait = store.wait_for(&attempts, now).await?;
    if wait.is_some() {
        return Ok(wait);
    }
    store.write(move |db| take_all(db, attempts, now).boxed()).await
}

async fn take_all(
    db: &mut Connection,
    attempts: Vec<LimitedAttempt>,
    now: Timestamp,
) -> StoreResult<Option<Duration>> {
    for (at, one) in attempts.iter().enumerate() {
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
            put_back(&mut *db, &attempts[..at]).await?;
            let query = sqlx::query_scalar(READ).bind(one.key.as_slice());
            let full_at: Option<i64> = query.fetch_optional(db).await.map_err(from_sqlx)?;
            let wait = full_at.and_then(|full_at| wait(one, full_at, now));
            return Ok(Some(wait.unwrap_or(one.rate.refill)));
        }
    }
    Ok(None)
}

/// Returns attempts to their budgets.
pub(in super::super) async fn put_back(
    db: &mut Connection,
    attempts: &[LimitedAttempt],
) -> StoreResult<()> {
    for one in attempts {
        sqlx::query("UPDATE throttles SET full_at = full_at - $2 WHERE throttle_key = $1")
            .bind(one.key.as_slice())
            .bind(micros(one.rate.refill))
            .execute(&mut *db)
            .await
            .map_err(from_sqlx)?;
    }
    Ok(())
}
