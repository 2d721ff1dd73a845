//! The memories of accounts. Every change first locks the account's row at its revision, so that changes
//! happen one after the other and none is computed from an older state.

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::QueryBuilder;

use super::{
    answers::answer,
    calls::{as_caller, found},
    dialect::{Connection, Database, Row, SqlStore, caller, from_sqlx, moment, remarks},
    row::{self, get},
};
use crate::{
    domain::{
        api_key::Bearer,
        clock::Timestamp,
        day::Day,
        id::{AnswerId, PointId, QuestionId, UserId},
        memory::{EvaluatedAnswer, MemoryPoint, PointKey, PointState, Rating, Trace},
    },
    fail_point,
    storage::{
        StoreError, StoreResult,
        calls::Checked,
        memory::{
            ExportedReview, KeptReview, KnownMemory, Learnt, MemoryStore, NewReview, PointChange,
            ReviewAdded,
        },
    },
};

/// Whether an evaluation can be taken into the memory at a moment ($3): not before the end of an interview
/// in real mode, because its feedback is withheld until then.
macro_rules! is_news {
    () => {
        "evaluations.status = 'completed' AND NOT evaluations.remembered
         AND (interviews.ended_at IS NOT NULL OR interviews.ends_at IS NULL
              OR interviews.ends_at <= $3)"
    };
}

/// An account's ($2) memory, one row per point, and whether there is something new for it.
pub(super) const MEMORY: &str = caller!(
    "SELECT caller.is_live, caller.now_at, users.time_zone, users.memory_revision, EXISTS (
         SELECT 1 FROM evaluations JOIN answers ON answers.id = evaluations.answer_id
         JOIN questions ON questions.id = answers.question_id
         JOIN interviews ON interviews.id = questions.interview_id
         WHERE evaluations.user_id = $2 AND ",
    is_news!(),
    ") AS has_news, points.id AS memory_point_id, points.bank_id, points.point_id,
     points.stability, points.difficulty, points.rated_on, points.due_on, points.reviewed_on,
     points.prompt, points.ratings, points.is_forgotten, questions.id AS question_id
     FROM caller LEFT JOIN users ON caller.is_live AND users.id = $2
     LEFT JOIN memory_points AS points ON points.user_id = users.id
     LEFT JOIN questions ON questions.id = points.question_id
     ORDER BY points.id"
);

/// Answers of an account ($1) whose points are not in its memory yet.
pub(super) const TO_REMEMBER: &str = concat!(
    "SELECT questions.question_text, questions.bank_id,
            answers.attempt = 1 AND questions.hints_given = 0 AND questions.shown_at IS NULL
                AS is_first_sight, ",
    answer!(),
    " FROM evaluations JOIN answers ON answers.id = evaluations.answer_id
     JOIN questions ON questions.id = answers.question_id
     JOIN interviews ON interviews.id = questions.interview_id
     WHERE evaluations.user_id = $1 AND ",
    is_news!(),
    " ORDER BY answers.submitted_at, answers.id LIMIT $2"
);

/// The columns of a review.
macro_rules! review {
    () => {
        "memory_reviews.reviewed_at, memory_reviews.prompt, memory_reviews.answer_text,
         memory_reviews.rating, memory_reviews.coverage, memory_reviews.evidence,
         memory_reviews.correction, memory_reviews.due_on"
    };
}

#[async_trait]
impl MemoryStore for SqlStore {
    async fn memory_of(&self, caller: Bearer, now: Timestamp) -> StoreResult<Checked<KnownMemory>> {
        let query = || as_caller(MEMORY, caller).bind(moment(now));
        let rows = match self.checked(query).await? {
            Checked::Ended => return Ok(Checked::Ended),
            Checked::Live(rows) => rows,
        };
        let head = rows.first().ok_or_else(|| from_sqlx(sqlx::Error::RowNotFound))?;
        // A deleted account has no sessions, but one of its keys may just have been looked up.
        let Some(revision) = get(head, "memory_revision")? else { return Ok(Checked::Ended) };
        Ok(Checked::Live(KnownMemory {
            revision,
            time_zone: get(head, "time_zone")?,
            has_news: get(head, "has_news")?,
            points: found(&rows, "memory_point_id").map(point).collect::<StoreResult<_>>()?,
        }))
    }

    async fn owner_of_point(&self, id: PointId) -> StoreResult<Option<UserId>> {
        let query = "SELECT user_id FROM memory_points WHERE id = $1";
        let rows = self.rows(|| sqlx::query(query).bind(id.get())).await?;
        rows.first().map(|row| get(row, "user_id").map(UserId::new)).transpose()
    }

    async fn answers_to_remember(
        &self,
        user_id: UserId,
        now: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<EvaluatedAnswer>> {
        let query = || {
            let query = sqlx::query(TO_REMEMBER).bind(user_id.get()).bind(i64::from(limit));
            query.bind(moment(now))
        };
        self.rows(query).await?.iter().map(evaluated).collect()
    }

    async fn remember(&self, user_id: UserId, revision: i64, learnt: Learnt) -> StoreResult<bool> {
        self.write(move |db| {
            async move {
                if !begin(&mut *db, user_id, revision, None).await? {
                    return Ok(false);
                }
                put(&mut *db, user_id, &learnt.points).await?;
                let known = note(db, &learnt.answers).await;
                fail_point::reach("points remembered");
                known.map(|()| true)
            }
            .boxed()
        })
        .await
    }

    async fn add_review(
        &self,
        user_id: UserId,
        revision: i64,
        new: NewReview,
    ) -> StoreResult<ReviewAdded> {
        self.write(move |db| add(db, user_id, revision, new).boxed()).await
    }

    async fn change_point(
        &self,
        user_id: UserId,
        revision: i64,
        id: PointId,
        change: PointChange,
        time_zone: Option<String>,
    ) -> StoreResult<bool> {
        self.write(move |db| {
            async move {
                if !begin(&mut *db, user_id, revision, time_zone).await? {
                    return Ok(false);
                }
                let (sql, value) = match change {
                    PointChange::DueOn(day) => {
                        ("UPDATE memory_points SET due_on = $2 WHERE id = $1", day.number())
                    }
                    PointChange::Forgotten(is_forgotten) => (
                        "UPDATE memory_points SET is_forgotten = ($2 = 1) WHERE id = $1",
                        i32::from(is_forgotten),
                    ),
                };
                let query = sqlx::query(sql).bind(id.get()).bind(value);
                query.execute(db).await.map_err(from_sqlx)?;
                Ok(true)
            }
            .boxed()
        })
        .await
    }

    async fn kept_reviews_after(
        &self,
        user_id: UserId,
        after: i64,
        limit: u32,
    ) -> StoreResult<Vec<ExportedReview>> {
        let query = concat!(
            "SELECT memory_reviews.id, points.bank_id, points.point_id, ",
            review!(),
            " FROM memory_reviews JOIN memory_points AS points ON points.id = memory_point_id
             WHERE memory_reviews.user_id = $1 AND memory_reviews.id > $2
             ORDER BY memory_reviews.id LIMIT $3"
        );
        let query = || sqlx::query(query).bind(user_id.get()).bind(after).bind(i64::from(limit));
        let exported = |row: &Row| {
            Ok(ExportedReview { id: get(row, "id")?, key: key(row)?, review: review(row)? })
        };
        self.rows(query).await?.iter().map(exported).collect()
    }
}

/// Locks the account's memory for a change, if it still has that revision.
async fn begin(
    db: &mut Connection,
    user_id: UserId,
    revision: i64,
    time_zone: Option<String>,
) -> StoreResult<bool> {
    let done = sqlx::query(
        "UPDATE users SET memory_revision = memory_revision + 1,
                time_zone = COALESCE(time_zone, $3)
         WHERE id = $1 AND memory_revision = $2",
    )
    .bind(user_id.get())
    .bind(revision)
    .bind(time_zone)
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(done.rows_affected() > 0)
}

/// Writes the states of points, new and existing ones.
async fn put(
    db: &mut Connection,
    user_id: UserId,
    points: &[(PointKey, PointState)],
) -> StoreResult<()> {
    if points.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::<Database>::new(
        "INSERT INTO memory_points (user_id, bank_id, point_id, question_id, stability, difficulty,
                                    rated_on, due_on, reviewed_on, prompt, ratings) ",
    );
    query.push_values(points, |mut row, (key, state)| {
        row.push_bind(user_id.get()).push_bind(&key.bank_id).push_bind(&key.point_id);
        row.push_bind(state.question_id.map(QuestionId::get));
        row.push_bind(state.trace.stability).push_bind(state.trace.difficulty);
        row.push_bind(state.rated_on.number()).push_bind(state.due_on.number());
        row.push_bind(state.reviewed_on.map(Day::number));
        row.push_bind(state.prompt).push_bind(state.ratings);
    });
    query.push(
        " ON CONFLICT (user_id, bank_id, point_id) DO UPDATE SET
             question_id = excluded.question_id, stability = excluded.stability,
             difficulty = excluded.difficulty, rated_on = excluded.rated_on,
             due_on = excluded.due_on, reviewed_on = excluded.reviewed_on,
             prompt = excluded.prompt, ratings = excluded.ratings",
    );
    query.build().execute(db).await.map_err(from_sqlx).map(drop)
}

/// Records that the points of these answers are in the memory.
async fn note(db: &mut Connection, answers: &[AnswerId]) -> StoreResult<()> {
    if answers.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::<Database>::new(
        "UPDATE evaluations SET remembered = TRUE WHERE answer_id IN (",
    );
    let mut list = query.separated(", ");
    for id in answers {
        list.push_bind(id.get());
    }
    query.push(")");
    query.build().execute(db).await.map_err(from_sqlx).map(drop)
}

async fn add(
    db: &mut Connection,
    user_id: UserId,
    revision: i64,
    new: NewReview,
) -> StoreResult<ReviewAdded> {
    let NewReview { point_id, state, review, key, time_zone } = new;
    if let Some(key) = &key
        && let Some((known, is_same_point)) =
            known_review(&mut *db, user_id, point_id, key.as_str()).await?
    {
        let is_same = is_same_point && known.answer == review.answer;
        return Ok(if is_same { ReviewAdded::Repeated(known) } else { ReviewAdded::KeyReused });
    }
    if !begin(&mut *db, user_id, revision, time_zone).await? {
        return Ok(ReviewAdded::Changed);
    }
    sqlx::query(
        "UPDATE memory_points SET stability = $2, difficulty = $3, rated_on = $4, due_on = $5,
                reviewed_on = $6, prompt = $7, ratings = $8
         WHERE id = $1",
    )
    .bind(point_id.get())
    .bind(state.trace.stability)
    .bind(state.trace.difficulty)
    .bind(state.rated_on.number())
    .bind(state.due_on.number())
    .bind(state.reviewed_on.map(Day::number))
    .bind(state.prompt)
    .bind(state.ratings)
    .execute(&mut *db)
    .await
    .map_err(from_sqlx)?;
    sqlx::query(
        "INSERT INTO memory_reviews (user_id, memory_point_id, reviewed_at, prompt, answer_text,
                                     rating, coverage, evidence, correction, due_on,
                                     idempotency_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(user_id.get())
    .bind(point_id.get())
    .bind(moment(review.reviewed_at))
    .bind(review.prompt)
    .bind(review.answer)
    .bind(review.rating.word())
    .bind(review.coverage)
    .bind(review.evidence)
    .bind(review.correction)
    .bind(review.due_on.number())
    .bind(key.as_ref().map(|key| key.as_str().to_owned()))
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    fail_point::reach("review written");
    Ok(ReviewAdded::Added)
}

/// The review with that key, and whether it is of that point.
async fn known_review(
    db: &mut Connection,
    user_id: UserId,
    point_id: PointId,
    key: &str,
) -> StoreResult<Option<(KeptReview, bool)>> {
    let query = concat!(
        "SELECT memory_point_id, ",
        review!(),
        " FROM memory_reviews WHERE user_id = $1 AND idempotency_key = $2"
    );
    let row = sqlx::query(query)
        .bind(user_id.get())
        .bind(key)
        .fetch_optional(db)
        .await
        .map_err(from_sqlx)?;
    let Some(row) = row else { return Ok(None) };
    let of_point: i64 = get(&row, "memory_point_id")?;
    Ok(Some((review(&row)?, of_point == point_id.get())))
}

fn key(row: &Row) -> StoreResult<PointKey> {
    Ok(PointKey { bank_id: get(row, "bank_id")?, point_id: get(row, "point_id")? })
}

fn point(row: &Row) -> StoreResult<MemoryPoint> {
    let trace = Trace { stability: get(row, "stability")?, difficulty: get(row, "difficulty")? };
    Ok(MemoryPoint {
        id: PointId::new(get(row, "memory_point_id")?),
        key: key(row)?,
        is_forgotten: get(row, "is_forgotten")?,
        state: PointState {
            trace,
            rated_on: Day::new(get(row, "rated_on")?),
            due_on: Day::new(get(row, "due_on")?),
            reviewed_on: get::<Option<i32>>(row, "reviewed_on")?.map(Day::new),
            prompt: get(row, "prompt")?,
            ratings: get(row, "ratings")?,
            question_id: get::<Option<i64>>(row, "question_id")?.map(QuestionId::new),
        },
    })
}

fn evaluated(row: &Row) -> StoreResult<EvaluatedAnswer> {
    let answer = row::answer(row)?;
    Ok(EvaluatedAnswer {
        id: answer.id,
        question_id: answer.question_id,
        question: get(row, "question_text")?,
        bank_id: get(row, "bank_id")?,
        answered_at: answer.submitted_at,
        is_first_sight: get(row, "is_first_sight")?,
        assessment: answer.evaluation.assessment().cloned(),
    })
}

fn review(row: &Row) -> StoreResult<KeptReview> {
    let word: &str = get(row, "rating")?;
    let unknown = || StoreError::Internal(format!("unknown rating in the database: {word}"));
    Ok(KeptReview {
        reviewed_at: row::time(row, "reviewed_at")?,
        prompt: get(row, "prompt")?,
        answer: get(row, "answer_text")?,
        rating: Rating::from_word(word).ok_or_else(unknown)?,
        coverage: get(row, "coverage")?,
        evidence: get(row, "evidence")?,
        correction: get(row, "correction")?,
        due_on: Day::new(get(row, "due_on")?),
    })
}
