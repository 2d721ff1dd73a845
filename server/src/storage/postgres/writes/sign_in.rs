//! Counts attempts at signing in, and opens sessions: one function call each (migrations 0013 and 0018).

use std::time::Duration;

use super::super::{
    dialect::{Connection, SqlStore, from_sqlx, moment},
    row::get,
    throttles::{furthest, latest, micros, wait},
};
use crate::{
    domain::{client_label::ClientLabel, clock::Timestamp, id::SessionId},
    storage::{
        StoreResult,
        accounts::{Credentials, NewRefreshToken},
        throttles::LimitedAttempt,
    },
};

/// The keys of attempts, and the microseconds in which each is refilled.
fn columns(attempts: &[LimitedAttempt]) -> (Vec<Vec<u8>>, Vec<i64>) {
    attempts.iter().map(|one| (one.key.to_vec(), micros(one.rate.refill))).unzip()
}

/// Opens a session for an account whose password has been checked, unless it has changed since, and
/// returns the attempts taken for it to their budgets. Keeps at most `most` of the account's sessions.
pub(in super::super) async fn open_session(
    store: &SqlStore,
    proven: Credentials,
    token: NewRefreshToken,
    (now, most): (Timestamp, u32),
    mut back: Vec<LimitedAttempt>,
    client: ClientLabel,
) -> StoreResult<Option<SessionId>> {
    // In the order in which they were taken.
    back.sort_unstable_by_key(|one| one.key);
    let (keys, refills) = columns(&back);
    let query = "SELECT open_session_from($1, $2, $3, $4, $5, $6, $7, $8, $9) AS session_id,
                        clock_timestamp() AS now_at";
    let rows = store
        .write_one(move || {
            sqlx::query(query)
                .bind(proven.user_id.get())
                .bind(&proven.hashed_password)
                .bind(moment(now))
                .bind(token.hash.as_slice())
                .bind(moment(token.expires_at))
                .bind(i64::from(most))
                .bind(&keys)
                .bind(&refills)
                .bind(client.as_str())
        })
        .await?;
    let row = rows.first().ok_or_else(|| from_sqlx(sqlx::Error::RowNotFound))?;
    store.learn_clock(row)?;
    Ok(get::<Option<i64>>(row, "session_id")?.map(SessionId::new))
}

/// Takes all the attempts, or none of them and returns how long until all are available.
pub(in super::super) async fn take(
    store: &SqlStore,
    attempts: Vec<LimitedAttempt>,
    now: Timestamp,
) -> StoreResult<Option<Duration>> {
    let (keys, refills) = columns(&attempts);
    let late: Vec<_> = attempts.iter().map(|one| latest(one, now)).collect();
    let far: Vec<_> = attempts.iter().map(|one| furthest(one, now)).collect();
    let query = "SELECT empty_key, full_at FROM take_tries($1, $2, $3, $4, $5)";
    let rows = store
        .write_one(move || {
            let query = sqlx::query(query).bind(&keys).bind(now.micros()).bind(&refills);
            query.bind(&late).bind(&far)
        })
        .await?;
    let mut longest = None;
    for row in &rows {
        let (key, full_at): (&[u8], i64) = (get(row, "empty_key")?, get(row, "full_at")?);
        if let Some(one) = attempts.iter().find(|one| one.key == key) {
            // If it was refilled since it was read, it is available after one refill at the latest.
            longest = longest.max(Some(wait(one, full_at, now).unwrap_or(one.rate.refill)));
        }
    }
    Ok(longest)
}

/// Returns attempts to their budgets.
pub(in super::super) async fn put_back(
    db: &mut Connection,
    attempts: &[LimitedAttempt],
) -> StoreResult<()> {
    let (keys, refills) = columns(attempts);
    sqlx::query(
        "WITH back AS (
             SELECT throttle_key, refill FROM throttles
             JOIN unnest($1, $2) AS given (key, refill) ON given.key = throttle_key
             ORDER BY throttle_key FOR UPDATE OF throttles
         )
         UPDATE throttles SET full_at = full_at - refill FROM back
         WHERE throttles.throttle_key = back.throttle_key",
    )
    .bind(keys)
    .bind(refills)
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}
