//! Claims, extends and finishes evaluations, any number at once.

use std::collections::HashSet;

use serde::Serialize;
use sqlx::types::Json;

use super::super::{
    dialect::{Connection, Row, SqlStore, claim, from_sqlx, moment},
    queue::{job, of_job},
    row::get,
};
use crate::{
    domain::{clock::Timestamp, id::AnswerId},
    storage::{
        StoreResult,
        progress::Grade,
        queue::{Claim, Outcome},
        record::{
            DetailsRecord, ProvenanceRecord, ScoresRecord, assessment_to_columns, grader_word,
        },
    },
};

/// Claims due evaluations and returns them with what a grader needs.
const CLAIM: &str =
    concat!("WITH claimed AS (", claim!(), ") SELECT ", job!(), " FROM claimed", of_job!());

/// Claims due evaluations and returns them with what a grader needs, in one round trip.
pub(in super::super) async fn claimed(
    store: &SqlStore,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> StoreResult<Vec<Row>> {
    let claim = move || {
        let query = sqlx::query(CLAIM).bind(moment(now)).bind(moment(lease_until));
        query.bind(i64::from(limit))
    };
    store.write_one(claim).await
}

/// Extends the leases of those claims that are still the newest, and returns these claims.
pub(in super::super) async fn extended(
    store: &SqlStore,
    claims: Vec<Claim>,
    lease_until: Timestamp,
) -> StoreResult<HashSet<Claim>> {
    // Always in the same order, so that two transactions over the same rows never deadlock.
    let update = "WITH locked AS MATERIALIZED (
             SELECT evaluations.id, evaluations.fence FROM evaluations
             JOIN unnest($1::bigint[], $2::bigint[]) AS given (answer_id, fence)
                 ON given.answer_id = evaluations.answer_id AND given.fence = evaluations.fence
             WHERE evaluations.status = 'pending'
             ORDER BY evaluations.answer_id FOR UPDATE OF evaluations
         )
         UPDATE evaluations SET lease_until = $3 FROM locked
         WHERE evaluations.id = locked.id AND evaluations.fence = locked.fence
             AND evaluations.status = 'pending'
         RETURNING evaluations.answer_id, evaluations.fence";
    let (ids, fences): (Vec<_>, Vec<_>) =
        claims.iter().map(|claim| (claim.answer_id.get(), claim.fence)).unzip();
    let rows = store
        .write_one(move || sqlx::query(update).bind(&ids).bind(&fences).bind(moment(lease_until)))
        .await?;
    rows.iter().map(claim_of).collect()
}

fn claim_of(row: &Row) -> StoreResult<Claim> {
    Ok(Claim { answer_id: AnswerId::new(get(row, "answer_id")?), fence: get(row, "fence")? })
}

/// How an evaluation ended, as the columns that it changes. `None` leaves a column as it is, or sets
/// it to NULL, as the statement says.
#[derive(Serialize, Default)]
struct Ended {
    answer_id: i64,
    fence: i64,
    status: &'static str,
    /// Attempts that do not count.
    returned: i32,
    /// Microseconds since 1970.
    due_at: Option<i64>,
    fault: Option<String>,
    reason: Option<String>,
    refusal: Option<&'static str>,
    scores: Option<ScoresRecord>,
    feedback: Option<String>,
    suggestions: Option<Vec<String>>,
    details: Option<DetailsRecord>,
    grader_kind: Option<&'static str>,
    grader_name: Option<String>,
    grader_version: Option<String>,
    provenance: Option<ProvenanceRecord>,
    /// In hexadecimal digits.
    fingerprint: Option<String>,
}

impl Ended {
    fn of(claim: Claim, outcome: Outcome, now: Timestamp) -> Self {
        let (answer_id, fence) = (claim.answer_id.get(), claim.fence);
        let pending = Self { answer_id, fence, status: "pending", ..Self::default() };
        match outcome {
            Outcome::Completed(assessment) => {
                let columns = assessment_to_columns(&assessment);
                let grader = assessment.grader.clone();
                Self {
                    status: "completed",
                    scores: Some(columns.scores),
                    feedback: Some(columns.feedback),
                    suggestions: Some(columns.suggestions),
                    details: Some(columns.details),
                    grader_kind: Some(grader_word(grader.kind)),
                    grader_name: Some(grader.name),
                    grader_version: Some(grader.version),
                    provenance: columns.provenance,
                    fingerprint: columns.fingerprint.as_deref().map(digits),
                    ..pending
                }
            }
            Outcome::Retry { after, fault } => {
                Self { due_at: Some(now.after(after).micros()), fault: Some(fault), ..pending }
            }
            Outcome::Failed(reason) => Self { status: "failed", reason: Some(reason), ..pending },
            Outcome::Refused(declined) => Self {
                status: "failed",
                reason: Some(declined.reason),
                refusal: Some(declined.refusal.word()),
                ..pending
            },
            Outcome::Returned => Self { returned: 1, ..pending },
        }
    }
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"))
}

/// Raises the fence, so that a claim writes only once. It checks the claim's number, not the worker's
/// name: a worker given up for dead may come back with a stale result.
const END: &str = "WITH given AS MATERIALIZED (
         SELECT * FROM jsonb_to_recordset($1) AS given (
             answer_id BIGINT, fence BIGINT, status TEXT, returned INTEGER, due_at BIGINT,
             fault TEXT, reason TEXT, refusal TEXT, scores JSONB, feedback TEXT,
             suggestions JSONB, details JSONB, grader_kind TEXT, grader_name TEXT,
             grader_version TEXT, provenance JSONB, fingerprint TEXT
         )
     ), locked AS MATERIALIZED (
         SELECT evaluations.id FROM evaluations
         JOIN given ON given.answer_id = evaluations.answer_id AND given.fence = evaluations.fence
         WHERE evaluations.status = 'pending'
         ORDER BY evaluations.answer_id FOR UPDATE OF evaluations
     )
     UPDATE evaluations
     SET lease_until = NULL, fence = evaluations.fence + 1, status = given.status,
         attempts = attempts - given.returned,
         due_at = coalesce(
             TIMESTAMPTZ 'epoch' + given.due_at * INTERVAL '1 microsecond', evaluations.due_at
         ),
         last_fault = coalesce(given.fault, last_fault), failure_reason = given.reason,
         refusal = given.refusal, scores = given.scores, feedback = given.feedback,
         suggestions = given.suggestions, details = given.details,
         grader_kind = given.grader_kind, grader_name = given.grader_name,
         grader_version = given.grader_version, provenance = given.provenance,
         fingerprint = decode(given.fingerprint, 'hex'),
         evaluated_at = CASE WHEN given.status = 'completed' THEN $2 END
     FROM given, locked
     WHERE evaluations.id = locked.id AND evaluations.status = 'pending'
         AND given.answer_id = evaluations.answer_id AND given.fence = evaluations.fence
     RETURNING evaluations.answer_id, given.fence";

/// Writes each outcome whose claim is still the newest, and returns these claims.
pub(in super::super) async fn write_outcomes(
    db: &mut Connection,
    outcomes: Vec<(Claim, Outcome)>,
    now: Timestamp,
) -> StoreResult<HashSet<Claim>> {
    let grade = |(claim, outcome): &(Claim, Outcome)| match outcome {
        Outcome::Completed(assessment) => Some((*claim, Grade::of(assessment))),
        _ => None,
    };
    let mut grades: Vec<_> = outcomes.iter().filter_map(grade).collect();
    let ended = outcomes.into_iter().map(|(claim, outcome)| Ended::of(claim, outcome, now));
    let rows = sqlx::query(END)
        .bind(Json(ended.collect::<Vec<_>>()))
        .bind(moment(now))
        .fetch_all(&mut *db)
        .await
        .map_err(from_sqlx)?;
    let written: HashSet<_> = rows.iter().map(claim_of).collect::<StoreResult<_>>()?;
    grades.retain(|(claim, _)| written.contains(claim));
    if !grades.is_empty() {
        note(db, grades.into_iter().map(|(claim, grade)| (claim.answer_id, grade))).await?;
    }
    Ok(written)
}

/// Records in each interview's progress the grades of its answers that are still the latest to their
/// questions. A row that another transaction has changed meanwhile is evaluated again.
const NOTE: &str = "WITH graded AS MATERIALIZED (
         SELECT questions.interview_id, questions.question_order::text AS place, answers.attempt,
                given.grade
         FROM unnest($1::bigint[], $2::jsonb[]) AS given (answer_id, grade)
         JOIN answers ON answers.id = given.answer_id
         JOIN questions ON questions.id = answers.question_id
     ), locked AS MATERIALIZED (
         SELECT id FROM interviews WHERE id IN (SELECT interview_id FROM graded)
         ORDER BY id FOR NO KEY UPDATE
     )
     UPDATE interviews
     SET progress = progress || (
         SELECT coalesce(jsonb_object_agg(place, jsonb_build_array(attempt) || grade), '{}')
         FROM graded WHERE graded.interview_id = interviews.id
             AND (interviews.progress -> place ->> 0)::integer = attempt
     )
     FROM locked WHERE interviews.id = locked.id";

async fn note(
    db: &mut Connection,
    grades: impl Iterator<Item = (AnswerId, Grade)>,
) -> StoreResult<()> {
    let (ids, grades): (Vec<_>, Vec<_>) = grades.map(|(id, grade)| (id.get(), Json(grade))).unzip();
    sqlx::query(NOTE).bind(ids).bind(grades).execute(db).await.map_err(from_sqlx)?;
    Ok(())
}

/// Records an answer's grade in its interview's progress, if it is still the latest to its question.
pub(in super::super) async fn note_grade(
    db: &mut Connection,
    id: AnswerId,
    grade: Grade,
) -> StoreResult<()> {
    note(db, std::iter::once((id, grade))).await
}
