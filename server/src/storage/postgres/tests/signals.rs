//! The signals that one process receives from another.

use std::time::Duration;

use futures::{StreamExt, stream::BoxStream};
use sqlx::Executor;
use tokio_util::sync::CancellationToken;
use viva_testing::proxy::Proxy;

use super::{
    super::{
        PostgresStore,
        listen::{Timeouts, listen},
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

/// Longer than anything here takes: a missing signal fails the test.
const PATIENCE: Duration = Duration::from_secs(20);

async fn next_signal(signals: &mut BoxStream<'static, Signal>) -> Signal {
    tokio::time::timeout(PATIENCE, signals.next()).await.expect("no signal arrives").unwrap()
}

/// Two processes on one database, and the signals of the second.
async fn two(url: &str) -> (PostgresStore, PostgresStore, BoxStream<'static, Signal>) {
    let (one, other) = (open(url).await.unwrap(), open(url).await.unwrap());
    let mut signals = other.listen().unwrap();
    assert_eq!(next_signal(&mut signals).await, Signal::MissedSome, "it listens only from now on");
    (one, other, signals)
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn one_process_hears_of_anothers_changes_immediately() {
    with_database(async |url| {
        let (one, other, mut signals) = two(&url).await;
        let (_, interview, answer) = queued(&one, "ada").await;
        let changed = Signal::Interview(interview.id);
        assert_eq!(next_signal(&mut signals).await, changed);
        assert_eq!(next_signal(&mut signals).await, Signal::Work);
        let claim = claimed(&one, 1).await;
        finish(&one, claim, Outcome::Failed("no key".into()), 2).await;
        assert_eq!(next_signal(&mut signals).await, changed, "the evaluation has failed");
        one.retry_evaluation(answer, at(3)).await.unwrap();
        assert_eq!(next_signal(&mut signals).await, changed, "the evaluation is retried");
        assert_eq!(next_signal(&mut signals).await, Signal::Work);
        let stale = finish(&one, claim, Outcome::Failed("late".into()), 4).await;
        assert!(!stale, "a late outcome sends no signal");
        one.delete_interview(interview.id).await.unwrap();
        assert_eq!(next_signal(&mut signals).await, changed, "the interview is deleted");
        one.close().await;
        other.close().await;
        assert_eq!(signals.next().await, None, "a closed store sends no more signals");
    })
    .await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_listener_whose_connection_is_ended_reports_it_and_hears_again() {
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
            assert_eq!(next_signal(&mut signals).await, Signal::MissedSome);
            let (_, interview, _) = queued(&one, name).await;
            assert_eq!(next_signal(&mut signals).await, Signal::Interview(interview.id));
            assert_eq!(next_signal(&mut signals).await, Signal::Work);
        }
        one.close().await;
        other.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_listener_whose_connection_falls_silent_notices_and_hears_again() {
    with_database(async |url| {
        let store = open(&url).await.unwrap();
        let (proxy, by_proxy) = Proxy::before_url(&url).await;
        let through_proxy = open(&by_proxy).await.unwrap();
        let timeouts =
            Timeouts { heartbeat: Duration::from_millis(200), answer: Duration::from_secs(2) };
        let stop = CancellationToken::new();
        let mut signals = listen(through_proxy.listening.clone(), timeouts, stop.clone());
        assert_eq!(next_signal(&mut signals).await, Signal::MissedSome);
        // Successful heartbeats change nothing.
        tokio::time::timeout(3 * timeouts.heartbeat, signals.next()).await.unwrap_err();
        proxy.freeze();
        let (_, before, _) = queued(&store, "ada").await;
        assert_eq!(next_signal(&mut signals).await, Signal::MissedSome);
        let (_, interview, _) = queued(&store, "bob").await;
        assert_ne!(before.id, interview.id);
        assert_eq!(next_signal(&mut signals).await, Signal::Interview(interview.id));
        stop.cancel();
        assert_eq!(next_signal(&mut signals).await, Signal::Work);
        assert_eq!(signals.next().await, None);
        through_proxy.close().await;
        store.close().await;
    })
    .await;
}
