//! Marks on questions.

use async_trait::async_trait;
use futures::FutureExt;

use super::{
    dialect::{Connection, Row, SqlStore, from_sqlx, lock_account, moment},
    row::{self, get},
};
use crate::{
    domain::{
        clock::Timestamp,
        id::{InterviewId, MarkId, QuestionId, UserId},
        mark::{Mark, MarkChange, MarkTarget, Markable, MarkedQuestion, Wish, Wishes},
    },
    storage::{
        StoreResult,
        marks::{Listed, MarkStore},
    },
};

#[async_trait]
impl MarkStore for SqlStore {
    async fn markable(&self, target: MarkTarget) -> StoreResult<Option<Markable>> {
        let (sql, id) = match target {
            MarkTarget::Question(id) => (
                "SELECT user_id, bank_id FROM questions
                 JOIN interviews ON interviews.id = interview_id WHERE questions.id = $1",
                id.get(),
            ),
            MarkTarget::Mark(id) => {
                ("SELECT user_id, bank_id FROM question_marks WHERE id = $1", id.get())
            }
        };
        let rows = self.rows(|| sqlx::query(sql).bind(id)).await?;
        rows.first().map(markable).transpose()
    }

    async fn set_mark(
        &self,
        user_id: UserId,
        target: MarkTarget,
        change: MarkChange,
        now: Timestamp,
    ) -> StoreResult<Option<Mark>> {
        self.write(move |db| set(db, user_id, target, change, now).boxed()).await
    }

    async fn marks(
        &self,
        user_id: UserId,
        listed: Listed,
        older_than: Option<MarkId>,
        limit: u32,
    ) -> StoreResult<Vec<MarkedQuestion>> {
        let query = "SELECT marks.id AS mark_id, note, starred, wish, changed_at, marks.bank_id,
                    marks.question_text, marks.topic, level, marks.source, asked.interview_id,
                    asked.id AS asked_id
             FROM question_marks AS marks LEFT JOIN questions AS asked
                 ON asked.id = COALESCE(marks.asked_as, marks.question_id)
             WHERE user_id = $1 AND marks.id < $2
                 AND ($3 OR starred OR note <> '' OR wish <> 'none')
             ORDER BY marks.id DESC LIMIT $4";
        let before = older_than.map_or(i64::MAX, MarkId::get);
        let query = || {
            let query = sqlx::query(query).bind(user_id.get()).bind(before);
            query.bind(listed == Listed::All).bind(i64::from(limit))
        };
        self.rows(query).await?.iter().map(marked).collect()
    }

    async fn wishes(&self, user_id: UserId) -> StoreResult<Wishes> {
        let query = "SELECT bank_id, wish, question_text FROM question_marks
             WHERE user_id = $1 AND wish <> 'none' ORDER BY id DESC";
        let rows = self.rows(|| sqlx::query(query).bind(user_id.get())).await?;
        let mut wishes = Wishes::default();
        for row in &rows {
            let bank_id: Option<String> = get(row, "bank_id")?;
            if row::wish(row)? == Wish::NotAgain {
                wishes.not_again.extend(bank_id);
                wishes.not_again_texts.push(get(row, "question_text")?);
            } else {
                wishes.again_soon.extend(bank_id);
            }
        }
        Ok(wishes)
    }
}

async fn set(
    db: &mut Connection,
    user_id: UserId,
    target: MarkTarget,
    change: MarkChange,
    now: Timestamp,
) -> StoreResult<Option<Mark>> {
    // One at a time, because an existing mark is looked up first.
    lock_account(&mut *db, user_id).await?;
    let found = match target {
        MarkTarget::Mark(id) => find(&mut *db, user_id, id).await?,
        MarkTarget::Question(id) => of_question(&mut *db, user_id, id, now).await?,
    };
    let Some(known) = found else { return Ok(None) };
    let mark = Mark {
        note: change.note.unwrap_or_else(|| known.note.clone()),
        starred: change.starred.unwrap_or(known.starred),
        wish: change.wish.unwrap_or(known.wish),
        ..known.clone()
    };
    if mark == known {
        return Ok(Some(known));
    }
    sqlx::query(
        "UPDATE question_marks SET note = $2, starred = $3, wish = $4, changed_at = $5
         WHERE id = $1",
    )
    .bind(mark.id.get())
    .bind(&mark.note)
    .bind(mark.starred)
    .bind(mark.wish.word())
    .bind(moment(now))
    .execute(db)
    .await
    .map_err(from_sqlx)?;
    Ok(Some(Mark { changed_at: now, ..mark }))
}

async fn find(db: &mut Connection, user_id: UserId, id: MarkId) -> StoreResult<Option<Mark>> {
    let row = sqlx::query(
        "SELECT id AS mark_id, note, starred, wish, changed_at FROM question_marks
         WHERE id = $1 AND user_id = $2",
    )
    .bind(id.get())
    .bind(user_id.get())
    .fetch_optional(db)
    .await
    .map_err(from_sqlx)?;
    row.as_ref().map(row::mark).transpose()
}

/// The mark of a question, created if needed; `None` if the account has no such question.
async fn of_question(
    db: &mut Connection,
    user_id: UserId,
    id: QuestionId,
    now: Timestamp,
) -> StoreResult<Option<Mark>> {
    let known: Option<i64> = sqlx::query_scalar(
        "SELECT marks.id FROM questions JOIN question_marks AS marks
             ON marks.user_id = $2
             AND (marks.bank_id = questions.bank_id OR marks.question_id = questions.id)
         WHERE questions.id = $1",
    )
    .bind(id.get())
    .bind(user_id.get())
    .fetch_optional(&mut *db)
    .await
    .map_err(from_sqlx)?;
    if let Some(known) = known {
        return find(db, user_id, MarkId::new(known)).await;
    }
    let made = sqlx::query(
        "INSERT INTO question_marks (user_id, bank_id, question_id, asked_as, question_text, topic,
                                     level, source, note, starred, wish, changed_at)
         SELECT user_id, bank_id, CASE WHEN bank_id IS NULL THEN questions.id END,
                CASE WHEN bank_id IS NULL THEN NULL ELSE questions.id END, question_text, topic,
                level, source, '', FALSE, 'none', $3
         FROM questions JOIN interviews ON interviews.id = interview_id
         WHERE questions.id = $1 AND user_id = $2
         RETURNING id AS mark_id, note, starred, wish, changed_at",
    )
    .bind(id.get())
    .bind(user_id.get())
    .bind(moment(now))
    .fetch_optional(db)
    .await
    .map_err(from_sqlx)?;
    made.as_ref().map(row::mark).transpose()
}

fn markable(row: &Row) -> StoreResult<Markable> {
    Ok(Markable {
        owner: UserId::new(get(row, "user_id")?),
        is_of_bank: get::<Option<&str>>(row, "bank_id")?.is_some(),
    })
}

fn marked(row: &Row) -> StoreResult<MarkedQuestion> {
    let interview: Option<i64> = get(row, "interview_id")?;
    let question: Option<i64> = get(row, "asked_id")?;
    Ok(MarkedQuestion {
        mark: row::mark(row)?,
        bank_id: get(row, "bank_id")?,
        asked_as: interview.map(InterviewId::new).zip(question.map(QuestionId::new)),
        text: get(row, "question_text")?,
        topic: get(row, "topic")?,
        level: row::level(row)?,
        origin: row::origin(row)?,
    })
}
