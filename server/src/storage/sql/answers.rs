//! Answers and the evaluations that are queued with them.

use async_trait::async_trait;
use futures::FutureExt;

use super::{
    dialect::{Connection, SqlStore, announce, from_sqlx, lock_account, moment},
    queue::place_in_line,
    row::{self, get},
};
use crate::{
    domain::{
        answer::Answer,
        clock::Timestamp,
        evaluation::Assessment,
        history::GradedAnswer,
        id::{AnswerId, InterviewId, UserId},
        provenance::Fingerprint,
    },
    fail_point,
    storage::{
        StoreResult,
        answers::{AnswerStore, NewAnswer, OwnedAnswer, Retried, Submission},
    },
};

/// Joined by hand, because the view of evaluated answers would be worked out for all accounts.
pub(super) const GRADED: &str =
    "SELECT interviews.id AS interview_id, interviews.role, interviews.created_at, questions.topic,
            evaluations.scores, evaluations.grader_kind, evaluations.grader_name,
            evaluations.grader_version
     FROM interviews JOIN questions ON questions.interview_id = interviews.id
     JOIN answers ON answers.question_id = questions.id AND answers.attempt = (
         SELECT max(attempt) FROM answers AS others WHERE others.question_id = questions.id
     )
     JOIN evaluations ON evaluations.answer_id = answers.id AND evaluations.status = 'completed'
     WHERE interviews.user_id = $1 ORDER BY interviews.id, questions.question_order";

#[async_trait]
impl AnswerStore for SqlStore {
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

    async fn graded_answers(&self, user_id: UserId) -> StoreResult<Vec<GradedAnswer>> {
        let query = sqlx::query(GRADED).bind(user_id.get()).fetch_all(&self.readers);
        self.in_time(async {
            query.await.map_err(from_sqlx)?.iter().map(row::graded_answer).collect()
        })
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

async fn submit(db: &mut Connection, new: NewAnswer) -> StoreResult<Submission> {
    // One after the other: attempts are numbered, and a key that came before is looked for.
    lock_account(&mut *db, new.user_id).await?;
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
    .bind(moment(new.submitted_at))
    .bind(new.duration_ms)
    .bind(&new.idempotency_key)
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(id) = id else {
        return Ok(Submission::QuestionGone);
    };
    fail_point::reach("answer inserted");
    let stands_at = place_in_line(&mut *db, new.user_id, new.submitted_at).await?;
    sqlx::query(
        "INSERT INTO evaluations (answer_id, user_id, status, due_at, stands_at)
         VALUES ($1, $2, 'pending', $3, $4)",
    )
    .bind(id)
    .bind(new.user_id.get())
    .bind(moment(new.submitted_at))
    .bind(moment(stands_at))
    .execute(&mut *db)
    .await
    .map_err(from_sqlx)?;
    fail_point::reach("evaluation inserted");
    let id = AnswerId::new(id);
    announce(db, &[id], true).await?;
    Ok(Submission::Stored(id))
}

/// What an earlier submit under the same key made of it.
async fn known_submit(db: &mut Connection, new: &NewAnswer) -> StoreResult<Option<Submission>> {
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

async fn retry(db: &mut Connection, id: AnswerId, now: Timestamp) -> StoreResult<Retried> {
    let user: Option<i64> = sqlx::query_scalar("SELECT user_id FROM answers WHERE id = $1")
        .bind(id.get())
        .fetch_optional(&mut *db)
        .await
        .map_err(from_sqlx)?;
    let Some(user) = user.map(UserId::new) else {
        return Ok(Retried::Gone);
    };
    let stands_at = place_in_line(&mut *db, user, now).await?;
    // The fence moves on: a worker of the failed life must not write into the new one.
    let done = sqlx::query(
        "UPDATE evaluations
         SET status = 'pending', attempts = 0, fence = fence + 1, due_at = $2, stands_at = $3,
             lease_until = NULL, failure_reason = NULL, refusal = NULL, last_fault = NULL
         WHERE answer_id = $1 AND status = 'failed'",
    )
    .bind(id.get())
    .bind(moment(now))
    .bind(moment(stands_at))
    .execute(&mut *db)
    .await
    .map_err(from_sqlx)?;
    if done.rows_affected() == 0 {
        return Ok(Retried::NotFailed);
    }
    announce(db, &[id], true).await?;
    Ok(Retried::Queued)
}
