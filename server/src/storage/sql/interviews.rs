//! Interviews and questions.

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::types::Json;

use super::{
    calls::{as_nobody, found},
    dialect::{Row, SqlStore, announce_interview, caller, create, from_sqlx, lock_interview},
    row::{self, get, time},
};
use crate::{
    domain::{
        clock::Timestamp,
        id::{InterviewId, QuestionId, UserId},
        interview::Interview,
        question::AskedQuestion,
    },
    storage::{
        StoreResult,
        interviews::{Creation, InterviewStore, NewInterview, RequestKey},
        record::{RubricRecord, rubric_from_record},
    },
};

/// The columns of a question and of the interview that it belongs to, which may have none.
macro_rules! question {
    () => {
        "interviews.id AS interview_id, questions.id AS question_id, questions.question_text,
         questions.question_order, questions.topic, questions.source,
         questions.parent_question_id"
    };
}
pub(super) use question;

/// The columns of what its owner has noted of a question; see `of_marks`.
macro_rules! mark {
    () => {
        "marks.id AS mark_id, marks.note, marks.starred, marks.wish, marks.changed_at"
    };
}
pub(super) use mark;

/// The marks on `questions` of `interviews`, at the most one each.
macro_rules! of_marks {
    () => {
        " LEFT JOIN question_marks AS marks ON marks.user_id = interviews.user_id
             AND (marks.bank_id = questions.bank_id OR marks.question_id = questions.id)"
    };
}
pub(super) use of_marks;

/// An interview ($3) with its questions and their marks, one a row.
pub(super) const INTERVIEW: &str = caller!(
    "SELECT caller.is_live, caller.now_at, interviews.user_id, role, interviews.level,
            language, interviews.created_at, question_count, progress, ",
    question!(),
    ", ",
    mark!(),
    " FROM caller LEFT JOIN interviews ON caller.is_live AND interviews.id = $3
     LEFT JOIN questions ON questions.interview_id = interviews.id",
    of_marks!(),
    " ORDER BY questions.question_order"
);

/// At most $4 interviews of an account ($2), newest first, older than $3.
pub(super) const INTERVIEWS: &str = caller!(
    "SELECT caller.is_live, caller.now_at, page.* FROM caller LEFT JOIN (
         SELECT id AS interview_id, user_id, role, level, language, created_at,
                question_count, progress
         FROM interviews WHERE user_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4
     ) AS page ON caller.is_live
     ORDER BY page.interview_id DESC"
);

/// What an account's ($2) key ($3) has made; and where there is none, what it was asked.
pub(super) const BEFORE_CREATION: &str = caller!(
    "SELECT caller.is_live, caller.now_at, known.id AS known_id, known.request_hash,
            asked.bank_id, asked.asked_at
     FROM caller
     LEFT JOIN interviews AS known
         ON caller.is_live AND known.user_id = $2 AND known.idempotency_key = $3
     LEFT JOIN (
         SELECT bank_id, max(interviews.created_at) AS asked_at
         FROM questions JOIN interviews ON interviews.id = interview_id
         WHERE user_id = $2 AND bank_id IS NOT NULL GROUP BY bank_id
     ) AS asked ON caller.is_live AND known.id IS NULL"
);

/// What an account's ($1) key ($2) has made.
pub(super) const OF_REQUEST: &str =
    "SELECT id, request_hash FROM interviews WHERE user_id = $1 AND idempotency_key = $2";

#[async_trait]
impl InterviewStore for SqlStore {
    async fn create_interview(&self, new: NewInterview) -> StoreResult<Creation> {
        create(self, new).await
    }

    async fn interview_of_request(
        &self,
        user_id: UserId,
        request: &RequestKey,
    ) -> StoreResult<Option<Creation>> {
        let key = request.key.as_str();
        let rows = self.rows(|| sqlx::query(OF_REQUEST).bind(user_id.get()).bind(key)).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        if get::<&[u8]>(row, "request_hash")? != request.request_hash {
            return Ok(Some(Creation::KeyReused));
        }
        let known = self.interview(InterviewId::new(get(row, "id")?)).await?;
        Ok(known.map(Creation::Repeated))
    }

    async fn interview(&self, id: InterviewId) -> StoreResult<Option<Interview>> {
        interview_of(&self.rows(|| as_nobody(INTERVIEW).bind(id.get())).await?)
    }

    async fn interview_owner(&self, id: InterviewId) -> StoreResult<Option<UserId>> {
        let query = "SELECT user_id FROM interviews WHERE id = $1";
        let rows = self.rows(|| sqlx::query(query).bind(id.get())).await?;
        rows.first().map(|row| get(row, "user_id").map(UserId::new)).transpose()
    }

    async fn has_question(&self, id: InterviewId, question: QuestionId) -> StoreResult<bool> {
        let query = "SELECT 1 FROM questions WHERE id = $1 AND interview_id = $2";
        let rows = self.rows(|| sqlx::query(query).bind(question.get()).bind(id.get())).await?;
        Ok(!rows.is_empty())
    }

    async fn asked_question(&self, id: QuestionId) -> StoreResult<Option<AskedQuestion>> {
        let query =
            "SELECT questions.id AS question_id, interview_id, question_text, question_order,
                    topic, source, parent_question_id, reference_answer, rubric, user_id, role,
                    level, (SELECT count(*) FROM answers
                     JOIN evaluations ON evaluations.answer_id = answers.id
                     WHERE answers.question_id = questions.id AND status = 'completed') AS evaluated
             FROM questions JOIN interviews ON interviews.id = interview_id
             WHERE questions.id = $1";
        let rows = self.rows(|| sqlx::query(query).bind(id.get())).await?;
        rows.first().map(asked).transpose()
    }

    async fn interviews(
        &self,
        user_id: UserId,
        older_than: Option<InterviewId>,
        limit: u32,
    ) -> StoreResult<Vec<Interview>> {
        let before = older_than.map_or(i64::MAX, InterviewId::get);
        let query = || {
            let query = sqlx::query(INTERVIEWS).bind(None::<i64>).bind(user_id.get());
            query.bind(before).bind(i64::from(limit))
        };
        let rows = self.rows(query).await?;
        found(&rows, "interview_id").map(row::interview).collect()
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
        let query = "SELECT bank_id, max(interviews.created_at) AS asked_at
             FROM questions JOIN interviews ON interviews.id = interview_id
             WHERE user_id = $1 AND bank_id IS NOT NULL GROUP BY bank_id";
        let rows = self.rows(|| sqlx::query(query).bind(user_id.get())).await?;
        rows.iter().map(|row| Ok((get(row, "bank_id")?, time(row, "asked_at")?))).collect()
    }

    async fn asked_texts(&self, user_id: UserId, limit: u32) -> StoreResult<Vec<String>> {
        let query = "SELECT question_text
             FROM questions JOIN interviews ON interviews.id = interview_id
             WHERE user_id = $1 ORDER BY interview_id DESC, question_order LIMIT $2";
        let query = || sqlx::query(query).bind(user_id.get()).bind(i64::from(limit));
        let rows = self.rows(query).await?;
        rows.iter().map(|row| get(row, "question_text")).collect()
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

/// The interview of rows of [`INTERVIEW`], one a question; none where nothing was found.
pub(super) fn interview_of(rows: &[Row]) -> StoreResult<Option<Interview>> {
    let mut questions = found(rows, "interview_id");
    let Some(first) = questions.next() else { return Ok(None) };
    let mut interview = row::interview(first)?;
    interview.questions =
        found(rows, "question_id").map(row::marked_question).collect::<StoreResult<_>>()?;
    Ok(Some(interview))
}
