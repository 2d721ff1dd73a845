//! The evaluation queue.

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::types::Json;

use super::{
    calls::as_nobody,
    dialect::{
        Connection, Row, SqlStore, announce, caller, claimed, extended, from_sqlx, write_outcomes,
    },
    row::{self, get},
};
use crate::{
    domain::{
        clock::Timestamp,
        id::{AnswerId, InterviewId, QuestionId, UserId},
    },
    fail_point,
    storage::{
        StoreResult,
        queue::{BACK, Claim, EvaluationQueue, Hold, Job, Outcome, SHARE},
        record::rubric_from_record,
    },
};

/// The columns of a claimed evaluation.
macro_rules! job {
    () => {
        "claimed.id, claimed.answer_id, claimed.attempts, claimed.fence, claimed.stands_at,
         interview_id, answers.user_id, role, level, language, question_text,
         reference_answer, rubric, answer_text,
         CASE WHEN mode = 'real' THEN questions.id END AS followed_id"
    };
}

/// Joins a claimed evaluation with what a grader needs.
macro_rules! of_job {
    () => {
        " JOIN answers ON answers.id = claimed.answer_id
         JOIN questions ON questions.id = answers.question_id
         JOIN interviews ON interviews.id = questions.interview_id"
    };
}
pub(super) use {job, of_job};

/// When the next evaluation falls due.
const NEXT_DUE: &str = caller!(
    "SELECT caller.now_at, (
         SELECT min(CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END)
         FROM evaluations WHERE status = 'pending'
     ) AS due FROM caller"
);

#[async_trait]
impl EvaluationQueue for SqlStore {
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<Job>> {
        let rows = claimed(self, now, lease_until, limit).await?;
        let mut claimed = rows.iter().map(Claimed::read).collect::<StoreResult<Vec<_>>>()?;
        // Claimed rows come in no particular order.
        claimed.sort_by_key(|claimed| (claimed.stands_at, claimed.id));
        let mut jobs = Vec::with_capacity(claimed.len());
        for Claimed { id, claim, job, .. } in claimed {
            match job {
                Ok(job) => jobs.push(job),
                Err(error) => {
                    tracing::error!(%error, "a queued evaluation cannot be read");
                    give_up(self, id, claim).await?;
                }
            }
        }
        Ok(jobs)
    }

    async fn finish(
        &self,
        outcomes: Vec<(Claim, Outcome)>,
        now: Timestamp,
    ) -> StoreResult<Vec<bool>> {
        self.write(move |db| finish_all(db, outcomes, now).boxed()).await
    }

    async fn extend(&self, claim: Claim, lease_until: Timestamp) -> StoreResult<bool> {
        Ok(self.extend_all(vec![claim], lease_until).await? == [true])
    }

    async fn extend_all(
        &self,
        claims: Vec<Claim>,
        lease_until: Timestamp,
    ) -> StoreResult<Vec<bool>> {
        let prolonged = extended(self, claims.clone(), lease_until).await?;
        Ok(claims.iter().map(|claim| prolonged.contains(claim)).collect())
    }

    async fn next_due(&self) -> StoreResult<Option<Timestamp>> {
        let rows = self.rows(|| as_nobody(NEXT_DUE)).await?;
        let row = rows.first().ok_or_else(|| from_sqlx(sqlx::Error::RowNotFound))?;
        self.learn_clock(row)?;
        row::optional_time(row, "due")
    }
}

/// The position in the queue for what the account requests now: at its end, or further back if the
/// account has used its share.
pub(super) async fn queue_position(
    db: &mut Connection,
    user_id: UserId,
    now: Timestamp,
) -> StoreResult<Timestamp> {
    let row = sqlx::query(
        "SELECT stands_at FROM evaluations WHERE user_id = $1 AND status = 'pending'
         ORDER BY stands_at DESC LIMIT 1 OFFSET $2",
    )
    .bind(user_id.get())
    .bind(i64::from(SHARE) - 1)
    .fetch_optional(db)
    .await
    .map_err(from_sqlx)?;
    match row {
        Some(row) => Ok(now.max(row::time(&row, "stands_at")?.after(BACK))),
        None => Ok(now),
    }
}

/// A row of the queue that was just claimed.
struct Claimed {
    id: i64,
    stands_at: Timestamp,
    claim: Claim,
    /// What a grader needs; an error if it cannot be read.
    job: StoreResult<Job>,
}

impl Claimed {
    fn read(row: &Row) -> StoreResult<Self> {
        let claim =
            Claim { answer_id: AnswerId::new(get(row, "answer_id")?), fence: get(row, "fence")? };
        Ok(Self {
            id: get(row, "id")?,
            stands_at: row::time(row, "stands_at")?,
            claim,
            job: job_of(row, claim),
        })
    }
}

fn job_of(row: &Row, claim: Claim) -> StoreResult<Job> {
    let reference = get(row, "reference_answer")?;
    let rubric = rubric_from_record(reference, get::<Json<_>>(row, "rubric")?.0);
    Ok(Job {
        claim,
        attempt: get(row, "attempts")?,
        interview_id: Some(InterviewId::new(get(row, "interview_id")?)),
        followed: get::<Option<i64>>(row, "followed_id")?.map(QuestionId::new),
        user_id: UserId::new(get(row, "user_id")?),
        role: get(row, "role")?,
        level: row::level(row)?,
        language: get(row, "language")?,
        question: get(row, "question_text")?,
        rubric,
        answer: get(row, "answer_text")?,
        hold: Hold::default(),
    })
}

/// Removes a row that nobody can ever evaluate from the queue; otherwise it would be first forever
/// and block all others.
async fn give_up(store: &SqlStore, evaluation_id: i64, claim: Claim) -> StoreResult<()> {
    let update = "UPDATE evaluations SET status = 'failed', lease_until = NULL,
                failure_reason = 'The question of this answer cannot be read any more.'
         WHERE id = $1 AND fence = $2 AND status = 'pending'";
    store
        .write_one(move || sqlx::query(update).bind(evaluation_id).bind(claim.fence))
        .await
        .map(drop)
}

async fn finish_all(
    db: &mut Connection,
    outcomes: Vec<(Claim, Outcome)>,
    now: Timestamp,
) -> StoreResult<Vec<bool>> {
    let claims: Vec<_> = outcomes.iter().map(|(claim, _)| *claim).collect();
    let asks_again =
        |outcome: &Outcome| matches!(outcome, Outcome::Retry { .. } | Outcome::Returned);
    let again: Vec<_> = outcomes.iter().map(|(_, outcome)| asks_again(outcome)).collect();
    let mut outcomes = outcomes;
    // Always in the same order, so that two transactions over the same rows never deadlock.
    outcomes.sort_by_key(|(claim, _)| claim.answer_id.get());
    let changed = write_outcomes(&mut *db, outcomes, now).await?;
    let written: Vec<_> = claims.iter().map(|claim| changed.contains(claim)).collect();
    let queued = written.iter().zip(&again).any(|(written, again)| *written && *again);
    let changed: Vec<_> = changed.iter().map(|claim| claim.answer_id).collect();
    announce(db, &changed, queued).await?;
    fail_point::reach("outcome written");
    Ok(written)
}
