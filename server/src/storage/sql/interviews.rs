//! Interviews and questions.

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::types::Json;

use super::{
    calls::{as_nobody, found},
    dialect::{
        Row, SqlStore, announce_interview, caller, create, from_sqlx, lock_account, lock_interview,
        moment,
    },
    row::{self, get, time},
};
use crate::{
    domain::{
        clock::Timestamp,
        id::{InterviewId, QuestionId, UserId},
        interview::Interview,
        question::{AskedQuestion, Question},
    },
    storage::{
        StoreResult,
        interviews::{Creation, InterviewStore, NewInterview, RequestKey},
        record::{RubricRecord, rubric_from_record},
    },
};

/// The columns of the help given with a question.
macro_rules! help {
    () => {
        "questions.hints_given, questions.shown_at,
         CASE WHEN questions.shown_at IS NOT NULL THEN questions.reference_answer END
             AS shown_reference"
    };
}
pub(super) use help;

/// The columns of an interview's mode and limits.
macro_rules! timing {
    () => {
        "mode, minutes, question_minutes, ends_at, interviews.ended_at, answered_at"
    };
}
pub(super) use timing;

/// Until when the evaluations in an interview are withheld.
macro_rules! withheld {
    () => {
        "CASE WHEN interviews.ended_at IS NULL THEN interviews.ends_at END AS withheld_until"
    };
}
pub(super) use withheld;

/// The columns of a question and its interview. The interview may have no questions.
macro_rules! question {
    () => {
        concat!(
            "interviews.id AS interview_id, questions.id AS question_id, questions.question_text,
         questions.question_order, questions.topic, questions.source,
         questions.parent_question_id, ",
            help!()
        )
    };
}
pub(super) use question;

/// The position of a question among those of its interview, as a text to sort by: follow-ups come right
/// after the question that they follow.
macro_rules! place {
    ($questions:literal) => {
        concat!(
            "coalesce(",
            $questions,
            ".place, CAST(1000000 + ",
            $questions,
            ".question_order AS TEXT))"
        )
    };
}
pub(super) use place;

/// The number of a question in its interview: how many of the interview's questions come no later.
macro_rules! position {
    () => {
        concat!(
            "CAST((SELECT count(*) FROM questions AS earlier
                 WHERE earlier.interview_id = questions.interview_id
                     AND ",
            place!("earlier"),
            " <= ",
            place!("questions"),
            ") AS INTEGER) AS question_order"
        )
    };
}
pub(super) use position;

/// The columns of the owner's mark on a question; see `of_marks`.
macro_rules! mark {
    () => {
        "marks.id AS mark_id, marks.note, marks.starred, marks.wish, marks.changed_at"
    };
}
pub(super) use mark;

/// The marks on `questions` of `interviews`, at most one each.
macro_rules! of_marks {
    () => {
        " LEFT JOIN question_marks AS marks ON marks.user_id = interviews.user_id
             AND (marks.bank_id = questions.bank_id OR marks.question_id = questions.id)"
    };
}
pub(super) use of_marks;

/// An interview ($3) with its questions and their marks, one question per row.
pub(super) const INTERVIEW: &str = caller!(
    "SELECT caller.is_live, caller.now_at, interviews.user_id, role, interviews.level,
            language, interviews.created_at, question_count, progress, shown, ",
    timing!(),
    ", ",
    question!(),
    ", ",
    mark!(),
    " FROM caller LEFT JOIN interviews ON caller.is_live AND interviews.id = $3
     LEFT JOIN questions ON questions.interview_id = interviews.id",
    of_marks!(),
    " ORDER BY ",
    place!("questions")
);

/// At most $4 interviews of an account ($2), newest first, older than $3.
pub(super) const INTERVIEWS: &str = caller!(
    "SELECT caller.is_live, caller.now_at, page.* FROM caller LEFT JOIN (
         SELECT id AS interview_id, user_id, role, level, language, created_at,
                question_count, progress, shown, ",
    timing!(),
    " FROM interviews WHERE user_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4
     ) AS page ON caller.is_live
     ORDER BY page.interview_id DESC"
);

/// The interview that an account ($2) created under an idempotency key ($3); if it created none, the
/// questions of the bank that it was asked.
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

/// Ends an account's ($3) real interview ($1) at $2, unless it has ended before.
const END: &str = "UPDATE interviews SET ended_at = CASE
         WHEN ended_at IS NOT NULL THEN ended_at WHEN ends_at <= $2 THEN ends_at ELSE $2
     END WHERE id = $1 AND user_id = $3 AND ends_at IS NOT NULL RETURNING ended_at";

/// The interview created under an account's ($1) idempotency key ($2).
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
        let query = concat!(
            "SELECT questions.id AS question_id, interview_id, question_text, ",
            position!(),
            ", ",
            help!(),
            ", ",
            withheld!(),
            ", topic, source, parent_question_id, reference_answer, rubric, user_id, role,
                    level, (SELECT count(*) FROM answers
                     JOIN evaluations ON evaluations.answer_id = answers.id
                     WHERE answers.question_id = questions.id AND status = 'completed') AS evaluated
             FROM questions JOIN interviews ON interviews.id = interview_id
             WHERE questions.id = $1"
        );
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

    async fn end_interview(
        &self,
        user_id: UserId,
        id: InterviewId,
        now: Timestamp,
    ) -> StoreResult<Option<Timestamp>> {
        self.write(move |db| {
            async move {
                // No follow-up is added meanwhile, nor the answer that may be the last one.
                lock_account(&mut *db, user_id).await?;
                let query = sqlx::query(END).bind(id.get()).bind(moment(now)).bind(user_id.get());
                let row = query.fetch_optional(&mut *db).await.map_err(from_sqlx)?;
                let Some(row) = row else { return Ok(None) };
                announce_interview(db, id).await?;
                time(&row, "ended_at").map(Some)
            }
            .boxed()
        })
        .await
    }

    async fn delete_interview(&self, id: InterviewId) -> StoreResult<bool> {
        self.write(move |db| {
            async move {
                // No answer is added to it meanwhile, and no evaluation of it is written.
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
        withheld: row::withheld(row)?,
    })
}

/// The interview from rows of [`INTERVIEW`]; `None` if nothing was found. Questions are numbered in the
/// order of the rows: the stored order of a follow-up is not its position.
pub(super) fn interview_of(rows: &[Row]) -> StoreResult<Option<Interview>> {
    let mut questions = found(rows, "interview_id");
    let Some(first) = questions.next() else { return Ok(None) };
    let mut interview = row::interview(first)?;
    interview.questions = found(rows, "question_id")
        .zip(1..)
        .map(|(row, order)| Ok(Question { order, ..row::marked_question(row)? }))
        .collect::<StoreResult<_>>()?;
    Ok(Some(interview))
}
