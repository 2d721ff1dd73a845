//! Answers, and the evaluations that are queued with them.

use async_trait::async_trait;
use futures::FutureExt;

use super::{
    calls::{as_nobody, found},
    dialect::{
        Connection, SqlStore, announce, caller, day, from_sqlx, moment, range_ends, remarks, submit,
    },
    interviews::{help, mark, of_marks, place, question, timing, withheld},
    queue::queue_position,
    row,
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
    storage::{
        StoreError, StoreResult,
        answers::{AnswerStore, NewAnswer, OwnedAnswer, Retried, Submission},
        calls::{Checked, Submitted},
    },
};

/// The columns of an answer with its evaluation.
macro_rules! answer {
    () => {
        concat!(
            "answers.id AS answer_id, answers.question_id AS answered_id, answers.answer_text,
         answers.submitted_at, answers.attempt, answers.duration_ms,
         coalesce(answers.submitted_at > coalesce(interviews.ended_at, interviews.ends_at), FALSE)
             AS is_late, evaluations.status, evaluations.attempts, evaluations.due_at,
         evaluations.lease_until, evaluations.last_fault, evaluations.scores,
         evaluations.feedback, evaluations.suggestions, evaluations.details,
         evaluations.grader_kind, evaluations.grader_name, evaluations.grader_version,
         evaluations.provenance, evaluations.fingerprint, evaluations.evaluated_at,
         evaluations.failure_reason, evaluations.refusal,
         questions.reference_answer, ",
            remarks!()
        )
    };
}
pub(super) use answer;

/// Joins the latest answer to each of `questions`, if it has one.
macro_rules! latest_texts {
    () => {
        " LEFT JOIN answers ON answers.question_id = questions.id AND answers.attempt = (
             SELECT max(others.attempt) FROM answers AS others
             WHERE others.question_id = questions.id
         )"
    };
}
pub(super) use latest_texts;

/// Joins the latest answers with their evaluations.
macro_rules! latest_answers {
    () => {
        concat!(latest_texts!(), " LEFT JOIN evaluations ON evaluations.answer_id = answers.id")
    };
}
pub(super) use latest_answers;

/// An answer ($3), and its owner.
pub(super) const STATUS: &str = caller!(
    "SELECT caller.is_live, caller.now_at, questions.interview_id,
            interviews.user_id AS owner_id, ",
    withheld!(),
    ", ",
    answer!(),
    " FROM caller LEFT JOIN answers ON caller.is_live AND answers.id = $3
     LEFT JOIN questions ON questions.id = answers.question_id
     LEFT JOIN interviews ON interviews.id = questions.interview_id
     LEFT JOIN evaluations ON evaluations.answer_id = answers.id"
);

/// An interview ($3) with its questions, their marks and the latest answer to each.
pub(super) const INTERVIEW_ANSWERED: &str = caller!(
    "SELECT caller.is_live, caller.now_at, interviews.user_id, role, interviews.level,
            language, interviews.created_at, question_count, progress, shown, ",
    timing!(),
    ", ",
    question!(),
    ", ",
    mark!(),
    ", ",
    answer!(),
    " FROM caller LEFT JOIN interviews ON caller.is_live AND interviews.id = $3
     LEFT JOIN questions ON questions.interview_id = interviews.id",
    of_marks!(),
    latest_answers!(),
    " ORDER BY ",
    place!("questions")
);

/// The latest answers to an account's ($2) questions that are evaluated, each with the totals over all its
/// answers. Days are those of a zone $3 microseconds ahead of UTC. The last week begins on day $4
/// since 1970.
pub(super) const GRADED: &str = caller!(
    "SELECT caller.is_live, caller.now_at, totals.*, graded.*
     FROM caller LEFT JOIN (
         SELECT count(*) AS answers, CAST(coalesce(sum(duration_ms), 0) AS BIGINT) AS duration_ms,
                count(DISTINCT ",
    day!("submitted_at", "$3"),
    ") AS active_days,
                count(CASE WHEN ",
    day!("submitted_at", "$3"),
    " >= CAST($4 AS BIGINT) THEN 1 END) AS week_answers,
                CAST(coalesce(sum(CASE WHEN ",
    day!("submitted_at", "$3"),
    " >= CAST($4 AS BIGINT) THEN duration_ms END), 0) AS BIGINT) AS week_duration_ms
         FROM answers WHERE user_id = $2
     ) AS totals ON caller.is_live
     LEFT JOIN (
         SELECT interviews.id AS interview_id, interviews.role, interviews.created_at,
                questions.topic, questions.question_order, evaluations.scores,
                evaluations.grader_kind, evaluations.grader_name, evaluations.grader_version, ",
    withheld!(),
    ", ",
    range_ends!(),
    " FROM interviews JOIN questions ON questions.interview_id = interviews.id
         JOIN answers ON answers.question_id = questions.id AND answers.attempt = (
             SELECT max(attempt) FROM answers AS others WHERE others.question_id = questions.id
         )
         JOIN evaluations ON evaluations.answer_id = answers.id
             AND evaluations.status = 'completed'
         WHERE interviews.user_id = $2 AND questions.shown_at IS NULL
     ) AS graded ON caller.is_live
     ORDER BY graded.interview_id, graded.question_order"
);

/// The completed evaluation with a fingerprint ($1): the account's ($2) own, if it has one.
const KNOWN: &str = concat!(
    "SELECT questions.interview_id, interviews.user_id AS owner_id, ",
    withheld!(),
    ", ",
    answer!(),
    " FROM answers
     JOIN questions ON questions.id = answers.question_id
     JOIN interviews ON interviews.id = questions.interview_id
     JOIN evaluations ON evaluations.answer_id = answers.id
     WHERE answers.id = (
         SELECT answer_id FROM evaluations JOIN answers ON answers.id = answer_id
         WHERE fingerprint = $1 AND status = 'completed'
         ORDER BY answers.user_id = $2 DESC, evaluations.id DESC LIMIT 1
     )"
);

/// Every answer to the questions of an interview ($1), oldest first.
pub(super) const ALL_ANSWERS: &str = concat!(
    "SELECT ",
    answer!(),
    " FROM interviews JOIN questions ON questions.interview_id = interviews.id
     JOIN answers ON answers.question_id = questions.id
     JOIN evaluations ON evaluations.answer_id = answers.id
     WHERE interviews.id = $1 ORDER BY answers.id"
);

#[async_trait]
impl AnswerStore for SqlStore {
    async fn submit_answer(&self, new: NewAnswer) -> StoreResult<Submission> {
        match submit(self, None, new).await? {
            Checked::Live(Submitted::Done(submission)) => Ok(submission),
            other => Err(StoreError::Internal(format!("nobody was asked for: {other:?}"))),
        }
    }

    async fn answer(&self, id: AnswerId) -> StoreResult<Option<OwnedAnswer>> {
        let rows = self.rows(|| as_nobody(STATUS).bind(id.get())).await?;
        found(&rows, "answer_id").next().map(row::owned_answer).transpose()
    }

    async fn latest_answers(&self, interview_id: InterviewId) -> StoreResult<Vec<Answer>> {
        let rows = self.rows(|| as_nobody(INTERVIEW_ANSWERED).bind(interview_id.get())).await?;
        found(&rows, "answer_id").map(row::answer).collect()
    }

    async fn graded_answers(&self, user_id: UserId) -> StoreResult<Vec<GradedAnswer>> {
        let query =
            || sqlx::query(GRADED).bind(None::<i64>).bind(user_id.get()).bind(0_i64).bind(0_i64);
        let rows = self.rows(query).await?;
        found(&rows, "interview_id").map(row::graded_answer).collect()
    }

    async fn known_evaluation(
        &self,
        fingerprint: Fingerprint,
        user_id: UserId,
    ) -> StoreResult<Option<(UserId, Assessment)>> {
        let query = || sqlx::query(KNOWN).bind(fingerprint.0.to_vec()).bind(user_id.get());
        let rows = self.rows(query).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let known = row::owned_answer(row)?;
        let assessment = known.answer.evaluation.assessment().cloned();
        Ok(assessment.map(|assessment| (known.owner, assessment)))
    }

    async fn retry_evaluation(&self, id: AnswerId, now: Timestamp) -> StoreResult<Retried> {
        self.write(move |db| retry(db, id, now).boxed()).await
    }
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
    let stands_at = queue_position(&mut *db, user, now).await?;
    // Raises the fence: a worker from before the failure must not write into the new evaluation.
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
