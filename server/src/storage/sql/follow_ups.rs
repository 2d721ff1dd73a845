//! Follow-up questions.

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::types::Json;

use super::{
    answers::answer,
    calls::{as_caller, as_nobody, found},
    dialect::{
        Connection, Row, SqlStore, announce_interview, caller, from_sqlx, lock_account, remarks,
    },
    interviews::{help, place, position, withheld},
    row::{self, get},
};
use crate::{
    domain::{
        api_key::Bearer,
        clock::Timestamp,
        evaluation::Assessment,
        follow_up::{AskedFollowUp, FollowedQuestion, NewFollowUp},
        id::{InterviewId, QuestionId, UserId},
        question::{Question, Rubric},
    },
    storage::{
        StoreResult,
        calls::Checked,
        follow_ups::{FollowUpAdded, FollowUpStore},
        record::{RubricRecord, rubric_from_record, rubric_to_record},
    },
};

/// A question ($3) with its latest evaluated answer, once for each of its follow-ups.
pub(super) const FOLLOWED: &str = caller!(
    "SELECT caller.is_live, caller.now_at, interviews.user_id, interviews.level,
            interviews.language, questions.id AS question_id, questions.interview_id,
            questions.question_text, questions.bank_id, questions.rubric,
            follow_ups.id AS follow_up_id, follow_ups.question_text AS follow_up_text,
            follow_ups.reference_answer AS follow_up_reference,
            follow_ups.rubric AS follow_up_rubric, EXISTS (
                SELECT 1 FROM answers AS given WHERE given.question_id = follow_ups.id
            ) AS follow_up_answered, ",
    withheld!(),
    ", ",
    answer!(),
    " FROM caller LEFT JOIN questions ON caller.is_live AND questions.id = $3
     LEFT JOIN interviews ON interviews.id = questions.interview_id
     LEFT JOIN answers ON answers.question_id = questions.id AND answers.attempt = (
         SELECT max(others.attempt) FROM answers AS others
         JOIN evaluations AS known ON known.answer_id = others.id
         WHERE others.question_id = questions.id AND known.status = 'completed'
     )
     LEFT JOIN evaluations ON evaluations.answer_id = answers.id
     LEFT JOIN questions AS follow_ups ON follow_ups.parent_question_id = questions.id
     ORDER BY follow_ups.id"
);

/// The question that is followed up after an answer to question $1: itself, or its parent.
const PARENT: &str = "SELECT coalesce(parent_question_id, id) AS id FROM questions WHERE id = $1";

/// Stores a follow-up to a question ($1), in an interview whose last question has the order $5. Its place
/// begins with the parent's place and is longer, so that it sorts right behind the parent.
const INSERT: &str = concat!(
    "INSERT INTO questions (interview_id, question_text, question_order, topic, source,
                            parent_question_id, place, reference_answer, rubric)
     SELECT parents.interview_id, $2, $5 + 1, parents.topic, 'follow_up',
            parents.id, ",
    place!("parents"),
    " || CAST(1000001 + $5 AS TEXT), $3, $4
     FROM questions AS parents WHERE parents.id = $1 RETURNING id"
);

/// An account's ($2) question ($1), for adding a follow-up to it.
pub(super) const PLACE: &str = concat!(
    "SELECT interview_id, question_count, (
         SELECT count(*) FROM questions AS others WHERE others.parent_question_id = questions.id
     ) AS follow_ups, (
         SELECT max(others.question_order) FROM questions AS others
         WHERE others.interview_id = questions.interview_id
     ) AS last_order, ",
    withheld!(),
    " FROM questions JOIN interviews ON interviews.id = interview_id
     WHERE questions.id = $1 AND user_id = $2"
);

/// A question ($1) as it is in its interview.
const QUESTION: &str = concat!(
    "SELECT questions.id AS question_id, interview_id, question_text, topic, source,
            parent_question_id, ",
    help!(),
    ", ",
    position!(),
    " FROM questions WHERE questions.id = $1"
);

#[async_trait]
impl FollowUpStore for SqlStore {
    async fn followed_question(
        &self,
        caller: Bearer,
        id: QuestionId,
    ) -> StoreResult<Checked<Option<FollowedQuestion>>> {
        let rows = self.checked(|| as_caller(FOLLOWED, caller).bind(id.get())).await?;
        let Checked::Live(rows) = rows else { return Ok(Checked::Ended) };
        followed(&rows).map(Checked::Live)
    }

    async fn add_follow_up(&self, new: NewFollowUp, most: i32) -> StoreResult<FollowUpAdded> {
        self.write(move |db| add(db, new, Requester::For(most)).boxed()).await
    }

    async fn answered_question(&self, id: QuestionId) -> StoreResult<Option<FollowedQuestion>> {
        let rows = self.rows(|| sqlx::query(PARENT).bind(id.get())).await?;
        let Some(parent) = rows.first() else { return Ok(None) };
        let parent: i64 = get(parent, "id")?;
        followed(&self.rows(|| as_nobody(FOLLOWED).bind(parent)).await?)
    }

    async fn interject(
        &self,
        new: NewFollowUp,
        before: usize,
        now: Timestamp,
    ) -> StoreResult<FollowUpAdded> {
        self.write(move |db| add(db, new, Requester::ByItself { before, now }).boxed()).await
    }
}

/// Who asks for a follow-up.
#[derive(Clone, Copy)]
enum Requester {
    /// The candidate, if the interview has fewer questions than this.
    For(i32),
    /// The interviewer, if exactly `before` follow-ups were asked and the interview is running at `now`.
    ByItself { before: usize, now: Timestamp },
}

fn followed(rows: &[Row]) -> StoreResult<Option<FollowedQuestion>> {
    let Some(row) = found(rows, "question_id").next() else { return Ok(None) };
    let answer = found(rows, "answer_id").next().map(row::answer).transpose()?;
    let assessed = answer.and_then(|answer| {
        let assessment: Option<Assessment> = answer.evaluation.assessment().cloned();
        assessment.map(|assessment| (answer.text, assessment))
    });
    let follow_ups = found(rows, "follow_up_id").map(|row| {
        let rubric = rubric(row, "follow_up_reference", "follow_up_rubric")?;
        let is_answered = get(row, "follow_up_answered")?;
        Ok(AskedFollowUp { text: get(row, "follow_up_text")?, rubric, is_answered })
    });
    Ok(Some(FollowedQuestion {
        owner: UserId::new(get(row, "user_id")?),
        interview_id: InterviewId::new(get(row, "interview_id")?),
        level: row::level(row)?,
        language: get(row, "language")?,
        id: QuestionId::new(get(row, "question_id")?),
        text: get(row, "question_text")?,
        bank_id: get(row, "bank_id")?,
        rubric: rubric(row, "reference_answer", "rubric")?,
        answered: assessed,
        follow_ups: follow_ups.collect::<StoreResult<_>>()?,
        withheld: row::withheld(row)?,
    }))
}

fn rubric(row: &Row, reference: &str, points: &str) -> StoreResult<Rubric> {
    let record: Json<RubricRecord> = get(row, points)?;
    Ok(rubric_from_record(get(row, reference)?, record.0))
}

async fn add(
    db: &mut Connection,
    new: NewFollowUp,
    requester: Requester,
) -> StoreResult<FollowUpAdded> {
    // One at a time, because the interview's last question is looked up first.
    lock_account(&mut *db, new.user_id).await?;
    let parent = sqlx::query(PLACE)
        .bind(new.parent_id.get())
        .bind(new.user_id.get())
        .fetch_optional(&mut *db)
        .await
        .map_err(from_sqlx)?;
    let Some(parent) = parent else { return Ok(FollowUpAdded::Gone) };
    let same: Option<i64> = sqlx::query_scalar(
        "SELECT id FROM questions WHERE parent_question_id = $1 AND question_text = $2",
    )
    .bind(new.parent_id.get())
    .bind(&new.text)
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    if let Some(same) = same {
        return read(db, same).await.map(FollowUpAdded::Added);
    }
    if let Some(refused) = refused(&parent, requester)? {
        return Ok(refused);
    }
    let id: i64 = sqlx::query_scalar(INSERT)
        .bind(new.parent_id.get())
        .bind(&new.text)
        .bind(&new.rubric.reference)
        .bind(Json(rubric_to_record(&new.rubric)))
        .bind(get::<i32>(&parent, "last_order")?)
        .fetch_one(&mut *db)
        .await
        .map_err(from_sqlx)?;
    let interview = InterviewId::new(get(&parent, "interview_id")?);
    sqlx::query("UPDATE interviews SET question_count = question_count + 1 WHERE id = $1")
        .bind(interview.get())
        .execute(&mut *db)
        .await
        .map_err(from_sqlx)?;
    announce_interview(&mut *db, interview).await?;
    read(db, id).await.map(FollowUpAdded::Added)
}

/// Why no follow-up is added.
fn refused(parent: &Row, requester: Requester) -> StoreResult<Option<FollowUpAdded>> {
    let refused = match requester {
        Requester::For(most) if get::<i32>(parent, "question_count")? >= most => {
            FollowUpAdded::Full
        }
        Requester::ByItself { before, now }
            if get::<i64>(parent, "follow_ups")? != i64::try_from(before).unwrap_or(i64::MAX)
                || !row::withheld(parent)?.at(now) =>
        {
            FollowUpAdded::TooLate
        }
        _ => return Ok(None),
    };
    Ok(Some(refused))
}

/// A question as it is in its interview.
pub(super) async fn read(db: &mut Connection, id: i64) -> StoreResult<Question> {
    let row = sqlx::query(QUESTION).bind(id).fetch_one(db).await.map_err(from_sqlx)?;
    row::question(&row)
}
