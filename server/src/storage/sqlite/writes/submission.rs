//! A submit.

use futures::FutureExt;

use super::super::{
    calls::as_caller,
    dialect::{Connection, SqlStore, caller, from_sqlx, moment},
    queue::queue_position,
    row::get,
};
use crate::{
    domain::{
        api_key::Bearer,
        id::{AnswerId, InterviewId},
    },
    fail_point,
    storage::{
        StoreResult,
        answers::{NewAnswer, Submission},
        calls::{Checked, Submitted},
    },
};

/// The owner of the interview ($3), and whether it has the question ($4).
const MAY_SUBMIT: &str = caller!(
    "SELECT caller.is_live, interviews.user_id, questions.id AS question_id
     FROM caller LEFT JOIN interviews ON interviews.id = $3
     LEFT JOIN questions ON questions.interview_id = interviews.id AND questions.id = $4"
);

/// Stores an answer and its pending evaluation, if the caller may: both or neither.
pub(in super::super) async fn submit(
    store: &SqlStore,
    caller: Option<(Bearer, InterviewId)>,
    new: NewAnswer,
) -> StoreResult<Checked<Submitted>> {
    store
        .write(move |db| {
            async move {
                if let Some((caller, interview)) = caller
                    && let Some(refused) = refusal(&mut *db, caller, interview, &new).await?
                {
                    return Ok(refused);
                }
                Ok(Checked::Live(Submitted::Done(keep(db, new).await?)))
            }
            .boxed()
        })
        .await
}

async fn refusal(
    db: &mut Connection,
    caller: Bearer,
    interview: InterviewId,
    new: &NewAnswer,
) -> StoreResult<Option<Checked<Submitted>>> {
    let row = as_caller(MAY_SUBMIT, caller)
        .bind(interview.get())
        .bind(new.question_id.get())
        .fetch_one(db)
        .await
        .map_err(from_sqlx)?;
    if !get::<bool>(&row, "is_live")? {
        return Ok(Some(Checked::Ended));
    }
    let owner: Option<i64> = get(&row, "user_id")?;
    let question: Option<i64> = get(&row, "question_id")?;
    Ok(match (owner, question) {
        (None, _) => Some(Checked::Live(Submitted::NoInterview)),
        (_, None) => Some(Checked::Live(Submitted::Done(Submission::QuestionGone))),
        (Some(owner), _) if owner != caller.user_id().get() => {
            Some(Checked::Live(Submitted::Denied))
        }
        _ => None,
    })
}

async fn keep(db: &mut Connection, new: NewAnswer) -> StoreResult<Submission> {
    if let Some(known) = known_submit(&mut *db, &new).await? {
        return Ok(known);
    }
    let kept = sqlx::query(
        "INSERT INTO answers (question_id, user_id, answer_text, submitted_at, attempt,
                              duration_ms, idempotency_key)
         SELECT questions.id, $2, $3, $4,
                (SELECT coalesce(max(attempt), 0) + 1 FROM answers WHERE question_id = $1),
                $5, $6
         FROM questions WHERE questions.id = $1 RETURNING id, attempt",
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
    let Some(kept) = kept else {
        return Ok(Submission::QuestionGone);
    };
    let (id, attempt): (i64, i32) = (get(&kept, "id")?, get(&kept, "attempt")?);
    fail_point::reach("answer inserted");
    let stands_at = queue_position(&mut *db, new.user_id, new.submitted_at).await?;
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
    note(db, &new, attempt).await?;
    Ok(Submission::Stored(AnswerId::new(id)))
}

/// Records in the interview's progress that the question is answered, which may end the interview.
async fn note(db: &mut Connection, new: &NewAnswer, attempt: i32) -> StoreResult<()> {
    let answered = sqlx::query(
        "UPDATE interviews
         SET progress = json_set(progress, '$.' || question_order, json_array($2)),
             answered_at = $3
         FROM questions WHERE questions.id = $1 AND interviews.id = interview_id",
    );
    let answered = answered.bind(new.question_id.get()).bind(attempt);
    let answered = answered.bind(moment(new.submitted_at)).execute(&mut *db);
    answered.await.map_err(from_sqlx)?;
    let ended = sqlx::query(
        "UPDATE interviews SET ended_at = $2
         WHERE id = (SELECT interview_id FROM questions WHERE id = $1)
             AND ended_at IS NULL AND ends_at > $2
             AND question_count <= (SELECT count(*) FROM json_each(progress))",
    );
    let ended = ended.bind(new.question_id.get()).bind(moment(new.submitted_at)).execute(db);
    ended.await.map_err(from_sqlx)?;
    Ok(())
}

/// The outcome of an earlier submit under the same key.
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
