//! What one process hears of another.

use std::time::Duration;

use futures::{StreamExt, stream::BoxStream};
use sqlx::Executor;
use tokio_util::sync::CancellationToken;
use viva_testing::proxy::Proxy;

use super::{
    super::{
        PostgresStore,
        listen::{Pace, listen},
    },
    open,
    scratch::{connect, with_database},
};
use crate::storage::{
    AnswerStore, InterviewStore, Lifecycle, Signals,
    contract::world::{at, claimed, finish, queued},
    queue::Outcome,
    signals::Signal,
};

/// Longer than anything here takes: a signal that does not come fails the test.
const PATIENCE: Duration = Duration::from_secs(20);

async fn hear(signals: &mut BoxStream<'static, Signal>) -> Signal {
    tokio::time::timeout(PATIENCE, signals.next()).await.expect("nothing is heard").unwrap()
}

/// Two processes on one database, and what the second hears once it listens.
async fn two(url: &str) -> (PostgresStore, PostgresStore, BoxStream<'static, Signal>) {
    let (one, other) = (open(url).await.unwrap(), open(url).await.unwrap());
    let mut signals = other.listen().unwrap();
    assert_eq!(hear(&mut signals).await, Signal::MissedSome, "there was a time before it listened");
    (one, other, signals)
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn what_one_process_does_another_hears_at_once() {
    with_database(async |url| {
        let (one, other, mut signals) = two(&url).await;
        let (_, interview, answer) = queued(&one, "ada").await;
        let changed = Signal::Interview(interview.id);
        assert_eq!(hear(&mut signals).await, changed);
        assert_eq!(hear(&mut signals).await, Signal::Work);
        let claim = claimed(&one, 1).await;
        finish(&one, claim, Outcome::Failed("no key".into()), 2).await;
        assert_eq!(hear(&mut signals).await, changed, "it has failed");
        one.retry_evaluation(answer, at(3)).await.unwrap();
        assert_eq!(hear(&mut signals).await, changed, "it is asked for again");
        assert_eq!(hear(&mut signals).await, Signal::Work);
        let stale = finish(&one, claim, Outcome::Failed("late".into()), 4).await;
        assert!(!stale, "which nobody is told of");
        one.delete_interview(interview.id).await.unwrap();
        assert_eq!(hear(&mut signals).await, changed, "it is deleted");
        one.close().await;
        other.close().await;
        assert_eq!(signals.next().await, None, "a closed store tells nothing more");
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_listener_whose_connection_is_ended_says_so_and_hears_again() {
    with_database(async |url| {
        let (one, other, mut signals) = two(&url).await;
        let mut connection = connect(&url).await;
        for name in ["ada", "bob"] {
            connection
                .execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE query LIKE 'LISTEN%' AND datname = current_database()",
                )
                .await
                .unwrap();
            assert_eq!(hear(&mut signals).await, Signal::MissedSome);
            let (_, interview, _) = queued(&one, name).await;
            assert_eq!(hear(&mut signals).await, Signal::Interview(interview.id));
            assert_eq!(hear(&mut signals).await, Signal::Work);
        }
        one.close().await;
        other.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_listener_whose_connection_falls_silent_finds_out_and_hears_again() {
    with_database(async |url| {
        let store = open(&url).await.unwrap();
        let (proxy, by_proxy) = Proxy::before_url(&url).await;
        let through_proxy = open(&by_proxy).await.unwrap();
        let pace =
            Pace { heartbeat: Duration::from_millis(200), patience: Duration::from_millis(500) };
        let stop = CancellationToken::new();
        let mut signals = listen(through_proxy.listening.clone(), pace, stop.clone());
        assert_eq!(hear(&mut signals).await, Signal::MissedSome);
        // Heartbeats that are answered change nothing.
        tokio::time::timeout(3 * pace.heartbeat, signals.next()).await.unwrap_err();
        proxy.freeze();
        let (_, before, _) = queued(&store, "ada").await;
        assert_eq!(hear(&mut signals).await, Signal::MissedSome);
        let (_, interview, _) = queued(&store, "bob").await;
        assert_ne!(before.id, interview.id);
        assert_eq!(hear(&mut signals).await, Signal::Interview(interview.id));
        stop.cancel();
        assert_eq!(hear(&mut signals).await, Signal::Work);
        assert_eq!(signals.next().await, None);
        through_proxy.close().await;
        store.close().await;
    })
    .await;
}
