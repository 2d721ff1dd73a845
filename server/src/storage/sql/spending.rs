//! Counts calls to the language model.

use async_trait::async_trait;
use futures::FutureExt;

use super::{
    dialect::{Connection, SqlStore, from_sqlx, lock_account},
    row::get,
};
use crate::{
    domain::{
        clock::Timestamp,
        id::UserId,
        spending::{DAY, Payer, SpendingCaps},
    },
    storage::{
        StoreResult,
        spending::{Charge, SpendingStore},
    },
};

#[async_trait]
impl SpendingStore for SqlStore {
    async fn charge_call(
        &self,
        payer: Payer,
        now: Timestamp,
        caps: SpendingCaps,
    ) -> StoreResult<Charge> {
        self.write(move |db| charge(db, payer, now, caps).boxed()).await
    }

    async fn calls_of_day(&self, user_id: UserId, now: Timestamp) -> StoreResult<u32> {
        let day = now.seconds().div_euclid(DAY);
        let query = "SELECT calls FROM model_calls WHERE user_id = $1 AND day = $2";
        let rows = self.rows(|| sqlx::query(query).bind(user_id.get()).bind(day)).await?;
        let calls: Option<i64> = rows.first().map(|row| get(row, "calls")).transpose()?;
        Ok(u32::try_from(calls.unwrap_or(0)).unwrap_or(u32::MAX))
    }

    async fn refund_call(&self, payer: Payer, now: Timestamp) -> StoreResult<()> {
        self.write(move |db| refund(db, payer, now).boxed()).await
    }
}

async fn refund(db: &mut Connection, payer: Payer, now: Timestamp) -> StoreResult<()> {
    lock_account(&mut *db, payer.user_id).await?;
    let day = now.seconds().div_euclid(DAY);
    if take_back(&mut *db, payer, day).await? {
        sqlx::query("UPDATE model_days SET calls = calls - 1 WHERE day = $1 AND calls > 0")
            .bind(day)
            .execute(db)
            .await
            .map_err(from_sqlx)?;
    }
    Ok(())
}

/// Takes a call back from interview and account; returns whether the account had one on that day.
async fn take_back(db: &mut Connection, payer: Payer, day: i64) -> StoreResult<bool> {
    if let Some(interview) = payer.interview_id {
        sqlx::query(
            "UPDATE interviews SET model_calls = model_calls - 1 WHERE id = $1 AND model_calls > 0",
        )
        .bind(interview.get())
        .execute(&mut *db)
        .await
        .map_err(from_sqlx)?;
    }
    let done = sqlx::query(
        "UPDATE model_calls SET calls = calls - 1 WHERE user_id = $1 AND day = $2 AND calls > 0",
    )
    .bind(payer.user_id.get())
    .bind(day)
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(done.rows_affected() > 0)
}

async fn charge(
    db: &mut Connection,
    payer: Payer,
    now: Timestamp,
    caps: SpendingCaps,
) -> StoreResult<Charge> {
    // One at a time, so that many at once cannot exceed a cap together.
    lock_account(&mut *db, payer.user_id).await?;
    let (user, day) = (payer.user_id.get(), now.seconds().div_euclid(DAY));
    let today: Option<i64> =
        sqlx::query_scalar("SELECT calls FROM model_calls WHERE user_id = $1 AND day = $2")
            .bind(user)
            .bind(day)
            .fetch_optional(&mut *db)
            .await
            .map_err(from_sqlx)?;
    if today.unwrap_or(0) >= i64::from(caps.per_user_and_day) {
        return Ok(Charge::DaySpent);
    }
    // Checked before anything is counted: what is rejected below has to be taken back.
    if !any_left(&mut *db, day, caps).await? {
        return Ok(Charge::AllSpent);
    }
    if let Some(interview) = payer.interview_id {
        let charged = sqlx::query(
            "UPDATE interviews SET model_calls = model_calls + 1 WHERE id = $1 AND model_calls < $2",
        )
        .bind(interview.get())
        .bind(i64::from(caps.per_interview))
        .execute(&mut *db)
        .await
        .map_err(from_sqlx)?;
        // An interview that was deleted meanwhile has no calls left either.
        if charged.rows_affected() == 0 {
            return Ok(Charge::InterviewSpent);
        }
    }
    sqlx::query(
        "INSERT INTO model_calls (user_id, day, calls) VALUES ($1, $2, 1)
         ON CONFLICT (user_id, day) DO UPDATE SET calls = model_calls.calls + 1",
    )
    .bind(user)
    .bind(day)
    .execute(&mut *db)
    .await
    .map_err(from_sqlx)?;
    // Last, because all accounts share this row: from here on, the first transaction blocks the
    // others.
    if charge_all(&mut *db, day, caps).await? {
        return Ok(Charge::Charged);
    }
    take_back(db, payer, day).await?;
    Ok(Charge::AllSpent)
}

/// Whether all accounts together have a call left.
async fn any_left(db: &mut Connection, day: i64, caps: SpendingCaps) -> StoreResult<bool> {
    let calls: Option<i64> = sqlx::query_scalar("SELECT calls FROM model_days WHERE day = $1")
        .bind(day)
        .fetch_optional(db)
        .await
        .map_err(from_sqlx)?;
    Ok(calls.unwrap_or(0) < most(caps))
}

/// Counts a call of all accounts together in one statement; returns false if none is left.
async fn charge_all(db: &mut Connection, day: i64, caps: SpendingCaps) -> StoreResult<bool> {
    let charged = sqlx::query(
        "INSERT INTO model_days (day, calls) VALUES ($1, 1)
         ON CONFLICT (day) DO UPDATE SET calls = model_days.calls + 1 WHERE model_days.calls < $2",
    )
    .bind(day)
    .bind(most(caps))
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(charged.rows_affected() > 0)
}

/// The most calls of all accounts together on one day.
fn most(caps: SpendingCaps) -> i64 {
    caps.per_day.map_or(i64::MAX, i64::from)
}
