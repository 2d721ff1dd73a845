//! All that is kept of an account.

use std::collections::HashMap;

use async_trait::async_trait;
use sqlx::types::Json;

use super::{
    dialect::{Connection, SqlStore, from_sqlx},
    interviews,
    row::{self, get, optional_time, time},
};
use crate::{
    domain::{
        id::{InterviewId, QuestionId, UserId},
        question::Question,
    },
    storage::{
        StoreResult,
        export::{ExportStore, KeptAnswer, KeptInterview, KeptQuestion, KeptSession, KeptSpending},
        record::{RubricRecord, rubric_from_record},
    },
};

#[async_trait]
impl ExportStore for SqlStore {
    async fn kept_sessions(&self, id: UserId) -> StoreResult<Vec<KeptSession>> {
        let query =
            sqlx::query("SELECT created_at, ended_at FROM sessions WHERE user_id = $1 ORDER BY id")
                .bind(id.get())
                .fetch_all(&self.readers);
        self.in_time(async {
            let session = |row| {
                let (created_at, ended_at) =
                    (time(row, "created_at")?, optional_time(row, "ended_at")?);
                Ok(KeptSession { created_at, ended_at })
            };
            query.await.map_err(from_sqlx)?.iter().map(session).collect()
        })
        .await
    }

    async fn kept_spending(&self, id: UserId) -> StoreResult<Vec<KeptSpending>> {
        let query = sqlx::query(
            "SELECT day, calls FROM model_calls WHERE user_id = $1 AND calls > 0 ORDER BY day",
        )
        .bind(id.get())
        .fetch_all(&self.readers);
        self.in_time(async {
            let spending =
                |row| Ok(KeptSpending { day: get(row, "day")?, calls: get(row, "calls")? });
            query.await.map_err(from_sqlx)?.iter().map(spending).collect()
        })
        .await
    }

    async fn kept_interview_after(
        &self,
        id: UserId,
        after: Option<InterviewId>,
    ) -> StoreResult<Option<KeptInterview>> {
        self.in_time(async {
            let mut db = self.readers.acquire().await.map_err(from_sqlx)?;
            let next: Option<i64> = sqlx::query_scalar(
                "SELECT id FROM interviews WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT 1",
            )
            .bind(id.get())
            .bind(after.map_or(i64::MIN, InterviewId::get))
            .fetch_optional(&mut *db)
            .await
            .map_err(from_sqlx)?;
            match next {
                Some(next) => interview(&mut db, InterviewId::new(next)).await,
                None => Ok(None),
            }
        })
        .await
    }
}

async fn interview(db: &mut Connection, id: InterviewId) -> StoreResult<Option<KeptInterview>> {
    let Some(mut interview) = interviews::read(&mut *db, id).await? else { return Ok(None) };
    let more = sqlx::query("SELECT job_description, model_calls FROM interviews WHERE id = $1")
        .bind(id.get())
        .fetch_optional(&mut *db)
        .await
        .map_err(from_sqlx)?;
    // Deleted meanwhile.
    let Some(more) = more else { return Ok(None) };
    let questions = std::mem::take(&mut interview.questions);
    Ok(Some(KeptInterview {
        job_description: get(&more, "job_description")?,
        model_calls: get(&more, "model_calls")?,
        questions: with_answers(db, id, questions).await?,
        interview,
    }))
}

async fn with_answers(
    db: &mut Connection,
    id: InterviewId,
    questions: Vec<Question>,
) -> StoreResult<Vec<KeptQuestion>> {
    let rows = sqlx::query(
        "SELECT id, bank_id, reference_answer, rubric FROM questions WHERE interview_id = $1",
    )
    .bind(id.get())
    .fetch_all(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let mut rubrics = HashMap::new();
    for row in &rows {
        let record: Json<RubricRecord> = get(row, "rubric")?;
        let rubric = rubric_from_record(get(row, "reference_answer")?, record.0);
        rubrics.insert(QuestionId::new(get(row, "id")?), (get(row, "bank_id")?, rubric));
    }
    let mut answers = answers(db, id).await?;
    let kept = |question: Question| {
        let (bank_id, rubric) = rubrics.remove(&question.id).unwrap_or_default();
        let answers = answers.remove(&question.id).unwrap_or_default();
        KeptQuestion { question, bank_id, rubric, answers }
    };
    Ok(questions.into_iter().map(kept).collect())
}

/// Every answer of the interview, not only the latest, by its question.
async fn answers(
    db: &mut Connection,
    id: InterviewId,
) -> StoreResult<HashMap<QuestionId, Vec<KeptAnswer>>> {
    let rows = sqlx::query(
        "SELECT evaluated_answers.*, answers.duration_ms
         FROM evaluated_answers JOIN answers ON answers.id = answer_id
         WHERE interview_id = $1 ORDER BY answer_id",
    )
    .bind(id.get())
    .fetch_all(db)
    .await
    .map_err(from_sqlx)?;
    let mut found: HashMap<QuestionId, Vec<KeptAnswer>> = HashMap::new();
    for row in &rows {
        let answer = row::answer(row)?;
        let kept = KeptAnswer { duration_ms: get(row, "duration_ms")?, answer };
        found.entry(kept.answer.question_id).or_default().push(kept);
    }
    Ok(found)
}
