//! The evaluation queue.

use std::collections::HashMap;

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::{QueryBuilder, types::Json};

use super::{
    dialect::{CLAIM, Connection, Database, Row, SqlStore, announce, from_sqlx, moment},
    row::{self, get},
};
use crate::{
    domain::{
        clock::Timestamp,
        evaluation::Assessment,
        id::{AnswerId, InterviewId, UserId},
    },
    fail_point,
    storage::{
        StoreError, StoreResult,
        queue::{BACK, Claim, EvaluationQueue, Job, Outcome, SHARE},
        record::{assessment_to_columns, grader_word, rubric_from_record},
    },
};

#[async_trait]
impl EvaluationQueue for SqlStore {
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
        self.write(move |db| finish_all(db, outcomes, now).boxed()).await
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
                .bind(moment(lease_until))
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
            "SELECT min(CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END) AS due
             FROM evaluations WHERE status = 'pending'",
        )
        .fetch_one(&self.readers);
        self.in_time(async { row::optional_time(&query.await.map_err(from_sqlx)?, "due") }).await
    }
}

/// Where what the account asks for now stands in the line: at its end, or further back where the
/// account has its share of the line already.
pub(super) async fn place_in_line(
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

async fn claim(
    db: &mut Connection,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> StoreResult<Vec<Job>> {
    let mut claimed = sqlx::query(CLAIM)
        .bind(moment(now))
        .bind(moment(lease_until))
        .bind(i64::from(limit))
        .fetch_all(&mut *db)
        .await
        .map_err(from_sqlx)?
        .iter()
        .map(Claimed::read)
        .collect::<StoreResult<Vec<_>>>()?;
    // RETURNING promises no order.
    claimed.sort_by_key(|claimed| (claimed.stands_at, claimed.id));
    let mut work = work_of(&mut *db, &claimed).await?;
    let mut jobs = Vec::with_capacity(claimed.len());
    for claimed in claimed {
        let read = work.remove(&claimed.claim.answer_id).unwrap_or_else(|| {
            Err(StoreError::Internal("its answer is gone but it is not".into()))
        });
        match read {
            Ok(job) => jobs.push(Job { claim: claimed.claim, attempt: claimed.attempt, ..job }),
            Err(error) => {
                tracing::error!(%error, "a queued evaluation cannot be read");
                give_up(&mut *db, claimed.id).await?;
            }
        }
    }
    Ok(jobs)
}

/// A row of the queue that was just claimed.
struct Claimed {
    id: i64,
    stands_at: Timestamp,
    claim: Claim,
    attempt: i32,
}

impl Claimed {
    fn read(row: &Row) -> StoreResult<Self> {
        Ok(Self {
            id: get(row, "id")?,
            stands_at: row::time(row, "stands_at")?,
            claim: Claim {
                answer_id: AnswerId::new(get(row, "answer_id")?),
                fence: get(row, "fence")?,
            },
            attempt: get(row, "attempts")?,
        })
    }
}

/// What graders need of each, by its answer: an error where it cannot be read.
async fn work_of(
    db: &mut Connection,
    claimed: &[Claimed],
) -> StoreResult<HashMap<AnswerId, StoreResult<Job>>> {
    if claimed.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = QueryBuilder::<Database>::new(
        "SELECT answers.id AS answer_id, interview_id, answers.user_id, role, level, language,
                question_text, reference_answer, rubric, answer_text
         FROM answers
         JOIN questions ON questions.id = answers.question_id
         JOIN interviews ON interviews.id = questions.interview_id
         WHERE answers.id IN (",
    );
    let mut ids = query.separated(", ");
    for claimed in claimed {
        ids.push_bind(claimed.claim.answer_id.get());
    }
    query.push(")");
    let rows = query.build().fetch_all(db).await.map_err(from_sqlx)?;
    rows.iter().map(|row| Ok((AnswerId::new(get(row, "answer_id")?), job(row)))).collect()
}

/// A job, but for what its claim says.
fn job(row: &Row) -> StoreResult<Job> {
    let reference = get(row, "reference_answer")?;
    let rubric = rubric_from_record(reference, get::<Json<_>>(row, "rubric")?.0);
    Ok(Job {
        claim: Claim { answer_id: AnswerId::new(get(row, "answer_id")?), fence: 0 },
        attempt: 0,
        interview_id: Some(InterviewId::new(get(row, "interview_id")?)),
        user_id: UserId::new(get(row, "user_id")?),
        role: get(row, "role")?,
        level: row::level(row)?,
        language: get(row, "language")?,
        question: get(row, "question_text")?,
        rubric,
        answer: get(row, "answer_text")?,
    })
}

/// Takes a row out of the queue that nobody could ever work off; otherwise it would be the first
/// for ever, and in everybody's way.
async fn give_up(db: &mut Connection, evaluation_id: i64) -> StoreResult<()> {
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

async fn finish_all(
    db: &mut Connection,
    outcomes: Vec<(Claim, Outcome)>,
    now: Timestamp,
) -> StoreResult<Vec<bool>> {
    let mut written = vec![false; outcomes.len()];
    let mut outcomes: Vec<_> = outcomes.into_iter().enumerate().collect();
    // Always in the same order, so that two who write the same rows never wait for each other.
    outcomes.sort_by_key(|(_, (claim, _))| claim.answer_id.get());
    let mut changed = Vec::with_capacity(outcomes.len());
    let mut queued = false;
    for (at, (claim, outcome)) in outcomes {
        let again = matches!(outcome, Outcome::Retry { .. } | Outcome::Returned);
        if finish(&mut *db, claim, outcome, now).await? {
            written[at] = true;
            changed.push(claim.answer_id);
            queued |= again;
        }
    }
    announce(db, &changed, queued).await?;
    fail_point::reach("outcome written");
    Ok(written)
}

async fn finish(
    db: &mut Connection,
    claim: Claim,
    outcome: Outcome,
    now: Timestamp,
) -> StoreResult<bool> {
    // The fence moves on, so that a claim writes once.
    let mut update =
        QueryBuilder::new("UPDATE evaluations SET lease_until = NULL, fence = fence + 1");
    match outcome {
        Outcome::Completed(assessment) => set_completed(&mut update, &assessment, now),
        Outcome::Retry { after, fault } => {
            update.push(", due_at = ").push_bind(moment(now.after(after)));
            update.push(", last_fault = ").push_bind(fault);
        }
        Outcome::Failed(reason) => {
            update.push(", status = 'failed', failure_reason = ").push_bind(reason);
        }
        Outcome::Refused(refusal) => {
            update.push(", status = 'failed', failure_reason = ").push_bind(refusal.reason());
            update.push(", refusal = ").push_bind(refusal.word());
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

fn set_completed(update: &mut QueryBuilder<Database>, assessment: &Assessment, now: Timestamp) {
    let columns = assessment_to_columns(assessment);
    update.push(", status = 'completed', scores = ").push_bind(Json(columns.scores));
    update.push(", feedback = ").push_bind(columns.feedback);
    update.push(", suggestions = ").push_bind(Json(columns.suggestions));
    update.push(", details = ").push_bind(Json(columns.details));
    update.push(", grader_kind = ").push_bind(grader_word(assessment.grader.kind));
    update.push(", grader_name = ").push_bind(assessment.grader.name.clone());
    update.push(", grader_version = ").push_bind(assessment.grader.version.clone());
    update.push(", provenance = ").push_bind(columns.provenance.map(Json));
    update.push(", fingerprint = ").push_bind(columns.fingerprint);
    update.push(", evaluated_at = ").push_bind(moment(now));
}
