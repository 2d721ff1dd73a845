//! Which databases are opened, and how.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Executor, Row};

use super::{
    super::{OpenError, PostgresOptions, PostgresStore},
    open, options,
    scratch::{connect, execute, with_database},
};
use crate::storage::{
    EvaluationQueue, InterviewStore, Lifecycle,
    contract::world::{self, at},
};

/// Names and row counts of every table.
async fn contents(url: &str) -> Vec<(String, i64)> {
    let mut connection = connect(url).await;
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    let mut contents = Vec::new();
    for table in tables {
        let count = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let rows = sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap();
        contents.push((table, rows));
    }
    contents.sort();
    contents
}

/// Undoes the migrations from 13 on.
const FROM_13: [&str; 9] = [
    "DROP TABLE challenges, self_assessments",
    "DROP TABLE memory_reviews, memory_points",
    "ALTER TABLE evaluations DROP COLUMN remembered",
    "ALTER TABLE users DROP COLUMN memory_revision, DROP COLUMN time_zone",
    "ALTER TABLE questions DROP COLUMN place, DROP COLUMN hints_given, DROP COLUMN shown_at",
    "ALTER TABLE interviews DROP COLUMN question_count, DROP COLUMN progress, DROP COLUMN shown",
    "ALTER TABLE interviews DROP COLUMN mode, DROP COLUMN minutes, DROP COLUMN question_minutes,
         DROP COLUMN ends_at, DROP COLUMN ended_at, DROP COLUMN answered_at",
    "ALTER TABLE sessions DROP COLUMN client",
    "DROP FUNCTION submit_answer, open_session, take_tries, open_session_from",
];

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn another_programs_database_is_refused_and_left_as_it_is() {
    with_database(async |url| {
        execute(&url, "CREATE TABLE bookmarks (url TEXT)").await;
        let before = contents(&url).await;
        let error = open(&url).await.unwrap_err().to_string();
        assert!(error.contains("is not a Viva database (it holds another program's"), "{error}");
        assert!(error.contains("DATABASE_URL"), "{error}");
        assert_eq!(contents(&url).await, before);
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn another_programs_migrations_are_not_taken_for_ours() {
    with_database(async |url| {
        execute(
            &url,
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT)",
        )
        .await;
        execute(&url, "INSERT INTO _sqlx_migrations VALUES (1, 'bookmarks')").await;
        let before = contents(&url).await;
        let error = open(&url).await.unwrap_err();
        assert!(matches!(error, OpenError::NotOurs { .. }), "{error}");
        assert_eq!(contents(&url).await, before);
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn an_extensions_tables_do_not_make_a_database_foreign() {
    with_database(async |url| {
        execute(&url, "CREATE TABLE spatial_ref_sys (id BIGINT)").await;
        execute(&url, "ALTER EXTENSION plpgsql ADD TABLE spatial_ref_sys").await;
        open(&url).await.unwrap().close().await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_newer_schema_is_refused_and_left_as_it_is() {
    with_database(async |url| {
        open(&url).await.unwrap().close().await;
        let newer = "INSERT INTO _sqlx_migrations
                         (version, description, success, checksum, execution_time)
                     VALUES (9999, 'from the future', true, '', 0)";
        execute(&url, newer).await;
        let before = contents(&url).await;
        let error = open(&url).await.unwrap_err();
        assert!(matches!(error, OpenError::Newer { found: 9999, .. }), "{error}");
        assert!(error.to_string().contains("update Viva"), "{error}");
        assert_eq!(contents(&url).await, before);
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn an_encoding_that_cannot_hold_every_answer_is_refused() {
    with_database(async |url| {
        execute(
            &url,
            "CREATE DATABASE viva_test_latin1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0",
        )
        .await;
        let slash = url.rfind('/').unwrap();
        let latin1 = format!("{}/viva_test_latin1", &url[..slash]);
        let error = open(&latin1).await.unwrap_err().to_string();
        execute(&url, "DROP DATABASE viva_test_latin1").await;
        assert!(error.contains("LATIN1") && error.contains("UTF8"), "{error}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn processes_that_open_a_new_database_together_all_succeed() {
    with_database(async |url| {
        let openings = (0..6).map(|_| {
            let url = url.clone();
            tokio::spawn(async move {
                let store = open(&url).await.unwrap();
                store.ping().await.unwrap();
                store.close().await;
            })
        });
        for opening in openings.collect::<Vec<_>>() {
            opening.await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_schema_in_the_url_is_separate_from_the_rest_of_the_database() {
    with_database(async |url| {
        execute(&url, "CREATE TABLE bookmarks (url TEXT)").await;
        execute(&url, "CREATE SCHEMA viva").await;
        let apart = format!("{url}&options[search_path]=viva");
        let store = open(&apart).await.unwrap();
        world::user(&store, "ada").await;
        store.close().await;
        assert_eq!(contents(&url).await, [("bookmarks".to_owned(), 0)]);
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_missing_server_is_reported_with_its_place_and_without_the_password() {
    let url = "postgres://viva:hunter2@127.0.0.1:1/practice";
    let error = open(url).await.unwrap_err().to_string();
    assert!(error.contains("the PostgreSQL database practice on 127.0.0.1:1"), "{error}");
    assert!(!error.contains("hunter2") && error.contains("refused"), "{error}");
    let options = PostgresOptions { query_timeout: Duration::from_secs(1), ..options(url) };
    let shown = format!("{options:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(PostgresStore::open(options).await.is_err());
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn evaluations_from_before_the_queue_had_an_order_are_ordered_by_time() {
    with_database(async |url| {
        let store = open(&url).await.unwrap();
        let ada = world::user(&store, "ada").await;
        let question = world::interview(&store, ada, 1).await.questions[0].id;
        let mut ids = Vec::new();
        for seconds in [2, 1] {
            let mut new = world::new_answer(ada, question, "some answer");
            new.submitted_at = at(seconds);
            ids.push(world::answer(&store, new).await);
        }
        store.close().await;
        // As before the fifth migration.
        let mut connection = connect(&url).await;
        let older = [
            "DROP VIEW evaluated_answers",
            "ALTER TABLE evaluations DROP COLUMN refusal",
            "CREATE VIEW evaluated_answers AS SELECT id FROM evaluations",
            "DROP INDEX evaluations_line, evaluations_by_user",
            "ALTER TABLE evaluations DROP COLUMN user_id, DROP COLUMN stands_at",
            "CREATE INDEX evaluations_queue ON evaluations (due_at, id)",
            "DROP TABLE model_days",
            "DROP TABLE api_keys",
            "DROP TABLE throttles",
            "DROP TABLE question_marks",
            "ALTER TABLE refresh_tokens DROP COLUMN successor_hash",
            "ALTER TABLE users DROP COLUMN username_key, DROP COLUMN username_clash,
                 DROP COLUMN email_key, DROP COLUMN email_clash",
            "DELETE FROM _sqlx_migrations WHERE version >= 5",
        ];
        for sql in FROM_13.into_iter().chain(older) {
            connection.execute(sql).await.unwrap();
        }
        let store = open(&url).await.unwrap();
        let jobs = store.claim(at(9), at(10), 9).await.unwrap();
        let order: Vec<_> = jobs.iter().map(|job| job.claim.answer_id).collect();
        assert_eq!(order, [ids[1], ids[0]]);
        let row = sqlx::query("SELECT bool_and(user_id = $1) FROM evaluations")
            .bind(ada.get())
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert!(row.get::<bool, _>(0));
        store.close().await;
    })
    .await;
}

/// A server that replies with these bytes to whatever comes first, and hangs up.
async fn answering(bytes: &'static [u8]) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _told = stream.read(&mut [0; 1024]).await.unwrap();
            stream.write_all(bytes).await.unwrap();
        }
    });
    port
}

#[tokio::test]
async fn an_error_about_missing_or_required_tls_says_what_to_write() {
    // PostgreSQL's reply to a request for TLS if it has none.
    let plain = answering(b"N").await;
    let told = b"E\0\0\0\x5bSFATAL\0VFATAL\0C28000\0Mno pg_hba.conf entry for host \"::1\", \
                 user \"viva\", no encryption\0\0";
    let strict = answering(told).await;
    for (port, mode, says) in
        [(plain, "require", "write sslmode=disable"), (strict, "disable", "write sslmode=require")]
    {
        let url = format!("postgres://viva:secret@127.0.0.1:{port}/viva?sslmode={mode}");
        let error = open(&url).await.unwrap_err().to_string();
        assert!(error.contains(says) && error.contains("DATABASE_URL"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn interviews_from_before_progress_was_stored_have_their_progress() {
    with_database(async |url| {
        let store = open(&url).await.unwrap();
        let before = world::practised(&store).await;
        store.close().await;
        let mut connection = connect(&url).await;
        let forgotten = ["DELETE FROM _sqlx_migrations WHERE version >= 13"];
        for sql in FROM_13.into_iter().chain(forgotten) {
            connection.execute(sql).await.unwrap();
        }
        let store = open(&url).await.unwrap();
        let after = store.interviews(before[0].user_id, None, 9).await.unwrap();
        assert_eq!(after, before);
        store.close().await;
    })
    .await;
}
