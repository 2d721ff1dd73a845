//! The evaluation queue in SQLite.

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{
    SqliteStore,
    error::from_sqlx,
    row::{self, get},
};
use crate::{
    domain::{
        clock::Timestamp,
        evaluation::Assessment,
        id::{AnswerId, InterviewId, UserId},
    },
    storage::{
        StoreResult,
        queue::{Claim, EvaluationQueue, Job, Outcome},
        record::{assessment_to_columns, grader_word, rubric_from_json},
    },
};

#[async_trait]
impl EvaluationQueue for SqliteStore {
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<Job>> {
        self.write(move |db| claim(db, now, lease_until, limit).boxed()).await
    }

    async fn finish(
        &self,
        outcomes: Vec<(Claim, Outcome)>,
        now: Timestamp,
    ) -> StoreResult<Vec<bool>> {
        self.write(move |db| {
            async move {
                let mut written = Vec::with_capacity(outcomes.len());
                for (claim, outcome) in outcomes {
                    written.push(finish(&mut *db, claim, outcome, now).await?);
                }
                Ok(written)
            }
            .boxed()
        })
        .await
    }

    async fn extend(&self, claim: Claim, lease_until: Timestamp) -> StoreResult<bool> {
        self.write(move |db| {
            async move {
                let done = sqlx::query(
                    "UPDATE evaluations SET lease_until = $3
                     WHERE answer_id = $1 AND fence = $2 AND status = 'pending'",
                )
                .bind(claim.answer_id.get())
                .bind(claim.fence)
                .bind(lease_until.micros())
                .execute(db)
                .await
                .map_err(from_sqlx)?;
                Ok(done.rows_affected() > 0)
            }
            .boxed()
        })
        .await
    }

    async fn next_due(&self) -> StoreResult<Option<Timestamp>> {
        let query = sqlx::query(
            "SELECT min(max(due_at, coalesce(lease_until, due_at))) AS due
             FROM evaluations WHERE status = 'pending'",
        )
        .fetch_one(&self.readers);
        self.in_time(async {
            let row = query.await.map_err(from_sqlx)?;
            Ok(get::<Option<i64>>(&row, "due")?.map(Timestamp::from_micros))
        })
        .await
    }
}

async fn claim(
    db: &mut SqliteConnection,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> StoreResult<Vec<Job>> {
    let rows = sqlx::query(
        "UPDATE evaluations
         SET attempts = attempts + 1, fence = fence + 1, lease_until = $2
         WHERE id IN (
             SELECT id FROM evaluations
             WHERE status = 'pending' AND due_at <= $1
                 AND (lease_until IS NULL OR lease_until <= $1)
             ORDER BY due_at, id LIMIT $3
         )
         RETURNING id, answer_id, attempts, fence, due_at",
    )
    .bind(now.micros())
    .bind(lease_until.micros())
    .bind(i64::from(limit))
    .fetch_all(&mut *db)
    .await
    .map_err(from_sqlx)?;
    // RETURNING promises no order.
    let mut claimed: Vec<((i64, i64), SqliteRow)> = Vec::with_capacity(rows.len());
    for row in rows {
        claimed.push(((get(&row, "due_at")?, get(&row, "id")?), row));
    }
    claimed.sort_by_key(|(order, _)| *order);
    let mut jobs = Vec::with_capacity(claimed.len());
    for (_, row) in claimed {
        let work = sqlx::query(
            "SELECT interview_id, answers.user_id, role, level, language, question_text, reference_answer, rubric,
                    answer_text
             FROM answers
             JOIN questions ON questions.id = answers.question_id
             JOIN interviews ON interviews.id = questions.interview_id
             WHERE answers.id = $1",
        )
        .bind(get::<i64>(&row, "answer_id")?)
        .fetch_one(&mut *db)
        .await
        .map_err(from_sqlx)?;
        match job(&row, &work) {
            Ok(job) => jobs.push(job),
            Err(error) => {
                tracing::error!(%error, "a queued evaluation cannot be read");
                give_up(&mut *db, get(&row, "id")?).await?;
            }
        }
    }
    Ok(jobs)
}

/// Takes a row out of the queue that nobody could ever work off; otherwise it would be the oldest
/// for ever, and in everybody's way.
async fn give_up(db: &mut SqliteConnection, evaluation_id: i64) -> StoreResult<()> {
    sqlx::query(
        "UPDATE evaluations SET status = 'failed', lease_until = NULL,
                failure_reason = 'The question of this answer cannot be read any more.'
         WHERE id = $1",
    )
    .bind(evaluation_id)
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

fn job(claimed: &SqliteRow, work: &SqliteRow) -> StoreResult<Job> {
    let reference = get(work, "reference_answer")?;
    Ok(Job {
        claim: Claim {
            answer_id: AnswerId::new(get(claimed, "answer_id")?),
            fence: get(claimed, "fence")?,
        },
        attempt: get(claimed, "attempts")?,
        interview_id: InterviewId::new(get(work, "interview_id")?),
        user_id: UserId::new(get(work, "user_id")?),
        role: get(work, "role")?,
        level: row::level(work)?,
        language: get(work, "language")?,
        question: get(work, "question_text")?,
        rubric: rubric_from_json(reference, work.try_get("rubric").map_err(from_sqlx)?)?,
        answer: get(work, "answer_text")?,
    })
}

async fn finish(
    db: &mut SqliteConnection,
    claim: Claim,
    outcome: Outcome,
    now: Timestamp,
) -> StoreResult<bool> {
    // The fence moves on, so that a claim writes once.
    let mut update =
        QueryBuilder::new("UPDATE evaluations SET lease_until = NULL, fence = fence + 1");
    match outcome {
        Outcome::Completed(assessment) => set_completed(&mut update, &assessment, now)?,
        Outcome::Retry { due_at, fault } => {
            update.push(", due_at = ").push_bind(due_at.micros());
            update.push(", last_fault = ").push_bind(fault);
        }
        Outcome::Failed(reason) => {
            update.push(", status = 'failed', failure_reason = ").push_bind(reason);
        }
        Outcome::Returned => {
            update.push(", attempts = attempts - 1");
        }
    }
    // The fence is the claim's number, not the worker's name: a worker given up for dead may come
    // back with a stale result.
    update.push(" WHERE status = 'pending' AND answer_id = ").push_bind(claim.answer_id.get());
    update.push(" AND fence = ").push_bind(claim.fence);
    let done = update.build().execute(db).await.map_err(from_sqlx)?;
    Ok(done.rows_affected() > 0)
}

fn set_completed(
    update: &mut QueryBuilder<Sqlite>,
    assessment: &Assessment,
    now: Timestamp,
) -> StoreResult<()> {
    let columns = assessment_to_columns(assessment)?;
    update.push(", status = 'completed', scores = ").push_bind(columns.scores);
    update.push(", feedback = ").push_bind(columns.feedback);
    update.push(", suggestions = ").push_bind(columns.suggestions);
    update.push(", details = ").push_bind(columns.details);
    update.push(", grader_kind = ").push_bind(grader_word(assessment.grader.kind));
    update.push(", grader_name = ").push_bind(assessment.grader.name.clone());
    update.push(", grader_version = ").push_bind(assessment.grader.version.clone());
    update.push(", provenance = ").push_bind(columns.provenance);
    update.push(", fingerprint = ").push_bind(columns.fingerprint);
    update.push(", evaluated_at = ").push_bind(now.micros());
    Ok(())
}
