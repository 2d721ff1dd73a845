//! Searches an account's questions and the latest answers to them.

use sqlx::types::Json;

use super::{
    Query,
    answers::{latest_answers, latest_texts},
    calls::as_caller,
    dialect::{Row, caller, has},
    interviews::{place, position, withheld},
    row::{self, get, grader, time},
};
use crate::{
    domain::{
        api_key::Bearer,
        id::{AnswerId, InterviewId, QuestionId},
        search::{FoundAnswer, MOST_WORDS, SearchCandidate, SearchCursor},
    },
    storage::{
        StoreResult,
        record::{ScoresRecord, scores_from_record},
    },
};

/// The condition that a needle is in the question or its answer; an empty needle always is.
macro_rules! word {
    ($needle:literal) => {
        concat!(
            " AND (",
            $needle,
            " = '' OR ",
            has!("(questions.question_text || ' ' || coalesce(answers.answer_text, ''))", $needle),
            ")"
        )
    };
}

/// At most $5 questions of an account ($2), after the question $4 of the interview $3, with every needle ($6 to
/// $13) in the question or in its latest answer. Interviews are read in order (the index of migration 0019)
/// until enough hits are found, and only the ids of the hits are sorted.
pub(super) const SEARCH: &str = caller!(
    "SELECT caller.is_live, caller.now_at, page.interview_id, interviews.role,
            interviews.created_at, questions.id AS question_id, questions.question_text,
            questions.topic, ",
    position!(),
    ", answers.id AS answer_id, answers.attempt, answers.answer_text, answers.submitted_at,
            evaluations.scores, evaluations.grader_kind, evaluations.grader_name,
            evaluations.grader_version, ",
    withheld!(),
    " FROM caller LEFT JOIN (
         SELECT interviews.id AS interview_id, questions.id AS question_id
         FROM interviews JOIN questions ON questions.interview_id = interviews.id",
    latest_texts!(),
    " WHERE interviews.user_id = $2 AND interviews.id <= $3
             AND (interviews.id < $3 OR (interviews.id = $3 AND questions.id > $4))",
    word!("$6"),
    word!("$7"),
    word!("$8"),
    word!("$9"),
    word!("$10"),
    word!("$11"),
    word!("$12"),
    word!("$13"),
    " ORDER BY interviews.id DESC, questions.id LIMIT $5
     ) AS page ON caller.is_live
     LEFT JOIN interviews ON interviews.id = page.interview_id
     LEFT JOIN questions ON questions.id = page.question_id",
    latest_answers!(),
    " ORDER BY page.interview_id DESC, page.question_id"
);

/// [`SEARCH`] for the questions after a place.
pub(super) fn search(
    caller: Bearer,
    needles: &[String],
    after: Option<SearchCursor>,
    limit: u32,
) -> Query {
    let (interview, question) =
        after.map_or((i64::MAX, 0), |place| (place.interview.get(), place.question.get()));
    let query = as_caller(SEARCH, caller).bind(interview).bind(question).bind(i64::from(limit));
    let none = std::iter::repeat(String::new());
    needles.iter().cloned().chain(none).take(MOST_WORDS).fold(query, Query::bind)
}

/// A row of [`SEARCH`].
pub(super) fn candidate(row: &Row) -> StoreResult<SearchCandidate> {
    let answer_id: Option<i64> = get(row, "answer_id")?;
    Ok(SearchCandidate {
        interview_id: InterviewId::new(get(row, "interview_id")?),
        role: get(row, "role")?,
        created_at: time(row, "created_at")?,
        question_id: QuestionId::new(get(row, "question_id")?),
        question_text: get(row, "question_text")?,
        order: get(row, "question_order")?,
        topic: get(row, "topic")?,
        answer: answer_id.map(|id| answer(AnswerId::new(id), row)).transpose()?,
    })
}

fn answer(id: AnswerId, row: &Row) -> StoreResult<FoundAnswer> {
    let scores: Option<Json<ScoresRecord>> = get(row, "scores")?;
    let graded = scores.map(|scores| Ok((grader(row)?, scores_from_record(&scores)?)));
    Ok(FoundAnswer {
        id,
        attempt: get(row, "attempt")?,
        text: get(row, "answer_text")?,
        submitted_at: time(row, "submitted_at")?,
        graded: graded.transpose()?,
        withheld: row::withheld(row)?,
    })
}
