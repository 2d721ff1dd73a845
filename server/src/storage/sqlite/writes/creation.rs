//! Creates an interview.

use futures::FutureExt;
use sqlx::types::Json;

use super::super::{
    calls::as_nobody,
    dialect::{Connection, SqlStore, from_sqlx, moment},
    interviews::{INTERVIEW, OF_REQUEST, interview_of},
    row::{get, origin_word},
};
use crate::{
    domain::{
        id::{InterviewId, UserId},
        interview::Interview,
        question::NewQuestion,
    },
    storage::{
        StoreResult,
        interviews::{Creation, NewInterview, RequestKey},
        record::rubric_to_record,
    },
};

/// Stores an interview with its questions, unless its request was carried out before.
pub(in super::super) async fn create(store: &SqlStore, new: NewInterview) -> StoreResult<Creation> {
    store.write(|db| keep(db, new).boxed()).await
}

async fn keep(db: &mut Connection, new: NewInterview) -> StoreResult<Creation> {
    if let Some(request) = &new.request
        && let Some(known) = known_request(&mut *db, new.user_id, request).await?
    {
        return Ok(known);
    }
    let (key, hash) = new.request.map(|r| (r.key, r.request_hash.to_vec())).unzip();
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO interviews (user_id, role, level, language, job_description, created_at,
                                 idempotency_key, request_hash, model_calls, question_count,
                                 mode, minutes, question_minutes, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id",
    )
    .bind(new.user_id.get())
    .bind(&new.role)
    .bind(new.level.word())
    .bind(&new.language)
    .bind(&new.job_description)
    .bind(moment(new.created_at))
    .bind(key)
    .bind(hash)
    .bind(i64::from(new.model_calls))
    .bind(i64::try_from(new.questions.len()).unwrap_or(i64::MAX))
    .bind(new.conditions.mode.word())
    .bind(new.conditions.minutes)
    .bind(new.conditions.question_minutes)
    .bind(new.conditions.end(new.created_at).map(moment))
    .fetch_one(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let id = InterviewId::new(id);
    for (question, order) in new.questions.into_iter().zip(1..) {
        insert_question(&mut *db, id, order, question).await?;
    }
    note(&mut *db, new.user_id, id).await?;
    let made = read(db, id).await?.ok_or_else(|| from_sqlx(sqlx::Error::RowNotFound))?;
    Ok(Creation::Created(made))
}

async fn insert_question(
    db: &mut Connection,
    interview_id: InterviewId,
    order: i32,
    question: NewQuestion,
) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO questions (interview_id, question_text, question_order, topic, source,
                                bank_id, reference_answer, rubric)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(interview_id.get())
    .bind(&question.text)
    .bind(order)
    .bind(&question.topic)
    .bind(origin_word(question.origin))
    .bind(&question.bank_id)
    .bind(&question.rubric.reference)
    .bind(Json(rubric_to_record(&question.rubric)))
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Records in the marks on its questions that this interview now has them.
async fn note(db: &mut Connection, user_id: UserId, id: InterviewId) -> StoreResult<()> {
    sqlx::query(
        "UPDATE question_marks
         SET asked_as = asked.id, question_text = asked.question_text, topic = asked.topic,
             level = (SELECT level FROM interviews WHERE id = $2),
             wish = CASE wish WHEN 'again_soon' THEN 'none' ELSE wish END
         FROM questions AS asked
         WHERE question_marks.user_id = $1 AND asked.interview_id = $2
             AND asked.bank_id = question_marks.bank_id",
    )
    .bind(user_id.get())
    .bind(id.get())
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

async fn known_request(
    db: &mut Connection,
    user_id: UserId,
    request: &RequestKey,
) -> StoreResult<Option<Creation>> {
    let query = sqlx::query(OF_REQUEST).bind(user_id.get()).bind(&request.key);
    let Some(row) = query.fetch_optional(&mut *db).await.map_err(from_sqlx)? else {
        return Ok(None);
    };
    if get::<&[u8]>(&row, "request_hash")? != request.request_hash {
        return Ok(Some(Creation::KeyReused));
    }
    let known = read(db, InterviewId::new(get(&row, "id")?)).await?;
    Ok(known.map(Creation::Repeated))
}

async fn read(db: &mut Connection, id: InterviewId) -> StoreResult<Option<Interview>> {
    let rows = as_nobody(INTERVIEW).bind(id.get()).fetch_all(db).await.map_err(from_sqlx)?;
    interview_of(&rows)
}
