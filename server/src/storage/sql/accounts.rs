//! Accounts. What becomes of their sessions and refresh tokens is in [`super::sessions`].

use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;

use super::{
    api_keys,
    dialect::{Connection, SqlStore, from_sqlx, lock_account, lock_all_of, moment},
    row::{get, user},
    sessions,
};
use crate::{
    domain::{
        account::User,
        clock::Timestamp,
        id::{SessionId, UserId},
        identity::{email_key, username_key},
    },
    storage::{
        StoreResult,
        accounts::{
            AccountStore, Credentials, NewRefreshToken, NewUser, Registered, Rotation, TokenHash,
        },
    },
};

/// The account of that name, and all whose name has that form.
const CREDENTIALS: &str = "SELECT id, username, hashed_password FROM users
     WHERE username = $1 OR username_key = $2";

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
        let query = sqlx::query(CREDENTIALS)
            .bind(username)
            .bind(username_key(username))
            .fetch_all(&self.readers);
        self.in_time(async {
            let rows = query.await.map_err(from_sqlx)?;
            let mut exact = None;
            for row in &rows {
                if get::<&str>(row, "username")? == username {
                    exact = Some(row);
                }
            }
            // Of several that have one name, a third spelling means none.
            let only = rows.first().filter(|_| rows.len() == 1);
            let Some(row) = exact.or(only) else { return Ok(None) };
            Ok(Some(Credentials {
                user_id: UserId::new(get(row, "id")?),
                hashed_password: get(row, "hashed_password")?,
            }))
        })
        .await
    }

    async fn shares_name(&self, id: UserId) -> StoreResult<bool> {
        let query = sqlx::query_scalar(
            "SELECT EXISTS (
                 SELECT 1 FROM users AS mine JOIN users AS others
                 ON others.username_key = mine.username_key AND others.id <> mine.id
                 WHERE mine.id = $1
             )",
        );
        let query = query.bind(id.get()).fetch_one(&self.readers);
        self.in_time(async { query.await.map_err(from_sqlx) }).await
    }

    async fn open_session(
        &self,
        proven: Credentials,
        token: NewRefreshToken,
        now: Timestamp,
        most: u32,
    ) -> StoreResult<Option<SessionId>> {
        self.write(move |db| sessions::open(db, proven, token, now, most).boxed()).await
    }

    async fn rotate_refresh_token(
        &self,
        hash: TokenHash,
        next: NewRefreshToken,
        now: Timestamp,
        grace: Duration,
    ) -> StoreResult<Rotation> {
        self.write(move |db| sessions::rotate(db, hash, next, now, grace).boxed()).await
    }

    async fn end_session(&self, id: SessionId, now: Timestamp) -> StoreResult<()> {
        self.write(move |db| sessions::end(db, id, now).boxed()).await
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
                sessions::end_all(db, user_id, keep, now).await
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
                sessions::end_all(&mut *db, proven.user_id, Some(keep), now).await?;
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
    let (name, address) = (username_key(&new.username), email_key(&new.email));
    // Inserted first and looked up only when that fails, so that of two who want the same name at
    // once one gets it and the other is told. What clashes has an index that does not see it, but no
    // account of that kind is made any more.
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO users (username, email, hashed_password, created_at, username_key, email_key)
         SELECT $1, $2, $3, $4, $5, $6
         WHERE NOT EXISTS (SELECT 1 FROM users WHERE username_key = $5 OR email_key = $6)
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(&new.username)
    .bind(&new.email)
    .bind(&new.hashed_password)
    .bind(moment(new.created_at))
    .bind(&name)
    .bind(&address)
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(id) = id else {
        let taken = sqlx::query("SELECT 1 FROM users WHERE username = $1 OR username_key = $2")
            .bind(&new.username)
            .bind(&name)
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
