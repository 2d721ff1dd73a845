//! Tests of SQLite's own parts; the promises of every store are in `contract`.

mod earlier;
mod line_ends;
mod refused_files;

use std::{fs, path::Path, time::Duration};

use futures::FutureExt;
use sqlx::Row;
use tempfile::TempDir;

use super::{OpenError, SqliteOptions, SqliteStore, error::from_sqlx};
use crate::storage::{
    AccountStore, AnswerStore, EvaluationQueue, InterviewStore, Lifecycle, Store, StoreError,
    accounts::NewUser,
    contract::{self, world},
};
use earlier::FROM_13;

async fn open(path: &Path) -> Result<SqliteStore, OpenError> {
    let options = SqliteOptions { path: path.to_owned(), query_timeout: Duration::from_secs(5) };
    SqliteStore::open(options).await
}

async fn opened() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("viva.db")).await.unwrap();
    (folder, store)
}

#[tokio::test]
async fn sqlite_keeps_every_promise_of_a_store() {
    for promise in contract::promises() {
        println!("{}", promise.name);
        let (_folder, store) = opened().await;
        (promise.test)(&store as &dyn Store).await;
        store.close().await;
    }
}

#[tokio::test]
async fn every_connection_is_durable_and_checks_references() {
    let (_folder, store) = opened().await;
    for pool in [&store.writer, &store.readers] {
        for (pragma, value) in [
            ("PRAGMA synchronous", "2"),
            ("PRAGMA journal_mode", "wal"),
            ("PRAGMA foreign_keys", "1"),
        ] {
            let row = sqlx::query(pragma).fetch_one(pool).await.unwrap();
            let text = row
                .try_get::<String, _>(0)
                .or_else(|_| row.try_get::<i64, _>(0).map(|number| number.to_string()));
            assert_eq!(text.unwrap(), value, "{pragma}");
        }
    }
}

#[tokio::test]
async fn processes_that_open_a_new_file_together_all_succeed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("viva.db");
    // Each on its own thread and runtime: the lock on the file blocks the thread.
    let openings: Vec<_> = (0..6)
        .map(|_| {
            let path = path.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Runtime::new().unwrap();
                runtime.block_on(async {
                    let store = open(&path).await.unwrap();
                    store.ping().await.unwrap();
                    store.close().await;
                });
            })
        })
        .collect();
    for opening in openings {
        opening.join().unwrap();
    }
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_drop_a_write_half_way() {
    let (folder, store) = opened().await;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (go, may_go) = tokio::sync::oneshot::channel::<()>();
    let write = store.write(move |db| {
        async move {
            let insert = "INSERT INTO users (username, email, hashed_password, created_at)
                          VALUES ('ada', 'a@b.c', '', 0)";
            sqlx::query(insert).execute(db).await.map_err(from_sqlx)?;
            begun.send(()).unwrap();
            may_go.await.unwrap();
            Ok(())
        }
        .boxed()
    });
    tokio::select! {
        _ = write => panic!("it cannot end before it may go"),
        begun = has_begun => begun.unwrap(),
    }
    go.send(()).unwrap();
    // Closing waits for the write, though its caller no longer does.
    let path = folder.path().join("viva.db");
    store.close().await;
    let store = open(&path).await.unwrap();
    assert!(store.credentials("ada").await.unwrap().is_some());
}

#[tokio::test]
async fn a_write_that_waits_too_long_for_a_lock_is_a_timeout_and_the_next_one_works() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("viva.db");
    let options = SqliteOptions { path: path.clone(), query_timeout: Duration::from_millis(50) };
    let store = SqliteStore::open(options).await.unwrap();
    let other = open(&path).await.unwrap();
    let mut lock = other.writer.begin_with("BEGIN IMMEDIATE").await.unwrap();
    sqlx::query("DELETE FROM users").execute(&mut *lock).await.unwrap();
    let blocked = store.forget_old_sessions(crate::domain::clock::Timestamp::from_micros(0)).await;
    assert!(matches!(blocked, Err(StoreError::Timeout(_))), "{blocked:?}");
    lock.rollback().await.unwrap();
    let now = crate::domain::clock::Timestamp::from_micros(0);
    let mut next = store.forget_old_sessions(now).await;
    while matches!(next, Err(StoreError::Timeout(_))) {
        // The abandoned write may still be waiting for its turn on the one writing connection.
        next = store.forget_old_sessions(now).await;
    }
    assert!(next.is_ok(), "{next:?}");
}

#[tokio::test]
async fn no_hot_query_reads_a_whole_table() {
    let (_folder, store) = opened().await;
    let hot = [
        super::interviews::INTERVIEW,
        super::interviews::INTERVIEWS,
        super::interviews::BEFORE_CREATION,
        super::answers::INTERVIEW_ANSWERED,
        super::answers::STATUS,
        super::answers::GRADED,
        super::search::SEARCH,
        super::dialect::CLAIM,
        "SELECT stands_at FROM evaluations WHERE user_id = 1 AND status = 'pending'
         ORDER BY stands_at DESC LIMIT 1 OFFSET 15",
        "SELECT user_id FROM sessions WHERE id = 1 AND ended_at IS NULL",
        "DELETE FROM interviews WHERE id = 1",
    ];
    for sql in hot {
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = sqlx::query(explain).fetch_all(&store.readers).await.unwrap();
        for row in rows {
            let step: String = row.get("detail");
            // The queue has only what is waiting, and is read from its front.
            let line = step.contains("USING INDEX evaluations_line");
            // What a statement builds itself is read whole: the caller, a page.
            let of_itself = ["CONSTANT ROW", "caller", "page", "graded", "totals", "asked"];
            let scanned = step.strip_prefix("SCAN ");
            let is_of_itself = |what: &str| of_itself.iter().any(|name| what.starts_with(name));
            let whole = scanned.is_some_and(|what| !is_of_itself(what)) && !line;
            assert!(!whole, "{sql}: {step}");
            let sorts = step.contains("B-TREE FOR ORDER BY");
            assert!(!sorts || !sql.contains("stands_at"), "the queue is read in its order: {step}");
        }
    }
}

#[tokio::test]
async fn evaluations_from_before_the_queue_had_an_order_are_ordered_by_time() {
    let (folder, store) = opened().await;
    let ada = world::user(&store, "ada").await;
    let question = world::interview(&store, ada, 1).await.questions[0].id;
    let mut ids = Vec::new();
    for seconds in [2, 1] {
        let mut new = world::new_answer(ada, question, "some answer");
        new.submitted_at = world::at(seconds);
        ids.push(world::answer(&store, new).await);
    }
    // As before the fifth migration.
    let older = [
        "DROP VIEW evaluated_answers",
        "ALTER TABLE evaluations DROP COLUMN refusal",
        "CREATE VIEW evaluated_answers AS SELECT id FROM answers",
        "DROP INDEX evaluations_line",
        "DROP INDEX evaluations_by_user",
        "ALTER TABLE evaluations DROP COLUMN user_id",
        "ALTER TABLE evaluations DROP COLUMN stands_at",
        "CREATE INDEX evaluations_queue ON evaluations (due_at, id)",
        "DROP TABLE model_days",
        "DROP TABLE api_keys",
        "DROP TABLE throttles",
        "DROP TABLE question_marks",
        "ALTER TABLE refresh_tokens DROP COLUMN successor_hash",
        "DROP INDEX users_by_username_key",
        "DROP INDEX users_by_email_key",
        "ALTER TABLE users DROP COLUMN username_key",
        "ALTER TABLE users DROP COLUMN username_clash",
        "ALTER TABLE users DROP COLUMN email_key",
        "ALTER TABLE users DROP COLUMN email_clash",
        "DELETE FROM _sqlx_migrations WHERE version >= 5",
    ];
    for sql in FROM_13.into_iter().chain(older) {
        sqlx::query(sql).execute(&store.writer).await.unwrap();
    }
    store.close().await;
    let store = open(&folder.path().join("viva.db")).await.unwrap();
    let jobs = store.claim(world::at(9), world::at(10), 9).await.unwrap();
    let order: Vec<_> = jobs.iter().map(|job| job.claim.answer_id).collect();
    assert_eq!(order, [ids[1], ids[0]]);
    let theirs = sqlx::query_scalar("SELECT count(*) FROM evaluations WHERE user_id = $1");
    let theirs: i64 = theirs.bind(ada.get()).fetch_one(&store.readers).await.unwrap();
    assert_eq!(theirs, 2);
}

#[tokio::test]
async fn interviews_from_before_progress_was_stored_have_their_progress() {
    let (folder, store) = opened().await;
    let before = world::practised(&store).await;
    let forgotten = ["DELETE FROM _sqlx_migrations WHERE version >= 13"];
    for sql in FROM_13.into_iter().chain(forgotten) {
        sqlx::query(sql).execute(&store.writer).await.unwrap();
    }
    store.close().await;
    let store = open(&folder.path().join("viva.db")).await.unwrap();
    let after = store.interviews(before[0].user_id, None, 9).await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn only_its_owner_can_read_the_database() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("viva.db");
    let store = open(&path).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for file in ["viva.db", "viva.db-wal", "viva.db-shm", "viva.db.lock"] {
        assert_eq!(mode(&path.with_file_name(file)), 0o600, "{file}");
    }
    store.close().await;
}

#[tokio::test]
async fn an_unreadable_row_fails_alone_and_blocks_no_other() {
    let (_folder, store) = opened().await;
    for sql in [
        "INSERT INTO users (id, username, email, hashed_password, created_at)
         VALUES (1, 'ada', 'a@b.c', '', 0)",
        "INSERT INTO interviews (id, user_id, role, level, language, job_description, created_at)
         VALUES (1, 1, 'x', 'mid', 'en', '', 0)",
        "INSERT INTO questions (id, interview_id, question_text, question_order, topic, source,
                                reference_answer, rubric)
         VALUES (1, 1, 'Broken?', 1, '', 'bank', '', 'no json'),
                (2, 1, 'Sound?', 2, '', 'bank', '', '{\"key_points\":[],\"mistakes\":[]}')",
        "INSERT INTO answers (id, question_id, user_id, answer_text, submitted_at, attempt,
                              duration_ms)
         VALUES (1, 1, 1, 'an answer', 0, 1, 0), (2, 2, 1, 'an answer', 0, 1, 0)",
        "INSERT INTO evaluations (answer_id, status, due_at)
         VALUES (1, 'pending', 0), (2, 'pending', 0)",
    ] {
        sqlx::query(sql).execute(&store.writer).await.unwrap();
    }
    let now = crate::domain::clock::Timestamp::from_micros(1);
    let jobs = store.claim(now, now.after(Duration::from_secs(1)), 10).await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.question.as_str()).collect::<Vec<_>>(), ["Sound?"]);
    let broken = store.answer(crate::domain::id::AnswerId::new(1)).await.unwrap().unwrap();
    let state = broken.answer.evaluation.state;
    assert!(
        matches!(state, crate::domain::evaluation::EvaluationState::Failed { .. }),
        "{state:?}"
    );
}

#[tokio::test]
async fn a_write_that_was_reported_as_late_does_not_happen_after_all() {
    let (folder, mut store) = opened().await;
    let path = folder.path().join("viva.db");
    // The caller waits for a millisecond; the connection itself would wait seconds for the lock.
    store.query_timeout = Duration::from_millis(1);
    let other = open(&path).await.unwrap();
    let lock = other.writer.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let ada = NewUser {
        username: "ada".into(),
        email: "ada@corpus.example".into(),
        hashed_password: String::new(),
        created_at: crate::domain::clock::Timestamp::from_micros(0),
    };
    let late = store.create_user(ada).await;
    assert!(matches!(late, Err(StoreError::Timeout(_))), "{late:?}");
    lock.rollback().await.unwrap();
    // Closing waits for the write, which now has its turn.
    store.close().await;
    assert!(other.credentials("ada").await.unwrap().is_none());
}

#[tokio::test]
async fn a_closed_store_is_unavailable() {
    let (_folder, store) = opened().await;
    store.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.credentials("ada").await, Err(StoreError::Unavailable(_))));
}
