//! The figures of a store.

use async_trait::async_trait;

use super::{
    dialect::{Moment, SqlStore, from_sqlx, moment, pools, timestamp},
    row::get,
};
use crate::{
    domain::clock::Timestamp,
    storage::{
        StoreResult,
        figures::{Figures, PoolFigures, QueueFigures},
    },
};

#[async_trait]
impl Figures for SqlStore {
    async fn queue(&self, now: Timestamp) -> StoreResult<QueueFigures> {
        // As in a claim: an expired lease does not count.
        let query = "SELECT count(*) AS pending,
                    count(*) FILTER (WHERE lease_until > $1) AS running,
                    count(*) FILTER (WHERE due_at <= $1
                        AND (lease_until IS NULL OR lease_until <= $1)) AS due,
                    min(due_at) FILTER (WHERE due_at <= $1
                        AND (lease_until IS NULL OR lease_until <= $1)) AS oldest
             FROM evaluations WHERE status = 'pending'";
        let rows = self.rows(|| sqlx::query(query).bind(moment(now))).await?;
        let row = rows.first().ok_or_else(|| from_sqlx(sqlx::Error::RowNotFound))?;
        let number = |name| get::<i64>(row, name).map(|n| u64::try_from(n).unwrap_or(0));
        let (pending, running, due) = (number("pending")?, number("running")?, number("due")?);
        let oldest = get::<Option<Moment>>(row, "oldest")?;
        Ok(QueueFigures {
            due,
            waiting: pending.saturating_sub(running + due),
            running,
            oldest_due: oldest.map(timestamp),
        })
    }

    fn pools(&self) -> Vec<PoolFigures> {
        let figures = |(pool, open, idle)| PoolFigures {
            pool,
            open,
            idle: u32::try_from(idle).unwrap_or(u32::MAX),
        };
        pools(self).map(figures).into()
    }
}
