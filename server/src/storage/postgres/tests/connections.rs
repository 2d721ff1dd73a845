//! Connections that are lost, poisoned, silent or all taken, and callers that go away.

use std::{
    collections::HashMap,
    future::poll_fn,
    task::Poll,
    time::{Duration, Instant},
};

use futures::FutureExt;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use viva_testing::proxy::Proxy;

use super::{
    super::{ask, begin, error::from_sqlx},
    open, open_small,
    scratch::{connect, execute, with_database},
};
use crate::{
    domain::id::AnswerId,
    storage::{
        AccountStore, AnswerStore, InterviewStore, Lifecycle, StoreError,
        answers::Submission,
        contract::world::{START, interview, new_answer, new_user, queued, user},
        pool::Pool,
    },
};

/// Runs a query on a connection of the pool, as the store does.
async fn asked<T>(pool: &Pool<PgConnection>, sql: &str) -> T
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let sql = sql.to_owned();
    let query = || sqlx::query(AssertSqlSafe(sql.clone()));
    ask(pool, query).await.unwrap()[0].get(0)
}

async fn backend(pool: &Pool<PgConnection>) -> i32 {
    asked(pool, "SELECT pg_backend_pid()").await
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn no_connection_waits_forever() {
    with_database(async |url| {
        let store = open_small(&url, Duration::from_secs(3)).await;
        for pool in [&store.writers, &store.readers] {
            for limit in
                ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
            {
                let value: String = asked(pool, &format!("SHOW {limit}")).await;
                assert_eq!(value, "3s", "{limit}");
            }
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_connection_that_was_dropped_inside_a_transaction_is_closed() {
    with_database(async |url| {
        let store = open_small(&url, Duration::from_secs(5)).await;
        for failed in [false, true] {
            let before = backend(&store.writers).await;
            let mut poisoned = store.writers.acquire().await.unwrap();
            poisoned.dirty().unwrap().execute("BEGIN").await.unwrap();
            if failed {
                poisoned.dirty().unwrap().execute("SELECT 1 / 0").await.unwrap_err();
            }
            drop(poisoned);
            assert_ne!(backend(&store.writers).await, before, "failed: {failed}");
        }
        let sound = backend(&store.writers).await;
        assert_eq!(backend(&store.writers).await, sound, "an intact connection is reused");
        store.close().await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_begin_abandoned_at_any_moment_undoes_no_later_write() {
    with_database(async |url| {
        let store = open_small(&url, Duration::from_secs(5)).await;
        execute(&url, "CREATE TABLE kept (id BIGINT)").await;
        for id in 0..40_i64 {
            let mut begin = begin(&store.writers).boxed();
            // Dropped after a few steps, as by a caller that goes away.
            for _ in 0..id / 4 {
                let step = poll_fn(|context| Poll::Ready(begin.poll_unpin(context))).await;
                if step.is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(begin);
            let insert = || sqlx::query("INSERT INTO kept VALUES ($1)").bind(id);
            ask(&store.writers, insert).await.unwrap();
        }
        let mut other = connect(&url).await;
        let kept: i64 =
            sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(&mut other).await.unwrap();
        assert_eq!(kept, 40);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn submits_abandoned_at_random_moments_lose_no_acknowledged_answer() {
    with_database(async |url| {
        let store = open_small(&url, Duration::from_secs(5)).await;
        let ada = user(&store, "ada").await;
        let questions = interview(&store, ada, 10).await.questions;
        let mut dice = StdRng::seed_from_u64(20_261_123);
        let mut acknowledged: HashMap<AnswerId, String> = HashMap::new();
        let mut given_up = 0;
        // How long a submit takes on this machine at the moment: about half of them should be given up.
        let mut usual = Duration::from_millis(4);
        for number in 0..600 {
            let text = format!("answer {number}");
            let new = new_answer(ada, questions[number % 10].id, &text);
            // The random moment is the experiment.
            let patience = usual.mul_f64(dice.random_range(0.0..2.0));
            match tokio::time::timeout(patience, store.submit_answer(new)).await {
                Ok(Ok(Submission::Stored(id))) => {
                    acknowledged.insert(id, text);
                    usual = usual.mul_f64(0.97);
                }
                Ok(other) => panic!("{other:?}"),
                Err(_) => {
                    given_up += 1;
                    usual = usual.mul_f64(1.03);
                }
            }
        }
        assert!(given_up > 50 && acknowledged.len() > 50, "{given_up} {}", acknowledged.len());
        store.close().await;
        let store = open(&url).await.unwrap();
        for (id, text) in acknowledged {
            assert_eq!(store.answer(id).await.unwrap().unwrap().answer.text, text);
        }
        let mut other = connect(&url).await;
        let torn: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM answers FULL JOIN evaluations ON answer_id = answers.id
             WHERE answer_id IS NULL OR answers.id IS NULL",
        )
        .fetch_one(&mut other)
        .await
        .unwrap();
        assert_eq!(torn, 0, "an answer and its evaluation are stored together");
        store.close().await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_write_whose_caller_goes_away_is_finished_anyway() {
    with_database(async |url| {
        let store = open_small(&url, Duration::from_secs(5)).await;
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (go, may_go) = tokio::sync::oneshot::channel::<()>();
        let write = store.write(move |db| {
            async move {
                let insert = "INSERT INTO users (username, email, hashed_password, created_at)
                              VALUES ('ada', 'a@b.c', '', now())";
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
        store.close().await;
        let store = open(&url).await.unwrap();
        assert!(store.credentials("ada").await.unwrap().is_some());
        store.close().await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_write_that_waits_too_long_for_a_lock_is_a_timeout_and_does_not_happen_after_all() {
    with_database(async |url| {
        let store = open_small(&url, Duration::from_millis(300)).await;
        let (ada, made, _) = queued(&store, "ada").await;
        let mut other = connect(&url).await;
        let mut lock = other.begin().await.unwrap();
        lock.execute("LOCK TABLE answers").await.unwrap();
        let late = store.submit_answer(new_answer(ada, made.questions[0].id, "late")).await;
        assert!(matches!(late, Err(StoreError::Timeout(_))), "{late:?}");
        let read = store.latest_answers(made.id).await;
        assert!(matches!(read, Err(StoreError::Timeout(_))), "{read:?}");
        lock.rollback().await.unwrap();
        let next = store.submit_answer(new_answer(ada, made.questions[0].id, "next")).await;
        assert!(matches!(next, Ok(Submission::Stored(_))), "{next:?}");
        let latest = store.latest_answers(made.id).await.unwrap();
        assert_eq!((latest[0].text.as_str(), latest[0].attempt), ("next", 2));
        store.close().await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn busy_readers_do_not_block_writers() {
    with_database(async |url| {
        let store = open_small(&url, Duration::from_millis(600)).await;
        let busy = store.readers.acquire().await.unwrap();
        let blocked = store.ping().await;
        assert!(matches!(blocked, Err(StoreError::Unavailable(_))), "{blocked:?}");
        store.create_user(new_user("ada")).await.unwrap();
        drop(busy);
        store.ping().await.unwrap();
        store.close().await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn connections_that_the_database_ends_are_replaced() {
    with_database(async |url| {
        let store = open_small(&url, Duration::from_secs(5)).await;
        let ada = user(&store, "ada").await;
        for _ in 0..3 {
            execute(
                &url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE pid <> pg_backend_pid() AND datname = current_database()",
            )
            .await;
            // A query on a lost connection runs again on another, so callers notice nothing.
            assert!(store.user(ada).await.unwrap().is_some());
            interview(&store, ada, 1).await;
        }
        assert_eq!(store.interviews(ada, None, 9).await.unwrap().len(), 3);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn silent_connections_are_abandoned_and_replaced() {
    with_database(async |url| {
        let (proxy, by_proxy) = Proxy::before_url(&url).await;
        let limit = Duration::from_millis(500);
        let store = open_small(&by_proxy, limit).await;
        let ada = user(&store, "ada").await;
        store.user(ada).await.unwrap();
        proxy.freeze();
        let (written, read) = tokio::join!(store.create_user(new_user("bob")), store.user(ada));
        let lost = |error| matches!(error, StoreError::Timeout(_) | StoreError::Unavailable(_));
        assert!(written.is_err_and(lost) && read.is_err_and(lost));
        // The frozen connections did not reply and are closed. Each attempt registers another account,
        // because one whose reply came too late exists, and its name is taken.
        let began = Instant::now();
        for attempt in 0.. {
            let name = format!("carl-{attempt}");
            if store.user(ada).await.is_ok() && store.create_user(new_user(&name)).await.is_ok() {
                break;
            }
            assert!(began.elapsed() < 60 * limit, "the pool has not recovered");
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_closed_store_is_unavailable() {
    with_database(async |url| {
        let store = open(&url).await.unwrap();
        store.close().await;
        assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
        assert!(matches!(store.now().await, Err(StoreError::Unavailable(_))));
        let late = store.forget_old_sessions(START).await;
        assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
    })
    .await;
}
