//! API keys.

use async_trait::async_trait;
use futures::FutureExt;

use super::{
    dialect::{Connection, Row, SqlStore, from_sqlx, lock_account, moment},
    row::{get, optional_time, time},
};
use crate::{
    domain::{
        api_key::{ApiKey, KeyHolder, Scope, Scopes},
        clock::Timestamp,
        id::{ApiKeyId, UserId},
    },
    storage::{
        StoreError, StoreResult,
        api_keys::{ApiKeyStore, EXPIRED_KEPT, KeyCreation, KnownKey, NewApiKey},
    },
};

#[async_trait]
impl ApiKeyStore for SqlStore {
    async fn create_api_key(&self, key: NewApiKey, most: u32) -> StoreResult<KeyCreation> {
        self.write(move |db| create(db, key, most).boxed()).await
    }

    async fn api_keys(&self, user_id: UserId) -> StoreResult<Vec<ApiKey>> {
        let query = "SELECT id, name, prefix, scopes, created_at, expires_at, last_used_at
             FROM api_keys WHERE user_id = $1 ORDER BY id DESC";
        let rows = self.rows(|| sqlx::query(query).bind(user_id.get())).await?;
        rows.iter().map(api_key).collect()
    }

    async fn api_key_owner(&self, id: ApiKeyId) -> StoreResult<Option<UserId>> {
        let query = "SELECT user_id FROM api_keys WHERE id = $1";
        let rows = self.rows(|| sqlx::query(query).bind(id.get())).await?;
        rows.first().map(|row| get(row, "user_id").map(UserId::new)).transpose()
    }

    async fn revoke_api_key(&self, id: ApiKeyId) -> StoreResult<bool> {
        self.write(move |db| {
            async move {
                let query = sqlx::query("DELETE FROM api_keys WHERE id = $1").bind(id.get());
                Ok(query.execute(db).await.map_err(from_sqlx)?.rows_affected() > 0)
            }
            .boxed()
        })
        .await
    }

    async fn known_key(&self, prefix: &str) -> StoreResult<Option<KnownKey>> {
        let query = "SELECT id, user_id, secret_hash, scopes, expires_at, last_used_at
             FROM api_keys WHERE prefix = $1";
        let rows = self.rows(|| sqlx::query(query).bind(prefix)).await?;
        rows.first().map(known_key).transpose()
    }

    async fn is_key_live(&self, id: ApiKeyId, now: Timestamp) -> StoreResult<bool> {
        let query =
            "SELECT 1 FROM api_keys WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2)";
        let rows = self.rows(|| sqlx::query(query).bind(id.get()).bind(moment(now))).await?;
        Ok(!rows.is_empty())
    }

    async fn note_key_use(&self, id: ApiKeyId, now: Timestamp, last: Timestamp) -> StoreResult<()> {
        let query = "UPDATE api_keys SET last_used_at = $2
             WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)";
        self.write_one(move || {
            sqlx::query(query).bind(id.get()).bind(moment(now)).bind(moment(last))
        })
        .await
        .map(drop)
    }
}

async fn create(db: &mut Connection, key: NewApiKey, most: u32) -> StoreResult<KeyCreation> {
    // One at a time, so that many at once cannot exceed the limit together.
    lock_account(&mut *db, key.user_id).await?;
    let account = sqlx::query("SELECT 1 FROM users WHERE id = $1")
        .bind(key.user_id.get())
        .fetch_optional(&mut *db)
        .await
        .map_err(from_sqlx)?;
    if account.is_none() {
        return Ok(KeyCreation::NoAccount);
    }
    forget_expired(&mut *db, key.user_id, key.created_at).await?;
    if working(&mut *db, key.user_id, key.created_at).await? >= most {
        return Ok(KeyCreation::TooMany);
    }
    insert(db, key).await
}

/// The number of the account's keys that work at `now`.
pub(super) async fn working(db: &mut Connection, user: UserId, now: Timestamp) -> StoreResult<u32> {
    let live: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM api_keys
         WHERE user_id = $1 AND (expires_at IS NULL OR expires_at > $2)",
    )
    .bind(user.get())
    .bind(moment(now))
    .fetch_one(db)
    .await
    .map_err(from_sqlx)?;
    Ok(u32::try_from(live).unwrap_or(u32::MAX))
}

/// Deletes all keys of the account.
pub(super) async fn revoke_all(db: &mut Connection, user: UserId) -> StoreResult<()> {
    let query = sqlx::query("DELETE FROM api_keys WHERE user_id = $1").bind(user.get());
    query.execute(db).await.map_err(from_sqlx)?;
    Ok(())
}

async fn insert(db: &mut Connection, key: NewApiKey) -> StoreResult<KeyCreation> {
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO api_keys (user_id, name, prefix, secret_hash, scopes, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(key.user_id.get())
    .bind(&key.draft.name)
    .bind(&key.prefix)
    .bind(key.hash.as_slice())
    .bind(words(key.draft.scopes))
    .bind(moment(key.created_at))
    .bind(key.draft.expires_at.map(moment))
    .fetch_optional(db)
    .await
    .map_err(from_sqlx)?;
    let Some(id) = id else {
        return Ok(KeyCreation::PrefixTaken);
    };
    Ok(KeyCreation::Created(ApiKey {
        id: ApiKeyId::new(id),
        name: key.draft.name,
        prefix: key.prefix,
        scopes: key.draft.scopes,
        created_at: key.created_at,
        expires_at: key.draft.expires_at,
        last_used_at: None,
    }))
}

/// Deletes the account's expired keys except the newest.
async fn forget_expired(db: &mut Connection, user: UserId, now: Timestamp) -> StoreResult<()> {
    sqlx::query(
        "DELETE FROM api_keys WHERE user_id = $1 AND expires_at <= $2 AND id NOT IN (
             SELECT id FROM api_keys WHERE user_id = $1 AND expires_at <= $2
             ORDER BY id DESC LIMIT $3
         )",
    )
    .bind(user.get())
    .bind(moment(now))
    .bind(i64::from(EXPIRED_KEPT))
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

fn words(scopes: Scopes) -> String {
    scopes.list().map(Scope::word).collect::<Vec<_>>().join(" ")
}

/// The scopes of a row. A word that only a newer program knows grants nothing here.
fn scopes(row: &Row) -> StoreResult<Scopes> {
    let words: &str = get(row, "scopes")?;
    Ok(Scopes::of(words.split(' ').filter_map(Scope::from_word)))
}

fn api_key(row: &Row) -> StoreResult<ApiKey> {
    Ok(ApiKey {
        id: ApiKeyId::new(get(row, "id")?),
        name: get(row, "name")?,
        prefix: get(row, "prefix")?,
        scopes: scopes(row)?,
        created_at: time(row, "created_at")?,
        expires_at: optional_time(row, "expires_at")?,
        last_used_at: optional_time(row, "last_used_at")?,
    })
}

fn known_key(row: &Row) -> StoreResult<KnownKey> {
    let hash: &[u8] = get(row, "secret_hash")?;
    let broken = |_| StoreError::Internal("an API key's hash has another length".into());
    Ok(KnownKey {
        holder: KeyHolder {
            user_id: UserId::new(get(row, "user_id")?),
            key_id: ApiKeyId::new(get(row, "id")?),
            scopes: scopes(row)?,
        },
        hash: hash.try_into().map_err(broken)?,
        expires_at: optional_time(row, "expires_at")?,
        last_used_at: optional_time(row, "last_used_at")?,
    })
}
