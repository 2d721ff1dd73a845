//! Users, sessions and refresh tokens.

use async_trait::async_trait;
use futures::FutureExt;

use super::{
    dialect::{Connection, SqlStore, from_sqlx, moment},
    row::{get, user},
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
        user_id: UserId,
        token: NewRefreshToken,
        now: Timestamp,
    ) -> StoreResult<Option<SessionId>> {
        self.write(move |db| insert_session(db, user_id, token, now).boxed()).await
    }

    async fn rotate_refresh_token(
        &self,
        hash: TokenHash,
        next: NewRefreshToken,
        now: Timestamp,
    ) -> StoreResult<Rotation> {
        self.write(move |db| rotate(db, hash, next, now).boxed()).await
    }

    async fn end_session(&self, id: SessionId, now: Timestamp) -> StoreResult<()> {
        self.write(move |db| end(db, id, now).boxed()).await
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
    user_id: UserId,
    token: NewRefreshToken,
    now: Timestamp,
) -> StoreResult<Option<SessionId>> {
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO sessions (user_id, created_at)
         SELECT id, $2 FROM users WHERE id = $1 RETURNING id",
    )
    .bind(user_id.get())
    .bind(moment(now))
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(id) = id.map(SessionId::new) else {
        return Ok(None);
    };
    insert_token(db, id, token).await?;
    Ok(Some(id))
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
) -> StoreResult<Rotation> {
    // Used up and checked in one statement, so that of several who show it at once one gets the
    // next token.
    let session: Option<i64> = sqlx::query_scalar(
        "UPDATE refresh_tokens SET used_at = $2
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
             AND EXISTS (SELECT 1 FROM sessions WHERE id = session_id AND ended_at IS NULL)
         RETURNING session_id",
    )
    .bind(hash.as_slice())
    .bind(moment(now))
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(id) = session.map(SessionId::new) else {
        return refuse(db, hash, now).await;
    };
    insert_token(&mut *db, id, next).await?;
    let user_id: i64 = sqlx::query_scalar("SELECT user_id FROM sessions WHERE id = $1")
        .bind(id.get())
        .fetch_one(db)
        .await
        .map_err(from_sqlx)?;
    Ok(Rotation::Rotated(Session { id, user_id: UserId::new(user_id) }))
}

/// Ends the session of a token that was used before; other tokens are refused without effect.
async fn refuse(db: &mut Connection, hash: TokenHash, now: Timestamp) -> StoreResult<Rotation> {
    let reused: Option<i64> = sqlx::query_scalar(
        "SELECT session_id FROM refresh_tokens JOIN sessions ON sessions.id = session_id
         WHERE token_hash = $1 AND used_at IS NOT NULL AND ended_at IS NULL",
    )
    .bind(hash.as_slice())
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(id) = reused.map(SessionId::new) else {
        return Ok(Rotation::Refused);
    };
    end(db, id, now).await?;
    Ok(Rotation::Reused)
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
