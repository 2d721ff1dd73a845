//! Hints given to questions, and answers shown.

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::types::Json;

use super::{
    calls::{as_caller, found},
    dialect::{Connection, SqlStore, announce_interview, caller, from_sqlx, lock_account, moment},
    follow_ups::read,
    interviews::withheld,
    row::{self, get},
};
use crate::{
    domain::{
        api_key::Bearer,
        clock::Timestamp,
        help::HelpedQuestion,
        id::{InterviewId, QuestionId, UserId},
    },
    storage::{
        StoreResult,
        calls::Checked,
        help::{HelpStore, Showing},
        record::{RubricRecord, rubric_from_record},
    },
};

/// A question ($3), and its owner.
const HELPED: &str = caller!(
    "SELECT caller.is_live, caller.now_at, user_id, interview_id, questions.id AS question_id,
            question_text, bank_id, reference_answer, rubric, hints_given, ",
    withheld!(),
    " FROM caller LEFT JOIN questions ON caller.is_live AND questions.id = $3
     LEFT JOIN interviews ON interviews.id = interview_id"
);

#[async_trait]
impl HelpStore for SqlStore {
    async fn helped_question(
        &self,
        caller: Bearer,
        id: QuestionId,
    ) -> StoreResult<Checked<Option<HelpedQuestion>>> {
        let rows = self.checked(|| as_caller(HELPED, caller).bind(id.get())).await?;
        let Checked::Live(rows) = rows else { return Ok(Checked::Ended) };
        let Some(row) = found(&rows, "question_id").next() else { return Ok(Checked::Live(None)) };
        let record: Json<RubricRecord> = get(row, "rubric")?;
        Ok(Checked::Live(Some(HelpedQuestion {
            owner: UserId::new(get(row, "user_id")?),
            interview_id: InterviewId::new(get(row, "interview_id")?),
            text: get(row, "question_text")?,
            bank_id: get(row, "bank_id")?,
            rubric: rubric_from_record(get(row, "reference_answer")?, record.0),
            hints: get(row, "hints_given")?,
            withheld: row::withheld(row)?,
        })))
    }

    async fn note_hints(&self, id: QuestionId, hints: i32) -> StoreResult<()> {
        self.write(move |db| {
            async move {
                let update = "UPDATE questions SET hints_given = $2
                     WHERE id = $1 AND hints_given < $2";
                let query = sqlx::query(update).bind(id.get()).bind(hints);
                query.execute(db).await.map_err(from_sqlx).map(drop)
            }
            .boxed()
        })
        .await
    }

    async fn show_answer(
        &self,
        user_id: UserId,
        id: QuestionId,
        now: Timestamp,
    ) -> StoreResult<Showing> {
        self.write(move |db| show(db, user_id, id, now).boxed()).await
    }
}

async fn show(
    db: &mut Connection,
    user_id: UserId,
    id: QuestionId,
    now: Timestamp,
) -> StoreResult<Showing> {
    // No answer is added meanwhile.
    lock_account(&mut *db, user_id).await?;
    let row = sqlx::query(
        "SELECT interview_id, question_order, shown, EXISTS (
             SELECT 1 FROM answers JOIN evaluations ON evaluations.answer_id = answers.id
             WHERE answers.question_id = questions.id AND status <> 'failed'
         ) AS is_answered, shown_at IS NOT NULL AS is_shown
         FROM questions JOIN interviews ON interviews.id = interview_id
         WHERE questions.id = $1 AND user_id = $2",
    )
    .bind(id.get())
    .bind(user_id.get())
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    let Some(row) = row else { return Ok(Showing::Gone) };
    if !get::<bool>(&row, "is_shown")? {
        if get(&row, "is_answered")? {
            return Ok(Showing::Answered);
        }
        let interview = InterviewId::new(get(&row, "interview_id")?);
        let mut shown: Vec<i32> = get::<Json<_>>(&row, "shown")?.0;
        shown.push(get(&row, "question_order")?);
        note(&mut *db, interview, id, shown, now).await?;
    }
    read(db, id.get()).await.map(|question| Showing::Shown(Box::new(question)))
}

async fn note(
    db: &mut Connection,
    interview: InterviewId,
    id: QuestionId,
    shown: Vec<i32>,
    now: Timestamp,
) -> StoreResult<()> {
    sqlx::query("UPDATE questions SET shown_at = $2 WHERE id = $1")
        .bind(id.get())
        .bind(moment(now))
        .execute(&mut *db)
        .await
        .map_err(from_sqlx)?;
    sqlx::query("UPDATE interviews SET shown = $2 WHERE id = $1")
        .bind(interview.get())
        .bind(Json(shown))
        .execute(&mut *db)
        .await
        .map_err(from_sqlx)?;
    announce_interview(db, interview).await
}
