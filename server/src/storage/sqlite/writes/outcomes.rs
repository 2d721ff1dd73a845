//! Claims, extends and finishes evaluations.

use std::collections::HashSet;

use futures::FutureExt;
use sqlx::{QueryBuilder, types::Json};

use super::super::{
    dialect::{CLAIM, Connection, Database, Row, SqlStore, from_sqlx, moment},
    queue::{job, of_job},
};
use crate::{
    domain::{clock::Timestamp, evaluation::Assessment, id::AnswerId},
    storage::{
        StoreResult,
        progress::Grade,
        queue::{Claim, Outcome},
        record::{assessment_to_columns, grader_word},
    },
};

/// Claims due evaluations and returns them with what a grader needs.
pub(in super::super) async fn claimed(
    store: &SqlStore,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> StoreResult<Vec<Row>> {
    store.write(move |db| claim(db, now, lease_until, limit).boxed()).await
}

async fn claim(
    db: &mut Connection,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> StoreResult<Vec<Row>> {
    let ids: Vec<i64> = sqlx::query_scalar(CLAIM)
        .bind(moment(now))
        .bind(moment(lease_until))
        .bind(i64::from(limit))
        .fetch_all(&mut *db)
        .await
        .map_err(from_sqlx)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::<Database>::new(concat!(
        "SELECT ",
        job!(),
        " FROM evaluations AS claimed",
        of_job!(),
        " WHERE claimed.id IN ("
    ));
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(id);
    }
    query.push(")");
    query.build().fetch_all(db).await.map_err(from_sqlx)
}

/// Extends the leases of those claims that are still the newest, and returns these claims.
pub(in super::super) async fn extended(
    store: &SqlStore,
    claims: Vec<Claim>,
    lease_until: Timestamp,
) -> StoreResult<HashSet<Claim>> {
    store.write(move |db| async move { extend(db, claims, lease_until).await }.boxed()).await
}

async fn extend(
    db: &mut Connection,
    claims: Vec<Claim>,
    lease_until: Timestamp,
) -> StoreResult<HashSet<Claim>> {
    let mut prolonged = HashSet::new();
    for claim in claims {
        let done = sqlx::query(
            "UPDATE evaluations SET lease_until = $3
             WHERE answer_id = $1 AND fence = $2 AND status = 'pending'",
        )
        .bind(claim.answer_id.get())
        .bind(claim.fence)
        .bind(moment(lease_until))
        .execute(&mut *db)
        .await
        .map_err(from_sqlx)?;
        if done.rows_affected() > 0 {
            prolonged.insert(claim);
        }
    }
    Ok(prolonged)
}

/// Writes each outcome whose claim is still the newest, and returns these claims.
pub(in super::super) async fn write_outcomes(
    db: &mut Connection,
    outcomes: Vec<(Claim, Outcome)>,
    now: Timestamp,
) -> StoreResult<HashSet<Claim>> {
    let mut written = HashSet::new();
    for (claim, outcome) in outcomes {
        let grade = match &outcome {
            Outcome::Completed(assessment) => Some(Grade::of(assessment)),
            _ => None,
        };
        if finish(&mut *db, claim, outcome, now).await? {
            written.insert(claim);
            if let Some(grade) = grade {
                note_grade(&mut *db, claim.answer_id, grade).await?;
            }
        }
    }
    Ok(written)
}

/// Records an answer's grade in its interview's progress, if it is still the latest to its question.
pub(in super::super) async fn note_grade(
    db: &mut Connection,
    id: AnswerId,
    grade: Grade,
) -> StoreResult<()> {
    // The grade follows the attempt in one list.
    sqlx::query(
        "UPDATE interviews SET progress = json_set(
             progress, '$.' || question_order,
             json_array(attempt, $2 ->> 0, $2 ->> 1, $2 ->> 2, json($2 -> 3))
         )
         FROM answers JOIN questions ON questions.id = question_id
         WHERE answers.id = $1 AND interviews.id = interview_id
             AND json_extract(progress, '$.' || question_order || '[0]') = attempt",
    )
    .bind(id.get())
    .bind(Json(grade))
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

async fn finish(
    db: &mut Connection,
    claim: Claim,
    outcome: Outcome,
    now: Timestamp,
) -> StoreResult<bool> {
    // Raises the fence, so that a claim writes only once.
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
        Outcome::Refused(declined) => {
            update.push(", status = 'failed', failure_reason = ").push_bind(declined.reason);
            update.push(", refusal = ").push_bind(declined.refusal.word());
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
