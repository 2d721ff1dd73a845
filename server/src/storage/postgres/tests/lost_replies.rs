//! Connections that are lost after the database has carried out a statement and before its reply
//! arrives. The statement runs again, and must not take effect twice.

use std::time::Duration;

use viva_testing::proxy::Proxy;

use super::{
    open_small,
    scratch::{connect, with_database},
};
use crate::{
    domain::{client_label::ClientLabel, throttle::Rate},
    storage::{
        AnswerStore, CallStore, InterviewStore, Lifecycle, ThrottleStore,
        answers::Submission,
        contract::world::{
            START, answer, at, interview, new_answer, new_interview, proven, token, user,
        },
        interviews::Creation,
        throttles::LimitedAttempt,
    },
};

/// The most sessions of an account.
const MANY: u32 = 100;

const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_submit_whose_reply_is_lost_is_one_answer() {
    with_database(async |url| {
        let (proxy, by_proxy) = Proxy::before_url(&url).await;
        let store = open_small(&by_proxy, PATIENCE).await;
        let ada = user(&store, "ada").await;
        let made = interview(&store, ada, 3).await;
        for (number, key) in [None, Some("of the client's")].into_iter().enumerate() {
            // From now on the statement is prepared on the connection, so that the next reply is
            // the one to it.
            answer(&store, new_answer(ada, made.questions[2].id, "before")).await;
            proxy.lose_replies();
            let question = made.questions[number].id;
            let mut new = new_answer(ada, question, "once");
            new.idempotency_key = key.map(str::to_owned);
            let submitted = store.submit_answer(new).await.unwrap();
            let answers = store.latest_answers(made.id).await.unwrap();
            let kept = answers.iter().find(|answer| answer.question_id == question).unwrap();
            assert_eq!(kept.attempt, 1, "{key:?}");
            // A client that sent a key gets "repeated", which is just as good.
            let expected = match key {
                None => Submission::Stored(kept.id),
                Some(_) => Submission::Repeated(kept.id),
            };
            assert_eq!(submitted, expected);
        }
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn an_interview_whose_reply_is_lost_is_created_once() {
    with_database(async |url| {
        let (proxy, by_proxy) = Proxy::before_url(&url).await;
        let store = open_small(&by_proxy, PATIENCE).await;
        let ada = user(&store, "ada").await;
        interview(&store, ada, 3).await;
        proxy.lose_replies();
        let made = store.create_interview(new_interview(ada, 3)).await.unwrap();
        let Creation::Created(made) = made else { panic!("{made:?}") };
        assert_eq!(made.questions.len(), 3);
        assert_eq!(store.interviews(ada, None, 9).await.unwrap().len(), 2);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_sign_in_whose_reply_is_lost_opens_one_session_and_returns_attempts_once() {
    with_database(async |url| {
        let (proxy, by_proxy) = Proxy::before_url(&url).await;
        let store = open_small(&by_proxy, PATIENCE).await;
        let ada = user(&store, "ada").await;
        let rate = Rate { attempts: 3, refill: Duration::from_hours(1) };
        let one = || vec![LimitedAttempt { key: [7; 32], rate }];
        for _ in 0..3 {
            assert_eq!(store.take(one(), START).await.unwrap(), None);
        }
        let client = ClientLabel::of("viva/1.0");
        let sign_in = async |byte, back| {
            let token = token(byte, at(9));
            store.sign_in(proven(ada), token, START, MANY, back, client.clone()).await.unwrap()
        };
        assert!(sign_in(1, Vec::new()).await.is_some());
        proxy.lose_replies();
        assert!(sign_in(2, one()).await.is_some());
        let sessions: i64 = sqlx::query_scalar("SELECT count(*) FROM sessions")
            .fetch_one(&mut connect(&url).await)
            .await
            .unwrap();
        assert_eq!(sessions, 2);
        assert_eq!(store.take(one(), START).await.unwrap(), None, "one attempt was returned");
        assert!(store.take(one(), START).await.unwrap().is_some(), "once");
        store.close().await;
    })
    .await;
}
