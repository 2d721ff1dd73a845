//! Creates an interview in one statement, however many questions it has.

use sqlx::types::Json;

use super::{
    super::{
        dialect::{Row, SqlStore, from_sqlx, moment},
        interviews::interview_of,
        row::origin_word,
    },
    submission::own,
};
use crate::{
    domain::question::NewQuestion,
    storage::{
        InterviewStore, StoreResult,
        interviews::{Creation, NewInterview, RequestKey},
        record::{RubricRecord, rubric_to_record},
    },
};

/// Inserts nothing if the account has used the key before. The marks on its questions record that this
/// interview now has them. The account is locked first, as it is when a mark is changed.
pub(in super::super) const CREATE: &str = "WITH account AS MATERIALIZED (
         SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE
     ), made AS (
         INSERT INTO interviews (user_id, role, level, language, job_description, created_at,
                                 idempotency_key, request_hash, model_calls, question_count,
                                 mode, minutes, question_minutes, ends_at)
         VALUES (coalesce((SELECT id FROM account), $1), $2, $3, $4, $5, $6, $7, $8, $9,
                 cardinality($10::text[]), $16, $17, $18, $19)
         ON CONFLICT (user_id, idempotency_key) DO NOTHING
         RETURNING id, user_id, role, level, language, created_at, question_count, progress, shown,
                   mode, minutes, question_minutes, ends_at, ended_at, answered_at
     ), asked AS (
         INSERT INTO questions (interview_id, question_text, question_order, topic, source,
                                bank_id, reference_answer, rubric)
         SELECT made.id, given.question_text, given.place::integer, given.topic, given.source,
                given.bank_id, given.reference_answer, given.rubric
         FROM made, unnest($10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
                           $15::jsonb[]) WITH ORDINALITY
             AS given (question_text, topic, source, bank_id, reference_answer, rubric, place)
         RETURNING id, question_text, question_order, topic, source, parent_question_id, bank_id,
                   hints_given, shown_at
     ), noted AS (
         UPDATE question_marks
         SET asked_as = asked.id, question_text = asked.question_text, topic = asked.topic,
             level = made.level, wish = CASE wish WHEN 'again_soon' THEN 'none' ELSE wish END
         FROM made, asked
         WHERE question_marks.user_id = made.user_id AND question_marks.bank_id = asked.bank_id
         RETURNING asked_as, question_marks.id AS mark_id, note, starred, wish, changed_at
     )
     SELECT made.id AS interview_id, user_id, role, level, language, created_at, question_count,
            progress, shown, mode, minutes, question_minutes, ends_at, ended_at, answered_at,
            hints_given, shown_at, NULL::text AS shown_reference,
            asked.id AS question_id, question_text, question_order, topic, source,
            parent_question_id, mark_id, note, starred, wish, changed_at
     FROM made LEFT JOIN asked ON true LEFT JOIN noted ON noted.asked_as = asked.id
     ORDER BY question_order";

/// The questions by column.
struct Columns {
    texts: Vec<String>,
    topics: Vec<String>,
    sources: Vec<&'static str>,
    bank_ids: Vec<Option<String>>,
    references: Vec<String>,
    rubrics: Vec<Json<RubricRecord>>,
}

impl Columns {
    fn of(questions: &[NewQuestion]) -> Self {
        let rubric = |question: &NewQuestion| Json(rubric_to_record(&question.rubric));
        Self {
            texts: questions.iter().map(|question| question.text.clone()).collect(),
            topics: questions.iter().map(|question| question.topic.clone()).collect(),
            sources: questions.iter().map(|question| origin_word(question.origin)).collect(),
            bank_ids: questions.iter().map(|question| question.bank_id.clone()).collect(),
            references: questions.iter().map(|q| q.rubric.reference.clone()).collect(),
            rubrics: questions.iter().map(rubric).collect(),
        }
    }
}

/// Stores an interview with its questions, unless its request was carried out before.
pub(in super::super) async fn create(
    store: &SqlStore,
    mut new: NewInterview,
) -> StoreResult<Creation> {
    // If the connection is lost, the statement runs again, and recognises by its key what the first
    // run did. A request without a key gets one here.
    let request = new.request.take();
    let is_own = request.is_none();
    let request = request.unwrap_or_else(|| RequestKey { key: own(), request_hash: [0; 32] });
    let user_id = new.user_id;
    for _ in 0..TRIES {
        let rows = insert(store, new.clone(), request.clone()).await?;
        if let Some(made) = interview_of(&rows)? {
            return Ok(Creation::Created(made));
        }
        match store.interview_of_request(user_id, &request).await? {
            // The first run created it.
            Some(Creation::Repeated(made)) if is_own => return Ok(Creation::Created(made)),
            Some(known) => return Ok(known),
            // It was deleted between the two, and its key is free again.
            None => {}
        }
    }
    Err(from_sqlx(sqlx::Error::RowNotFound))
}

/// How often creation is attempted while others create and delete interviews under the same key.
const TRIES: usize = 3;

async fn insert(store: &SqlStore, new: NewInterview, request: RequestKey) -> StoreResult<Vec<Row>> {
    let columns = Columns::of(&new.questions);
    store
        .write_one(move || {
            sqlx::query(CREATE)
                .bind(new.user_id.get())
                .bind(&new.role)
                .bind(new.level.word())
                .bind(&new.language)
                .bind(&new.job_description)
                .bind(moment(new.created_at))
                .bind(&request.key)
                .bind(request.request_hash.as_slice())
                .bind(i64::from(new.model_calls))
                .bind(&columns.texts)
                .bind(&columns.topics)
                .bind(&columns.sources)
                .bind(&columns.bank_ids)
                .bind(&columns.references)
                .bind(&columns.rubrics)
                .bind(new.conditions.mode.word())
                .bind(new.conditions.minutes)
                .bind(new.conditions.question_minutes)
                .bind(new.conditions.end(new.created_at).map(moment))
        })
        .await
}
