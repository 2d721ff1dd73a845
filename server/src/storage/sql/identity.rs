//! Fills in the forms by which names and addresses are compared, where accounts lack them: SQL cannot
//! compute them. Accounts of an earlier version lack them, and so do those that an older process still
//! creates. If their rules change, a migration empties the columns, and they are filled in again.

use sqlx::Row as _;

use super::dialect::Connection;
use crate::domain::identity::{email_key, username_key};

const LACKS: &str = "username_key IS NULL OR email_key IS NULL";

/// An account whose form another one already has is kept apart by its id.
const COMPLETE: &str = "UPDATE users SET username_key = $2, email_key = $3,
     username_clash = CASE WHEN EXISTS (
         SELECT 1 FROM users AS others WHERE others.username_key = $2 AND others.id <> $1
     ) THEN $1 ELSE 0 END,
     email_clash = CASE WHEN EXISTS (
         SELECT 1 FROM users AS others WHERE others.email_key = $3 AND others.id <> $1
     ) THEN $1 ELSE 0 END
     WHERE id = $1";

/// Whether any account lacks its forms.
pub(super) async fn is_incomplete(db: &mut Connection) -> Result<bool, sqlx::Error> {
    let query = format!("SELECT EXISTS (SELECT 1 FROM users WHERE {LACKS})");
    sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(db).await
}

/// Fills in the forms of each account that lacks them, oldest first. The caller ensures that nobody
/// else does so at the same time.
pub(super) async fn complete(db: &mut Connection) -> Result<(), sqlx::Error> {
    let query = format!("SELECT id, username, email FROM users WHERE {LACKS} ORDER BY id");
    for row in sqlx::query(sqlx::AssertSqlSafe(query)).fetch_all(&mut *db).await? {
        sqlx::query(COMPLETE)
            .bind(row.try_get::<i64, _>("id")?)
            .bind(username_key(row.try_get("username")?))
            .bind(email_key(row.try_get("email")?))
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// Logs, by their ids, which accounts differ only in the spelling of their name or address.
pub(super) async fn tell_clashes(db: &mut Connection) -> Result<(), sqlx::Error> {
    for accounts in clashes(db, "username").await? {
        tracing::warn!(
            ?accounts,
            "these accounts have one name in different spellings; each signs in with exactly its own"
        );
    }
    for accounts in clashes(db, "email").await? {
        tracing::warn!(?accounts, "these accounts have one e-mail address in different spellings");
    }
    Ok(())
}

/// The ids of the accounts with the same form, for each form that several have.
async fn clashes(db: &mut Connection, field: &str) -> Result<Vec<Vec<i64>>, sqlx::Error> {
    let query = format!(
        "SELECT {field}_key, id FROM users WHERE {field}_key IN (
             SELECT {field}_key FROM users WHERE {field}_clash <> 0
         ) ORDER BY {field}_key, id"
    );
    let rows: Vec<(String, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(query)).fetch_all(db).await?;
    let groups = rows.chunk_by(|one, next| one.0 == next.0).filter(|group| group.len() > 1);
    Ok(groups.map(|group| group.iter().map(|(_, id)| *id).collect()).collect())
}
