//! Tries at a door are counted, and sessions opened: one call of a function each (migration 0013).

use std::time::Duration;

use super::super::{
    dialect::{Connection, SqlStore, from_sqlx, moment},
    row::get,
    throttles::{furthest, latest, micros, wait},
};
use crate::{
    domain::{clock::Timestamp, id::SessionId},
    storage::{
        StoreResult,
        accounts::{Credentials, NewRefreshToken},
        throttles::Try,
    },
};

/// The keys of tries, and the microseconds in which each comes back.
fn columns(tries: &[Try]) -> (Vec<Vec<u8>>, Vec<i64>) {
    tries.iter().map(|one| (one.key.to_vec(), micros(one.rate.refill))).unzip()
}

/// Opens a session for somebody whose password has been checked, unless it has changed since, and
/// gives back the tries that were taken for it. At most so many of the account's sessions are left.
pub(in super::super) async fn open_session(
    store: &SqlStore,
    proven: Credentials,
    token: NewRefreshToken,
    (now, most): (Timestamp, u32),
    mut back: Vec<Try>,
) -> StoreResult<Option<SessionId>> {
    // In the order in which they are taken.
    back.sort_unstable_by_key(|one| one.key);
    let (keys, refills) = columns(&back);
    let query = "SELECT open_session($1, $2, $3, $4, $5, $6, $7, $8) AS session_id,
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
        })
        .await?;
    let row = rows.first().ok_or_else(|| from_sqlx(sqlx::Error::RowNotFound))?;
    store.learn_clock(row)?;
    Ok(get::<Option<i64>>(row, "session_id")?.map(SessionId::new))
}

/// Takes each of the tries, or none and says how long it will be until all are there.
pub(in super::super) async fn take(
    store: &SqlStore,
    tries: Vec<Try>,
    now: Timestamp,
) -> StoreResult<Option<Duration>> {
    let (keys, refills) = columns(&tries);
    let late: Vec<_> = tries.iter().map(|one| latest(one, now)).collect();
    let far: Vec<_> = tries.iter().map(|one| furthest(one, now)).collect();
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
        if let Some(one) = tries.iter().find(|one| one.key == key) {
            // What came back since it was looked at comes back in full at the latest.
            longest = longest.max(Some(wait(one, full_at, now).unwrap_or(one.rate.refill)));
        }
    }
    Ok(longest)
}

/// Gives tries back that were taken.
pub(in super::super) async fn put_back(db: &mut Connection, tries: &[Try]) -> StoreResult<()> {
    let (keys, refills) = columns(tries);
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
