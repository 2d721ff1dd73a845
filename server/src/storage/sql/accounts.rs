//! Accounts. Their sessions and refresh tokens are in [`super::sessions`].

use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;

use super::{
    api_keys,
    dialect::{Connection, SqlStore, from_sqlx, lock_account, lock_all_of, moment, open_session},
    row::{get, user},
    sessions,
};
use crate::{
    domain::{
        account::User,
        client_label::ClientLabel,
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

/// The account with exactly that name ($1), and all whose name has the same form ($2).
const CREDENTIALS: &str = "SELECT id, username, hashed_password FROM users
     WHERE username = $1 OR username_key = $2";

#[async_trait]
impl AccountStore for SqlStore {
    async fn create_user(&self, new: NewUser) -> StoreResult<Registered> {
        self.write(|db| insert_user(db, new).boxed()).await
    }

    async fn user(&self, id: UserId) -> StoreResult<Option<User>> {
        let query = "SELECT id, username, email, created_at, time_zone FROM users WHERE id = $1";
        let rows = self.rows(|| sqlx::query(query).bind(id.get())).await?;
        rows.first().map(user).transpose()
    }

    async fn credentials(&self, username: &str) -> StoreResult<Option<Credentials>> {
        if username.contains('\0') {
            // No account has such a name, and PostgreSQL would reject the query.
            return Ok(None);
        }
        let key = username_key(username);
        let query = || sqlx::query(CREDENTIALS).bind(username).bind(&key);
        let rows = self.rows(query).await?;
        let mut exact = None;
        for row in &rows {
            if get::<&str>(row, "username")? == username {
                exact = Some(row);
            }
        }
        // If several accounts share the form, a spelling of none of them finds none.
        let only = rows.first().filter(|_| rows.len() == 1);
        let Some(row) = exact.or(only) else { return Ok(None) };
        Ok(Some(Credentials {
            user_id: UserId::new(get(row, "id")?),
            hashed_password: get(row, "hashed_password")?,
        }))
    }

    async fn open_session(
        &self,
        proven: Credentials,
        token: NewRefreshToken,
        now: Timestamp,
        most: u32,
    ) -> StoreResult<Option<SessionId>> {
        let unknown = ClientLabel::default();
        open_session(self, proven, token, (now, most), Vec::new(), unknown).await
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
        self.write_one(move || sessions::end(id, now)).await.map(drop)
    }

    async fn end_sessions(
        &self,
        user_id: UserId,
        keep: Option<SessionId>,
        now: Timestamp,
    ) -> StoreResult<()> {
        self.write(move |db| {
            async move {
                // No session is opened meanwhile.
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
                // Locked first, so that no session is opened with the old password meanwhile.
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

    async fn set_time_zone(&self, id: UserId, time_zone: String) -> StoreResult<Option<User>> {
        let update = "UPDATE users SET time_zone = $2 WHERE id = $1
             RETURNING id, username, email, created_at, time_zone";
        let query = move || sqlx::query(update).bind(id.get()).bind(time_zone.clone());
        self.write_one(query).await?.first().map(user).transpose()
    }

    async fn live_session(&self, id: SessionId) -> StoreResult<Option<UserId>> {
        let query = "SELECT user_id FROM sessions WHERE id = $1 AND ended_at IS NULL";
        let rows = self.rows(|| sqlx::query(query).bind(id.get())).await?;
        rows.first().map(|row| get(row, "user_id").map(UserId::new)).transpose()
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
    // Inserted first and looked up only if that fails, so that of two calls that want the same name
    // at once, one gets it and the other an error. The unique index does not see names that clash,
    // but no new account has such a name.
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
        time_zone: None,
    }))
}

/// Changes the hash if it is still `proven`.
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
