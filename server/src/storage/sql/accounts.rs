//! Users, sessions and refresh tokens.

use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;

use super::{
    api_keys,
    dialect::{Connection, SqlStore, from_sqlx, lock_account, lock_all_of, lock_session, moment},
    row::{get, optional_time, time, user},
};
use crate::{
    domain::{
        account::{Session, User},
        clock::Timestamp,
        id::{SessionId, UserId},
    },
    storage::{
        StoreResult,
        accounts::{
            AccountStore, Credentials, NewRefreshToken, NewUser, Registered, Rotation, TokenHash,
        },
    },
};

#[async_trait]
impl AccountStore for SqlStore {
    async fn create_user(&self, new: NewUser) -> StoreResult<Registered> {
        self.write(|db| insert_user(db, new).boxed()).await
    }

    async fn user(&self, id: UserId) -> StoreResult<Option<User>> {
        let query = sqlx::query("SELECT id, username, email, created_at FROM users WHERE id = $1")
            .bind(id.get())
            .fetch_optional(&self.readers);
        self.in_time(async { query.await.map_err(from_sqlx)?.map(|row| user(&row)).transpose() })
            .await
    }

    async fn credentials(&self, username: &str) -> StoreResult<Option<Credentials>> {
        if username.contains('\0') {
            // Nobody is called so, and PostgreSQL would take the question itself for a fault.
            return Ok(None);
        }
        let query = sqlx::query("SELECT id, hashed_password FROM users WHERE username = $1")
            .bind(username)
            .fetch_optional(&self.readers);
        self.in_time(async {
            let Some(row) = query.await.map_err(from_sqlx)? else {
                return Ok(None);
            };
            Ok(Some(Credentials {
                user_id: UserId::new(get(&row, "id")?),
                hashed_password: get(&row, "hashed_password")?,
            }))
        })
        .await
    }

    async fn open_session(
        &self,
        proven: Credentials,
        token: NewRefreshToken,
        now: Timestamp,
        most: u32,
    ) -> StoreResult<Option<SessionId>> {
        self.write(move |db| insert_session(db, proven, token, now, most).boxed()).await
    }

    async fn rotate_refresh_token(
        &self,
        hash: TokenHash,
        next: NewRefreshToken,
        now: Timestamp,
        grace: Duration,
    ) -> StoreResult<Rotation> {
        self.write(move |db| rotate(db, hash, next, now, grace).boxed()).await
    }

    async fn end_session(&self, id: SessionId, now: Timestamp) -> StoreResult<()> {
        self.write(move |db| end(db, id, now).boxed()).await
    }

    async fn end_sessions(
        &self,
        user_id: UserId,
        keep: Option<SessionId>,
        now: Timestamp,
    ) -> StoreResult<()> {
        self.write(move |db| {
            async move {
                // Not while one is opened.
                lock_account(&mut *db, user_id).await?;
                end_all(db, user_id, keep, now).await
            }
            .boxed()
        })
        .await
    }

    async fn change_password(
        &self,
        proven: Credentials,
        hashed_password: String,
        keep: SessionId,
        revoke_keys: bool,
        now: Timestamp,
    ) -> StoreResult<Option<u32>> {
        self.write(move |db| {
            async move {
                // Locked first, so that no session is opened by the old password meanwhile.
                lock_account(&mut *db, proven.user_id).await?;
                if !set_hash(&mut *db, &proven, &hashed_password).await? {
                    return Ok(None);
                }
                end_all(&mut *db, proven.user_id, Some(keep), now).await?;
                if revoke_keys {
                    api_keys::revoke_all(&mut *db, proven.user_id).await?;
                }
                api_keys::working(db, proven.user_id, now).await.map(Some)
            }
            .boxed()
        })
        .await
    }

    async fn replace_hash(&self, proven: Credentials, better: String) -> StoreResult<bool> {
        self.write(move |db| async move { set_hash(db, &proven, &better).await }.boxed()).await
    }

    async fn delete_account(&self, proven: Credentials) -> StoreResult<bool> {
        self.write(move |db| {
            async move {
                lock_all_of(&mut *db, proven.user_id).await?;
                let done = sqlx::query("DELETE FROM users WHERE id = $1 AND hashed_password = $2")
                    .bind(proven.user_id.get())
                    .bind(&proven.hashed_password)
                    .execute(db)
                    .await
                    .map_err(from_sqlx)?;
                Ok(done.rows_affected() > 0)
            }
            .boxed()
        })
        .await
    }

    async fn live_session(&self, id: SessionId) -> StoreResult<Option<UserId>> {
        let query =
            sqlx::query_scalar("SELECT user_id FROM sessions WHERE id = $1 AND ended_at IS NULL")
                .bind(id.get())
                .fetch_optional(&self.readers);
        self.in_time(async { Ok(query.await.map_err(from_sqlx)?.map(UserId::new)) }).await
    }

    async fn forget_old_sessions(&self, before: Timestamp) -> StoreResult<u64> {
        self.write(move |db| {
            async move {
                let query = sqlx::query(
                    "DELETE FROM sessions WHERE NOT EXISTS (
                        SELECT 1 FROM refresh_tokens
                        WHERE session_id = sessions.id AND expires_at > $1
                    )",
                );
                let done = query.bind(moment(before)).execute(db).await.map_err(from_sqlx)?;
                Ok(done.rows_affected())
            }
            .boxed()
        })
        .await
    }
}

async fn insert_user(db: &mut Connection, new: NewUser) -> StoreResult<Registered> {
    // Inserted first and looked up only when that fails, so that of two who want the same name at
    // once one gets it and the other is told.
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO users (username, email, hashed_password, created_at)
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(&new.username)
    .bind(&new.email)
    .bind(&new.hashed_password)
    .bind(moment(new.created_at))
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(id) = id else {
        let taken = sqlx::query("SELECT 1 FROM users WHERE username = $1")
            .bind(&new.username)
            .fetch_optional(db)
            .await
            .map_err(from_sqlx)?;
        let name_taken = taken.is_some();
        return Ok(if name_taken { Registered::UsernameTaken } else { Registered::EmailTaken });
    };
    Ok(Registered::User(User {
        id: UserId::new(id),
        username: new.username,
        email: new.email,
        created_at: new.created_at,
    }))
}

async fn insert_session(
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

async fn rotate(
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

async fn end(db: &mut Connection, id: SessionId, now: Timestamp) -> StoreResult<()> {
    sqlx::query("UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(id.get())
        .bind(moment(now))
        .execute(db)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

async fn end_all(
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

/// Changes the hash if it is still the one that was proven.
async fn set_hash(db: &mut Connection, proven: &Credentials, hash: &str) -> StoreResult<bool> {
    let done =
        sqlx::query("UPDATE users SET hashed_password = $3 WHERE id = $1 AND hashed_password = $2")
            .bind(proven.user_id.get())
            .bind(&proven.hashed_password)
            .bind(hash)
            .execute(db)
            .await
            .map_err(from_sqlx)?;
    Ok(done.rows_affected() > 0)
}
