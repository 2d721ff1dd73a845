//! Users, sessions and refresh tokens in SQLite.

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::{Row, SqliteConnection};

use super::{SqliteStore, error::from_sqlx, row::user};
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
impl AccountStore for SqliteStore {
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
        let query = sqlx::query("SELECT id, hashed_password FROM users WHERE username = $1")
            .bind(username)
            .fetch_optional(&self.readers);
        self.in_time(async {
            let Some(row) = query.await.map_err(from_sqlx)? else {
                return Ok(None);
            };
            Ok(Some(Credentials {
                user_id: UserId::new(row.try_get("id").map_err(from_sqlx)?),
                hashed_password: row.try_get("hashed_password").map_err(from_sqlx)?,
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
                let done = query.bind(before.micros()).execute(db).await.map_err(from_sqlx)?;
                Ok(done.rows_affected())
            }
            .boxed()
        })
        .await
    }
}

async fn insert_user(db: &mut SqliteConnection, new: NewUser) -> StoreResult<Registered> {
    let taken: Option<bool> = sqlx::query_scalar(
        "SELECT username = $1 FROM users WHERE username = $1 OR lower(email) = lower($2)
         ORDER BY username = $1 DESC",
    )
    .bind(&new.username)
    .bind(&new.email)
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    match taken {
        Some(true) => return Ok(Registered::UsernameTaken),
        Some(false) => return Ok(Registered::EmailTaken),
        None => {}
    }
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO users (username, email, hashed_password, created_at)
         VALUES ($1, $2, $3, $4) RETURNING id",
    )
    .bind(&new.username)
    .bind(&new.email)
    .bind(&new.hashed_password)
    .bind(new.created_at.micros())
    .fetch_one(db)
    .await
    .map_err(from_sqlx)?;
    Ok(Registered::User(User {
        id: UserId::new(id),
        username: new.username,
        email: new.email,
        created_at: new.created_at,
    }))
}

async fn insert_session(
    db: &mut SqliteConnection,
    user_id: UserId,
    token: NewRefreshToken,
    now: Timestamp,
) -> StoreResult<Option<SessionId>> {
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO sessions (user_id, created_at)
         SELECT id, $2 FROM users WHERE id = $1 RETURNING id",
    )
    .bind(user_id.get())
    .bind(now.micros())
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
    db: &mut SqliteConnection,
    session: SessionId,
    token: NewRefreshToken,
) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES ($1, $2, $3)",
    )
    .bind(token.hash.as_slice())
    .bind(session.get())
    .bind(token.expires_at.micros())
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

async fn rotate(
    db: &mut SqliteConnection,
    hash: TokenHash,
    next: NewRefreshToken,
    now: Timestamp,
) -> StoreResult<Rotation> {
    let row = sqlx::query(
        "SELECT session_id, user_id, expires_at, used_at IS NOT NULL AS used,
                ended_at IS NOT NULL AS ended
         FROM refresh_tokens JOIN sessions ON sessions.id = session_id WHERE token_hash = $1",
    )
    .bind(hash.as_slice())
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(row) = row else {
        return Ok(Rotation::Refused);
    };
    let session_id = SessionId::new(row.try_get("session_id").map_err(from_sqlx)?);
    if row.try_get("ended").map_err(from_sqlx)? {
        return Ok(Rotation::Refused);
    }
    if row.try_get("used").map_err(from_sqlx)? {
        end(db, session_id, now).await?;
        return Ok(Rotation::Reused);
    }
    if row.try_get::<i64, _>("expires_at").map_err(from_sqlx)? <= now.micros() {
        return Ok(Rotation::Refused);
    }
    sqlx::query("UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1")
        .bind(hash.as_slice())
        .bind(now.micros())
        .execute(&mut *db)
        .await
        .map_err(from_sqlx)?;
    insert_token(db, session_id, next).await?;
    let user_id = UserId::new(row.try_get("user_id").map_err(from_sqlx)?);
    Ok(Rotation::Rotated(Session { id: session_id, user_id }))
}

async fn end(db: &mut SqliteConnection, id: SessionId, now: Timestamp) -> StoreResult<()> {
    sqlx::query("UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(id.get())
        .bind(now.micros())
        .execute(db)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}
