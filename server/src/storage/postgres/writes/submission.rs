//! A submit: one function call (migration 0013).

use super::super::{
    dialect::{SqlStore, from_sqlx, moment},
    row::get,
};
use crate::{
    domain::{
        api_key::Bearer,
        id::{AnswerId, InterviewId, SessionId},
    },
    fail_point,
    storage::{
        StoreError, StoreResult,
        answers::{NewAnswer, Submission},
        calls::{Checked, Submitted},
        queue::{BACK, SHARE},
    },
};

const SUBMIT: &str = "SELECT outcome, answer_id, clock_timestamp() AS now_at
     FROM submit_answer($1, $2, $3, $4, $5, $6, $7, $8, $9, make_interval(secs => $10))";

/// Stores an answer and its pending evaluation, if the caller may: both or neither.
pub(in super::super) async fn submit(
    store: &SqlStore,
    caller: Option<(Bearer, InterviewId)>,
    mut new: NewAnswer,
) -> StoreResult<Checked<Submitted>> {
    // If the connection is lost, the statement runs again, and recognises by its key what the first run
    // did. A submit without a key gets one here.
    let own_key = new.idempotency_key.is_none();
    let key = new.idempotency_key.take().unwrap_or_else(own);
    let session = caller.and_then(|(caller, _)| caller.session_id()).map(SessionId::get);
    let interview = caller.map(|(_, interview)| interview.get());
    let rows = store
        .write_one(move || {
            sqlx::query(SUBMIT)
                .bind(session)
                .bind(new.user_id.get())
                .bind(interview)
                .bind(new.question_id.get())
                .bind(&new.text)
                .bind(moment(new.submitted_at))
                .bind(new.duration_ms)
                .bind(&key)
                .bind(i32::try_from(SHARE).unwrap_or(i32::MAX))
                .bind(BACK.as_secs_f64())
        })
        .await?;
    let row = rows.first().ok_or_else(|| from_sqlx(sqlx::Error::RowNotFound))?;
    store.learn_clock(row)?;
    let id = || get::<i64>(row, "answer_id").map(AnswerId::new);
    let submission = match get(row, "outcome")? {
        "ended" => return Ok(Checked::Ended),
        "no interview" => return Ok(Checked::Live(Submitted::NoInterview)),
        "denied" => return Ok(Checked::Live(Submitted::Denied)),
        "no question" => Submission::QuestionGone,
        "key reused" => Submission::KeyReused,
        "repeated" if !own_key => Submission::Repeated(id()?),
        "stored" | "repeated" => {
            // Both were inserted at once.
            fail_point::reach("answer inserted");
            fail_point::reach("evaluation inserted");
            Submission::Stored(id()?)
        }
        other => return Err(StoreError::Internal(format!("unknown outcome of a submit: {other}"))),
    };
    Ok(Checked::Live(Submitted::Done(submission)))
}

/// A key that no client has chosen.
pub(super) fn own() -> String {
    format!("viva-{:032x}", rand::random::<u128>())
}
