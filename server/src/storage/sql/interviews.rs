//! Interviews and questions.

use std::collections::HashMap;

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::types::Json;

use super::{
    dialect::{
        Connection, Row, SqlStore, announce_interview, from_sqlx, lock_account, lock_interview,
        moment,
    },
    marks,
    row::{self, get, origin_word, time},
};
use crate::{
    domain::{
        clock::Timestamp,
        evaluation::Grader,
        id::{InterviewId, QuestionId, UserId},
        interview::{Interview, Progress},
        question::{AskedQuestion, NewQuestion},
        report::{comparable, overall_score},
        score::Scores,
    },
    storage::{
        StoreResult,
        interviews::{Creation, InterviewStore, NewInterview, RequestKey},
        record::{
            RubricRecord, ScoresRecord, rubric_from_record, rubric_to_record, scores_from_record,
        },
    },
};

#[async_trait]
impl InterviewStore for SqlStore {
    async fn create_interview(&self, new: NewInterview) -> StoreResult<Creation> {
        self.write(|db| create(db, new).boxed()).await
    }

    async fn interview_of_request(
        &self,
        user_id: UserId,
        request: &RequestKey,
    ) -> StoreResult<Option<Creation>> {
        self.in_time(async {
            let mut db = self.readers.acquire().await.map_err(from_sqlx)?;
            known_request(&mut db, user_id, request).await
        })
        .await
    }

    async fn interview(&self, id: InterviewId) -> StoreResult<Option<Interview>> {
        self.in_time(async {
            let mut db = self.readers.acquire().await.map_err(from_sqlx)?;
            read(&mut db, id).await
        })
        .await
    }

    async fn interview_owner(&self, id: InterviewId) -> StoreResult<Option<UserId>> {
        let query = sqlx::query_scalar("SELECT user_id FROM interviews WHERE id = $1")
            .bind(id.get())
            .fetch_optional(&self.readers);
        self.in_time(async { Ok(query.await.map_err(from_sqlx)?.map(UserId::new)) }).await
    }

    async fn has_question(&self, id: InterviewId, question: QuestionId) -> StoreResult<bool> {
        let query = sqlx::query("SELECT 1 FROM questions WHERE id = $1 AND interview_id = $2")
            .bind(question.get())
            .bind(id.get())
            .fetch_optional(&self.readers);
        self.in_time(async { Ok(query.await.map_err(from_sqlx)?.is_some()) }).await
    }

    async fn asked_question(&self, id: QuestionId) -> StoreResult<Option<AskedQuestion>> {
        let query = sqlx::query(
            "SELECT questions.id, interview_id, question_text, question_order, topic, source,
                    parent_question_id, reference_answer, rubric, user_id, role, level,
                    (SELECT count(*) FROM answers
                     JOIN evaluations ON evaluations.answer_id = answers.id
                     WHERE answers.question_id = questions.id AND status = 'completed') AS evaluated
             FROM questions JOIN interviews ON interviews.id = interview_id
             WHERE questions.id = $1",
        )
        .bind(id.get())
        .fetch_optional(&self.readers);
        self.in_time(async { query.await.map_err(from_sqlx)?.as_ref().map(asked).transpose() })
            .await
    }

    async fn interviews(
        &self,
        user_id: UserId,
        older_than: Option<InterviewId>,
        limit: u32,
    ) -> StoreResult<Vec<Interview>> {
        self.in_time(async {
            let mut db = self.readers.acquire().await.map_err(from_sqlx)?;
            let rows = sqlx::query(
                "SELECT id, user_id, role, level, language, created_at FROM interviews
                 WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            )
            .bind(user_id.get())
            .bind(older_than.map_or(i64::MAX, InterviewId::get))
            .bind(i64::from(limit))
            .fetch_all(&mut *db)
            .await
            .map_err(from_sqlx)?;
            let mut page: Vec<Interview> =
                rows.iter().map(row::interview).collect::<StoreResult<_>>()?;
            let (Some(newest), Some(oldest)) = (page.first(), page.last()) else {
                return Ok(page);
            };
            let span = (oldest.id, newest.id);
            let mut progress = progress(&mut db, user_id, span).await?;
            for interview in &mut page {
                interview.progress = progress.remove(&interview.id).unwrap_or_default();
            }
            Ok(page)
        })
        .await
    }

    async fn delete_interview(&self, id: InterviewId) -> StoreResult<bool> {
        self.write(move |db| {
            async move {
                // Not while an answer is added to it, or one of its evaluations is written.
                lock_interview(&mut *db, id).await?;
                let query = sqlx::query("DELETE FROM interviews WHERE id = $1").bind(id.get());
                let done = query.execute(&mut *db).await.map_err(from_sqlx)?;
                let deleted = done.rows_affected() > 0;
                if deleted {
                    announce_interview(db, id).await?;
                }
                Ok(deleted)
            }
            .boxed()
        })
        .await
    }

    async fn asked_questions(&self, user_id: UserId) -> StoreResult<Vec<(String, Timestamp)>> {
        let query = sqlx::query(
            "SELECT bank_id, max(interviews.created_at) AS asked_at
             FROM questions JOIN interviews ON interviews.id = interview_id
             WHERE user_id = $1 AND bank_id IS NOT NULL GROUP BY bank_id",
        )
        .bind(user_id.get())
        .fetch_all(&self.readers);
        self.in_time(async {
            let rows = query.await.map_err(from_sqlx)?;
            let pair = |row| Ok((get(row, "bank_id")?, time(row, "asked_at")?));
            rows.iter().map(pair).collect()
        })
        .await
    }

    async fn asked_texts(&self, user_id: UserId, limit: u32) -> StoreResult<Vec<String>> {
        let query = sqlx::query_scalar(
            "SELECT question_text FROM questions JOIN interviews ON interviews.id = interview_id
             WHERE user_id = $1 ORDER BY interview_id DESC, question_order LIMIT $2",
        )
        .bind(user_id.get())
        .bind(i64::from(limit))
        .fetch_all(&self.readers);
        self.in_time(async { query.await.map_err(from_sqlx) }).await
    }
}

fn asked(row: &Row) -> StoreResult<AskedQuestion> {
    let record: Json<RubricRecord> = get(row, "rubric")?;
    Ok(AskedQuestion {
        owner: UserId::new(get(row, "user_id")?),
        role: get(row, "role")?,
        level: row::level(row)?,
        question: row::question(row)?,
        rubric: rubric_from_record(get(row, "reference_answer")?, record.0),
        is_evaluated: get::<i64>(row, "evaluated")? > 0,
    })
}

async fn create(db: &mut Connection, new: NewInterview) -> StoreResult<Creation> {
    // One after the other: a key that came before is looked for.
    lock_account(&mut *db, new.user_id).await?;
    if let Some(request) = &new.request
        && let Some(known) = known_request(&mut *db, new.user_id, request).await?
    {
        return Ok(known);
    }
    let (key, hash) = new.request.map(|r| (r.key, r.request_hash.to_vec())).unzip();
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO interviews (user_id, role, level, language, job_description, created_at,
                                 idempotency_key, request_hash, model_calls)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
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
    .fetch_one(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let id = InterviewId::new(id);
    for (question, order) in new.questions.into_iter().zip(1..) {
        insert_question(&mut *db, id, order, question).await?;
    }
    marks::asked(&mut *db, new.user_id, id).await?;
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

async fn known_request(
    db: &mut Connection,
    user_id: UserId,
    request: &RequestKey,
) -> StoreResult<Option<Creation>> {
    let row = sqlx::query(
        "SELECT id, request_hash FROM interviews WHERE user_id = $1 AND idempotency_key = $2",
    )
    .bind(user_id.get())
    .bind(&request.key)
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(row) = row else { return Ok(None) };
    if get::<&[u8]>(&row, "request_hash")? != request.request_hash {
        return Ok(Some(Creation::KeyReused));
    }
    let known = read(db, InterviewId::new(get(&row, "id")?)).await?;
    Ok(known.map(Creation::Repeated))
}

pub(super) async fn read(db: &mut Connection, id: InterviewId) -> StoreResult<Option<Interview>> {
    let row = sqlx::query(
        "SELECT id, user_id, role, level, language, created_at FROM interviews WHERE id = $1",
    )
    .bind(id.get())
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(row) = row else { return Ok(None) };
    let mut interview = row::interview(&row)?;
    let rows = sqlx::query(
        "SELECT id, interview_id, question_text, question_order, topic, source,
                parent_question_id
         FROM questions WHERE interview_id = $1 ORDER BY question_order",
    )
    .bind(id.get())
    .fetch_all(&mut *db)
    .await
    .map_err(from_sqlx)?;
    interview.questions = rows.iter().map(row::question).collect::<StoreResult<_>>()?;
    marks::add(&mut *db, interview.user_id, id, &mut interview.questions).await?;
    let mut progress = progress(db, interview.user_id, (id, id)).await?;
    interview.progress = progress.remove(&id).unwrap_or_default();
    Ok(Some(interview))
}

/// One row a question: its latest answer's evaluation, or nothing. Joined by hand, because SQLite
/// would work out the whole view of evaluated answers to join it from the left.
pub(super) const PROGRESS: &str =
    "SELECT interviews.id, evaluations.status, evaluations.scores, evaluations.grader_kind,
            evaluations.grader_name, evaluations.grader_version
     FROM interviews JOIN questions ON questions.interview_id = interviews.id
     LEFT JOIN answers ON answers.question_id = questions.id AND answers.attempt = (
         SELECT max(attempt) FROM answers AS others WHERE others.question_id = questions.id
     )
     LEFT JOIN evaluations ON evaluations.answer_id = answers.id
     WHERE interviews.user_id = $1 AND interviews.id BETWEEN $2 AND $3
     ORDER BY interviews.id, questions.question_order";

/// The progress of the account's interviews whose ids lie in the span, both ends included.
async fn progress(
    db: &mut Connection,
    user_id: UserId,
    (oldest, newest): (InterviewId, InterviewId),
) -> StoreResult<HashMap<InterviewId, Progress>> {
    let rows = sqlx::query(PROGRESS)
        .bind(user_id.get())
        .bind(oldest.get())
        .bind(newest.get())
        .fetch_all(db)
        .await
        .map_err(from_sqlx)?;
    let mut found: HashMap<InterviewId, Progress> = HashMap::new();
    let mut graded: HashMap<InterviewId, Vec<(Grader, Scores)>> = HashMap::new();
    for row in &rows {
        let id = InterviewId::new(get(row, "id")?);
        let progress = found.entry(id).or_default();
        progress.questions += 1;
        let status: Option<&str> = get(row, "status")?;
        progress.answered += i32::from(status.is_some());
        if status == Some("completed") {
            progress.evaluated += 1;
            let scores: Json<ScoresRecord> = get(row, "scores")?;
            let scores = scores_from_record(&scores)?;
            graded.entry(id).or_default().push((row::grader(row)?, scores));
        }
    }
    for (id, graded) in graded {
        let overall = overall_score(&comparable(graded.into_iter()));
        found.entry(id).or_default().overall_score = overall;
    }
    Ok(found)
}
