//! Every attempt at a question.

use async_trait::async_trait;

use super::{
    answers::answer,
    calls::{as_caller, found},
    dialect::{SqlStore, caller, remarks},
    interviews::{help, place, position, withheld},
    row::{self, get},
};
use crate::{
    domain::{
        api_key::Bearer,
        attempts::Attempts,
        id::{QuestionId, UserId},
    },
    storage::{StoreResult, attempts::AttemptStore, calls::Checked},
};

/// A question ($3) with every answer to it, oldest first.
const ATTEMPTS: &str = caller!(
    "SELECT caller.is_live, caller.now_at, interviews.user_id, questions.id AS question_id,
            questions.interview_id, questions.question_text, questions.topic, questions.source,
            questions.parent_question_id, ",
    help!(),
    ", ",
    position!(),
    ", ",
    withheld!(),
    ", ",
    answer!(),
    " FROM caller LEFT JOIN questions ON caller.is_live AND questions.id = $3
     LEFT JOIN interviews ON interviews.id = questions.interview_id
     LEFT JOIN answers ON answers.question_id = questions.id
     LEFT JOIN evaluations ON evaluations.answer_id = answers.id
     ORDER BY answers.attempt"
);

#[async_trait]
impl AttemptStore for SqlStore {
    async fn attempts_at(
        &self,
        caller: Bearer,
        id: QuestionId,
    ) -> StoreResult<Checked<Option<Attempts>>> {
        let rows = self.checked(|| as_caller(ATTEMPTS, caller).bind(id.get())).await?;
        let Checked::Live(rows) = rows else { return Ok(Checked::Ended) };
        let Some(first) = found(&rows, "question_id").next() else {
            return Ok(Checked::Live(None));
        };
        Ok(Checked::Live(Some(Attempts {
            owner: UserId::new(get(first, "user_id")?),
            question: row::question(first)?,
            answers: found(&rows, "answer_id").map(row::answer).collect::<StoreResult<_>>()?,
            withheld: row::withheld(first)?,
        })))
    }
}
