//! Sessions and the refresh tokens by which they go on.

use std::time::Duration;

use super::{
    dialect::{Connection, from_sqlx, lock_account, lock_session, moment},
    row::{get, optional_time, time},
};
use crate::{
    domain::{
        account::Session,
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    storage::{
        StoreResult,
        accounts::{Credentials, NewRefreshToken, Rotation, TokenHash},
    },
};

/// Opens a session for somebody whose password has been checked, unless it has changed since. At most
/// `most` of the account's sessions are left.
pub(super) async fn open(
    db: &mut Connection,
    proven: Credentials,
    token: NewRefreshToken,
    now: Timestamp,
    most: u32,
) -> StoreResult<Option<SessionId>> {
    // Not while the password is changed, which ends all sessions that the old one has opened.
    lock_account(&mut *db, proven.user_id).await?;
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO sessions (user_id, created_at)
         SELECT id, $2 FROM users WHERE id = $1 AND hashed_password = $3 RETURNING id",
    )
    .bind(proven.user_id.get())
    .bind(moment(now))
    .bind(&proven.hashed_password)
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

/// Ends those of the account's sessions that were used longest ago, so that `most` are left with the
/// newest. A session is used when its tokens are renewed.
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

async fn insert_token(
    db: &mut Connection,
    session: SessionId,
    token: NewRefreshToken,
) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES ($1, $2, $3)",
    )
    .bind(token.hash.as_slice())
    .bind(session.get())
    .bind(moment(token.expires_at))
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Exchanges a refresh token for the next one of its session.
pub(super) async fn rotate(
    db: &mut Connection,
    hash: TokenHash,
    next: NewRefreshToken,
    now: Timestamp,
    grace: Duration,
) -> StoreResult<Rotation> {
    let session: Option<i64> =
        sqlx::query_scalar("SELECT session_id FROM refresh_tokens WHERE token_hash = $1")
            .bind(hash.as_slice())
            .fetch_optional(&mut *db)
            .await
            .map_err(from_sqlx)?;
    let Some(id) = session.map(SessionId::new) else {
        return Ok(Rotation::Refused);
    };
    // Tokens of one family are used one after the other, so that it never has two that work.
    lock_session(&mut *db, id).await?;
    let Some(shown) = shown_token(&mut *db, hash).await? else {
        return Ok(Rotation::Refused);
    };
    let is_fresh = shown.expires_at > now;
    match (shown.used_at, shown.unused_successor) {
        (None, _) if !is_fresh => return Ok(Rotation::Refused),
        (None, _) => {}
        (Some(used_at), Some(successor)) if is_fresh && now.since(used_at) < grace => {
            use_up(&mut *db, &successor, None, now).await?;
        }
        (Some(_), _) => {
            end(db, id, now).await?;
            return Ok(Rotation::Reused);
        }
    }
    use_up(&mut *db, &hash, Some(next.hash), now).await?;
    insert_token(db, id, next).await?;
    Ok(Rotation::Rotated(Session { id, user_id: shown.user_id }))
}

/// A refresh token of a session that lives, as it is shown.
struct Shown {
    user_id: UserId,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
    /// The hash of the token that was given out for it, if that still works.
    unused_successor: Option<Vec<u8>>,
}

async fn shown_token(db: &mut Connection, hash: TokenHash) -> StoreResult<Option<Shown>> {
    let row = sqlx::query(
        "SELECT sessions.user_id, shown.expires_at, shown.used_at,
                successor.token_hash AS unused_successor
         FROM refresh_tokens AS shown JOIN sessions ON sessions.id = shown.session_id
         LEFT JOIN refresh_tokens AS successor
             ON successor.token_hash = shown.successor_hash AND successor.used_at IS NULL
         WHERE shown.token_hash = $1 AND sessions.ended_at IS NULL",
    )
    .bind(hash.as_slice())
    .fetch_optional(db)
    .await
    .map_err(from_sqlx)?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Shown {
        user_id: UserId::new(get(&row, "user_id")?),
        expires_at: time(&row, "expires_at")?,
        used_at: optional_time(&row, "used_at")?,
        unused_successor: get(&row, "unused_successor")?,
    }))
}

/// A token works no more, from its first use on; `successor` is what is given out for it.
async fn use_up(
    db: &mut Connection,
    hash: &[u8],
    successor: Option<TokenHash>,
    now: Timestamp,
) -> StoreResult<()> {
    sqlx::query(
        "UPDATE refresh_tokens SET used_at = coalesce(used_at, $2), successor_hash = $3
         WHERE token_hash = $1",
    )
    .bind(hash)
    .bind(moment(now))
    .bind(successor.map(|hash| hash.to_vec()))
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Ends a session; nothing happens to one that has ended.
pub(super) async fn end(db: &mut Connection, id: SessionId, now: Timestamp) -> StoreResult<()> {
    sqlx::query("UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(id.get())
        .bind(moment(now))
        .execute(db)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

/// Ends all sessions of an account but the one to keep.
pub(super) async fn end_all(
    db: &mut Connection,
    user_id: UserId,
    keep: Option<SessionId>,
    now: Timestamp,
) -> StoreResult<()> {
    sqlx::query(
        "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND id <> $3",
    )
    .bind(user_id.get())
    .bind(moment(now))
    // No session has this number.
    .bind(keep.map_or(-1, SessionId::get))
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}
