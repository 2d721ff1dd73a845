//! Challenges of points, and self-assessments.

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::types::Json;

use super::{
    answers::answer,
    calls::{as_caller, found},
    dialect::{
        Connection, SqlStore, announce, caller, from_sqlx, lock_account, moment, note_grade,
        remarks,
    },
    interviews::withheld,
    row::{self, get},
};
use crate::{
    domain::{
        api_key::Bearer,
        challenge::{Challenge, SelfAssessment},
        clock::Timestamp,
        evaluation::Assessment,
        id::AnswerId,
    },
    storage::{
        StoreError, StoreResult,
        calls::Checked,
        challenges::{ChallengeKept, ChallengeStore, ChallengedAnswer, NewChallenge},
        progress::Grade,
        record::{RubricRecord, assessment_to_columns, rubric_from_record},
        remark_record::challenge_to_details,
    },
};

/// An answer ($3) with its question, and its owner.
const CHALLENGED: &str = caller!(
    "SELECT caller.is_live, caller.now_at, questions.interview_id,
            interviews.user_id AS owner_id, question_text, questions.rubric, interviews.level,
            interviews.language, ",
    withheld!(),
    ", ",
    answer!(),
    " FROM caller LEFT JOIN answers ON caller.is_live AND answers.id = $3
     LEFT JOIN questions ON questions.id = answers.question_id
     LEFT JOIN interviews ON interviews.id = questions.interview_id
     LEFT JOIN evaluations ON evaluations.answer_id = answers.id"
);

#[async_trait]
impl ChallengeStore for SqlStore {
    async fn challenged_answer(
        &self,
        caller: Bearer,
        id: AnswerId,
    ) -> StoreResult<Checked<Option<ChallengedAnswer>>> {
        let rows = self.checked(|| as_caller(CHALLENGED, caller).bind(id.get())).await?;
        let Checked::Live(rows) = rows else { return Ok(Checked::Ended) };
        let Some(row) = found(&rows, "answer_id").next() else { return Ok(Checked::Live(None)) };
        let record: Json<RubricRecord> = get(row, "rubric")?;
        Ok(Checked::Live(Some(ChallengedAnswer {
            owned: row::owned_answer(row)?,
            question: get(row, "question_text")?,
            rubric: rubric_from_record(get(row, "reference_answer")?, record.0),
            level: row::level(row)?,
            language: get(row, "language")?,
        })))
    }

    async fn keep_challenge(&self, new: NewChallenge) -> StoreResult<ChallengeKept> {
        self.write(move |db| keep(db, new).boxed()).await
    }

    async fn keep_self_assessment(
        &self,
        id: AnswerId,
        point: usize,
        said: Option<SelfAssessment>,
        now: Timestamp,
    ) -> StoreResult<bool> {
        let point = column(point)?;
        self.write(move |db| say(db, id, point, said, now).boxed()).await
    }
}

/// The index of a point as its column.
fn column(point: usize) -> StoreResult<i32> {
    i32::try_from(point).map_err(|_| StoreError::Internal("no point has this index".to_owned()))
}

async fn keep(db: &mut Connection, new: NewChallenge) -> StoreResult<ChallengeKept> {
    // Only challenges change a completed evaluation, so with the account locked their number tells
    // whether it is still the one that was read.
    lock_account(&mut *db, new.user_id).await?;
    let id = new.answer_id;
    let known: Option<i64> = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM challenges WHERE challenges.answer_id = $1)
         FROM evaluations WHERE answer_id = $1 AND status = 'completed'",
    )
    .bind(id.get())
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    match known.map(usize::try_from) {
        None => return Ok(ChallengeKept::Gone),
        Some(Ok(known)) if known == new.known => {}
        Some(_) => return Ok(ChallengeKept::Outdated),
    }
    insert(&mut *db, id, &new.challenge).await?;
    if let Some(assessment) = &new.upheld {
        change(&mut *db, id, assessment).await?;
        note_grade(&mut *db, id, Grade::of(assessment)).await?;
    }
    announce(db, &[id], false).await?;
    Ok(ChallengeKept::Kept)
}

async fn insert(db: &mut Connection, id: AnswerId, challenge: &Challenge) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO challenges (answer_id, point, words, challenged_at, details)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id.get())
    .bind(column(challenge.point)?)
    .bind(challenge.words.clone())
    .bind(moment(challenge.challenged_at))
    .bind(Json(challenge_to_details(challenge)))
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

async fn change(db: &mut Connection, id: AnswerId, assessment: &Assessment) -> StoreResult<()> {
    let columns = assessment_to_columns(assessment);
    sqlx::query(
        "UPDATE evaluations SET scores = $2, feedback = $3, suggestions = $4, details = $5,
             provenance = $6, fingerprint = $7
         WHERE answer_id = $1 AND status = 'completed'",
    )
    .bind(id.get())
    .bind(Json(columns.scores))
    .bind(columns.feedback)
    .bind(Json(columns.suggestions))
    .bind(Json(columns.details))
    .bind(columns.provenance.map(Json))
    .bind(columns.fingerprint)
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

async fn say(
    db: &mut Connection,
    id: AnswerId,
    point: i32,
    said: Option<SelfAssessment>,
    now: Timestamp,
) -> StoreResult<bool> {
    let exists: Option<i64> = sqlx::query_scalar("SELECT id FROM answers WHERE id = $1")
        .bind(id.get())
        .fetch_optional(&mut *db)
        .await
        .map_err(from_sqlx)?;
    if exists.is_none() {
        return Ok(false);
    }
    let query = match said {
        Some(said) => sqlx::query(
            "INSERT INTO self_assessments (answer_id, point, said, said_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (answer_id, point)
             DO UPDATE SET said = excluded.said, said_at = excluded.said_at",
        )
        .bind(id.get())
        .bind(point)
        .bind(said.word())
        .bind(moment(now)),
        None => sqlx::query("DELETE FROM self_assessments WHERE answer_id = $1 AND point = $2")
            .bind(id.get())
            .bind(point),
    };
    query.execute(&mut *db).await.map_err(from_sqlx)?;
    announce(db, &[id], false).await?;
    Ok(true)
}
