//! Answers in SQLite.

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::SqliteConnection;

use super::{
    SqliteStore,
    error::from_sqlx,
    row::{self, get},
};
use crate::{
    domain::{
        answer::Answer,
        clock::Timestamp,
        evaluation::Assessment,
        id::{AnswerId, InterviewId, UserId},
        provenance::Fingerprint,
    },
    storage::{
        StoreResult,
        answers::{AnswerStore, NewAnswer, OwnedAnswer, Retried, Submission},
    },
};

#[async_trait]
impl AnswerStore for SqliteStore {
    async fn submit_answer(&self, new: NewAnswer) -> StoreResult<Submission> {
        self.write(|db| submit(db, new).boxed()).await
    }

    async fn answer(&self, id: AnswerId) -> StoreResult<Option<OwnedAnswer>> {
        let query = sqlx::query("SELECT * FROM evaluated_answers WHERE answer_id = $1")
            .bind(id.get())
            .fetch_optional(&self.readers);
        self.in_time(async {
            query.await.map_err(from_sqlx)?.map(|row| row::owned_answer(&row)).transpose()
        })
        .await
    }

    async fn latest_answers(&self, interview_id: InterviewId) -> StoreResult<Vec<Answer>> {
        let query = sqlx::query(
            "SELECT * FROM evaluated_answers WHERE interview_id = $1 AND is_latest
             ORDER BY question_order",
        )
        .bind(interview_id.get())
        .fetch_all(&self.readers);
        self.in_time(async { query.await.map_err(from_sqlx)?.iter().map(row::answer).collect() })
            .await
    }

    async fn known_evaluation(
        &self,
        fingerprint: Fingerprint,
        user_id: UserId,
    ) -> StoreResult<Option<(UserId, Assessment)>> {
        let query = sqlx::query(
            "SELECT * FROM evaluated_answers
             WHERE answer_id = (
                 SELECT answer_id FROM evaluations JOIN answers ON answers.id = answer_id
                 WHERE fingerprint = $1 AND status = 'completed'
                 ORDER BY answers.user_id = $2 DESC, evaluations.id DESC LIMIT 1
             )",
        )
        .bind(fingerprint.0.to_vec())
        .bind(user_id.get())
        .fetch_optional(&self.readers);
        self.in_time(async {
            let Some(row) = query.await.map_err(from_sqlx)? else { return Ok(None) };
            let known = row::owned_answer(&row)?;
            let assessment = known.answer.evaluation.assessment().cloned();
            Ok(assessment.map(|assessment| (known.owner, assessment)))
        })
        .await
    }

    async fn retry_evaluation(&self, id: AnswerId, now: Timestamp) -> StoreResult<Retried> {
        self.write(move |db| retry(db, id, now).boxed()).await
    }
}

async fn submit(db: &mut SqliteConnection, new: NewAnswer) -> StoreResult<Submission> {
    if let Some(known) = known_submit(&mut *db, &new).await? {
        return Ok(known);
    }
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO answers (question_id, user_id, answer_text, submitted_at, attempt,
                              duration_ms, idempotency_key)
         SELECT questions.id, $2, $3, $4,
                (SELECT coalesce(max(attempt), 0) + 1 FROM answers WHERE question_id = $1),
                $5, $6
         FROM questions WHERE questions.id = $1 RETURNING id",
    )
    .bind(new.question_id.get())
    .bind(new.user_id.get())
    .bind(&new.text)
    .bind(new.submitted_at.micros())
    .bind(new.duration_ms)
    .bind(&new.idempotency_key)
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(id) = id else {
        return Ok(Submission::QuestionGone);
    };
    sqlx::query("INSERT INTO evaluations (answer_id, status, due_at) VALUES ($1, 'pending', $2)")
        .bind(id)
        .bind(new.submitted_at.micros())
        .execute(db)
        .await
        .map_err(from_sqlx)?;
    Ok(Submission::Stored(AnswerId::new(id)))
}

/// What an earlier submit under the same key made of it.
async fn known_submit(
    db: &mut SqliteConnection,
    new: &NewAnswer,
) -> StoreResult<Option<Submission>> {
    let Some(key) = &new.idempotency_key else {
        return Ok(None);
    };
    let row = sqlx::query(
        "SELECT id, question_id = $3 AND answer_text = $4 AS same FROM answers
         WHERE user_id = $1 AND idempotency_key = $2",
    )
    .bind(new.user_id.get())
    .bind(key)
    .bind(new.question_id.get())
    .bind(&new.text)
    .fetch_optional(db)
    .await
    .map_err(from_sqlx)?;
    let Some(row) = row else { return Ok(None) };
    let same: bool = get(&row, "same")?;
    let id = AnswerId::new(get(&row, "id")?);
    Ok(Some(if same { Submission::Repeated(id) } else { Submission::KeyReused }))
}

async fn retry(db: &mut SqliteConnection, id: AnswerId, now: Timestamp) -> StoreResult<Retried> {
    // The fence moves on: a worker of the failed life must not write into the new one.
    let done = sqlx::query(
        "UPDATE evaluations
         SET status = 'pending', attempts = 0, fence = fence + 1, due_at = $2,
             lease_until = NULL, failure_reason = NULL, last_fault = NULL
         WHERE answer_id = $1 AND status = 'failed'",
    )
    .bind(id.get())
    .bind(now.micros())
    .execute(&mut *db)
    .await
    .map_err(from_sqlx)?;
    if done.rows_affected() > 0 {
        return Ok(Retried::Queued);
    }
    let there: Option<i64> = sqlx::query_scalar("SELECT id FROM answers WHERE id = $1")
        .bind(id.get())
        .fetch_optional(db)
        .await
        .map_err(from_sqlx)?;
    Ok(if there.is_some() { Retried::NotFailed } else { Retried::Gone })
}
