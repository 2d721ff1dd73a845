//! Everything that is stored about an account.

use std::collections::HashMap;

use async_trait::async_trait;
use sqlx::types::Json;

use super::{
    answers::ALL_ANSWERS,
    dialect::SqlStore,
    row::{self, get, optional_time, time},
};
use crate::{
    domain::{
        answer::Answer,
        id::{InterviewId, QuestionId, UserId},
        question::Question,
    },
    storage::{
        InterviewStore, StoreResult,
        export::{ExportStore, KeptInterview, KeptQuestion, KeptSession, KeptSpending},
        record::{RubricRecord, rubric_from_record},
    },
};

#[async_trait]
impl ExportStore for SqlStore {
    async fn kept_sessions(&self, id: UserId) -> StoreResult<Vec<KeptSession>> {
        let query =
            "SELECT client, created_at, ended_at FROM sessions WHERE user_id = $1 ORDER BY id";
        let rows = self.rows(|| sqlx::query(query).bind(id.get())).await?;
        let session = |row| {
            let (created_at, ended_at) =
                (time(row, "created_at")?, optional_time(row, "ended_at")?);
            Ok(KeptSession { client: get(row, "client")?, created_at, ended_at })
        };
        rows.iter().map(session).collect()
    }

    async fn kept_spending(&self, id: UserId) -> StoreResult<Vec<KeptSpending>> {
        let query =
            "SELECT day, calls FROM model_calls WHERE user_id = $1 AND calls > 0 ORDER BY day";
        let rows = self.rows(|| sqlx::query(query).bind(id.get())).await?;
        let spending = |row| Ok(KeptSpending { day: get(row, "day")?, calls: get(row, "calls")? });
        rows.iter().map(spending).collect()
    }

    async fn kept_interview_after(
        &self,
        id: UserId,
        after: Option<InterviewId>,
    ) -> StoreResult<Option<KeptInterview>> {
        let query = "SELECT id FROM interviews WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT 1";
        let after = after.map_or(i64::MIN, InterviewId::get);
        let rows = self.rows(|| sqlx::query(query).bind(id.get()).bind(after)).await?;
        match rows.first() {
            Some(next) => interview(self, InterviewId::new(get(next, "id")?)).await,
            None => Ok(None),
        }
    }
}

async fn interview(store: &SqlStore, id: InterviewId) -> StoreResult<Option<KeptInterview>> {
    let Some(mut interview) = store.interview(id).await? else { return Ok(None) };
    let more = "SELECT job_description, model_calls FROM interviews WHERE id = $1";
    let more = store.rows(|| sqlx::query(more).bind(id.get())).await?;
    // Deleted meanwhile.
    let Some(more) = more.first() else { return Ok(None) };
    let questions = std::mem::take(&mut interview.questions);
    Ok(Some(KeptInterview {
        job_description: get(more, "job_description")?,
        model_calls: get(more, "model_calls")?,
        questions: with_answers(store, id, questions).await?,
        interview,
    }))
}

async fn with_answers(
    store: &SqlStore,
    id: InterviewId,
    questions: Vec<Question>,
) -> StoreResult<Vec<KeptQuestion>> {
    let rubrics =
        "SELECT id, bank_id, reference_answer, rubric FROM questions WHERE interview_id = $1";
    let rows = store.rows(|| sqlx::query(rubrics).bind(id.get())).await?;
    let mut rubrics = HashMap::new();
    for row in &rows {
        let record: Json<RubricRecord> = get(row, "rubric")?;
        let rubric = rubric_from_record(get(row, "reference_answer")?, record.0);
        rubrics.insert(QuestionId::new(get(row, "id")?), (get(row, "bank_id")?, rubric));
    }
    let mut answers = answers(store, id).await?;
    let kept = |question: Question| {
        let (bank_id, rubric) = rubrics.remove(&question.id).unwrap_or_default();
        let answers = answers.remove(&question.id).unwrap_or_default();
        KeptQuestion { question, bank_id, rubric, answers }
    };
    Ok(questions.into_iter().map(kept).collect())
}

/// Every answer of the interview, not only the latest, by its question.
async fn answers(
    store: &SqlStore,
    id: InterviewId,
) -> StoreResult<HashMap<QuestionId, Vec<Answer>>> {
    let rows = store.rows(|| sqlx::query(ALL_ANSWERS).bind(id.get())).await?;
    let mut found: HashMap<QuestionId, Vec<Answer>> = HashMap::new();
    for row in &rows {
        let answer = row::answer(row)?;
        found.entry(answer.question_id).or_default().push(answer);
    }
    Ok(found)
}
