//! Sessions, and the refresh tokens that continue them.

use std::time::Duration;

use super::{
    Query,
    dialect::{Connection, Row, caller, from_sqlx, lock_session, moment},
    row::{get, optional_time, time},
};
use crate::{
    domain::{
        account::{ActiveSession, Session},
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    storage::{
        StoreResult,
        accounts::{NewRefreshToken, Rotation, TokenHash},
    },
};

/// The sessions of the caller's account that are open at $3, with the caller's own, most recently used first.
/// Use is measured by the renewal of tokens: they are short-lived, so that is precise enough, and no call has
/// to write anything.
pub(super) const ACTIVE: &str = caller!(
    "SELECT caller.is_live, caller.now_at, sessions.id AS session_id, sessions.client,
            sessions.created_at,
            coalesce(
                (SELECT max(used_at) FROM refresh_tokens WHERE session_id = sessions.id),
                sessions.created_at
            ) AS last_used_at
     FROM caller LEFT JOIN sessions
         ON caller.is_live AND sessions.user_id = $2 AND sessions.ended_at IS NULL
         AND (sessions.id = $1 OR EXISTS (
             SELECT 1 FROM refresh_tokens WHERE session_id = sessions.id AND expires_at > $3
         ))
     ORDER BY last_used_at DESC, sessions.id DESC"
);

/// A row of [`ACTIVE`].
pub(super) fn active(row: &Row) -> StoreResult<ActiveSession> {
    Ok(ActiveSession {
        id: SessionId::new(get(row, "session_id")?),
        client: get(row, "client")?,
        signed_in_at: time(row, "created_at")?,
        last_used_at: time(row, "last_used_at")?,
    })
}

/// Stores a session's first or next token.
pub(super) async fn insert_token(
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
    // Tokens of one session are used one after the other, so that it never has two that work.
    lock_session(&mut *db, id).await?;
    let Some(shown) = presented_token(&mut *db, hash).await? else {
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
            end(id, now).execute(db).await.map_err(from_sqlx)?;
            return Ok(Rotation::Reused);
        }
    }
    use_up(&mut *db, &hash, Some(next.hash), now).await?;
    insert_token(db, id, next).await?;
    Ok(Rotation::Rotated(Session { id, user_id: shown.user_id }))
}

/// A refresh token of an open session.
struct PresentedToken {
    user_id: UserId,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
    /// The hash of its successor, if that is unused.
    unused_successor: Option<Vec<u8>>,
}

async fn presented_token(
    db: &mut Connection,
    hash: TokenHash,
) -> StoreResult<Option<PresentedToken>> {
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
    Ok(Some(PresentedToken {
        user_id: UserId::new(get(&row, "user_id")?),
        expires_at: time(&row, "expires_at")?,
        used_at: optional_time(&row, "used_at")?,
        unused_successor: get(&row, "unused_successor")?,
    }))
}

/// Marks a token as used; it stops working. `successor` is the token that replaces it.
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

/// Ends a session, unless it has already ended.
pub(super) fn end(id: SessionId, now: Timestamp) -> Query {
    sqlx::query("UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(id.get())
        .bind(moment(now))
}

/// Ends all sessions of an account except `keep`.
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
