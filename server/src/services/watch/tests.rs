//! A test with a reader that does not read at all, which no real client is.

use super::*;
use crate::{
    auth::{access_token::AccessTokens, password::Passwords, signing_key::SigningKey},
    domain::{
        account::Caller,
        clock::{Clock, SystemClock},
        interview::Level,
        question::{NewQuestion, QuestionOrigin, Rubric},
        throttle::SignInRates,
        timing::Conditions,
    },
    services::{accounts::Accounts, api_keys::ApiKeys},
    storage::{
        accounts::{Credentials, NewRefreshToken, NewUser, Registered},
        answers::NewAnswer,
        interviews::{Creation, NewInterview},
        sqlite::{SqliteOptions, SqliteStore},
    },
};

/// An account with a session and an interview with `questions` answered questions.
async fn practised(store: &dyn Store, questions: usize) -> (Bearer, InterviewId) {
    let now = SystemClock.now();
    let user = NewUser {
        username: "ada".into(),
        email: "ada@corpus.example".into(),
        hashed_password: String::new(),
        created_at: now,
    };
    let Registered::User(user) = store.create_user(user).await.unwrap() else { panic!() };
    let token = NewRefreshToken { hash: [1; 32], expires_at: now.after(OLDEST) };
    let proven = Credentials { user_id: user.id, hashed_password: String::new() };
    let session_id = store.open_session(proven, token, now, 9).await.unwrap().unwrap();
    let question = NewQuestion {
        text: "What is a mutex?".into(),
        topic: "concurrency".into(),
        origin: QuestionOrigin::Bank,
        bank_id: None,
        rubric: Rubric::default(),
    };
    let interview = NewInterview {
        user_id: user.id,
        role: "Backend engineer".into(),
        level: Level::Mid,
        language: "en".into(),
        job_description: String::new(),
        created_at: now,
        questions: vec![question; questions],
        model_calls: 0,
        request: None,
        conditions: Conditions::default(),
    };
    let Creation::Created(interview) = store.create_interview(interview).await.unwrap() else {
        panic!()
    };
    for question in &interview.questions {
        let answer = NewAnswer {
            question_id: question.id,
            user_id: user.id,
            text: "It lets one thread in at a time.".into(),
            submitted_at: now,
            duration_ms: 0,
            idempotency_key: None,
        };
        store.submit_answer(answer).await.unwrap();
    }
    (Bearer::Session(Caller { user_id: user.id, session_id }), interview.id)
}

#[tokio::test]
async fn an_unread_watch_ends_when_the_server_stops() {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions {
        path: folder.path().join("viva.db"),
        query_timeout: Duration::from_secs(5),
    };
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(options).await.unwrap());
    let (caller, id) = practised(store.as_ref(), BUFFER + 2).await;
    let tokens = AccessTokens::new(&SigningKey::for_tests("k"), OLDEST);
    let (clock, passwords) = (Arc::new(SystemClock), Passwords::new().unwrap());
    let accounts =
        Accounts::new(store.clone(), clock, passwords, Arc::new(tokens), OLDEST, SignInRates::OFF);
    let keys = ApiKeys::new(store.clone(), Arc::new(SystemClock));
    let callers = Callers::new(accounts, keys);
    let shutdown = CancellationToken::new();
    let watches = Watches::new(store, callers, Changes::default(), shutdown.clone());
    let mut unread = watches.watch(caller, id, true).await.unwrap();
    while unread.len() < BUFFER {
        tokio::task::yield_now().await;
    }
    shutdown.cancel();
    let ended = async {
        while !unread.is_closed() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ended)
        .await
        .expect("the watch still waits for its reader");
    let mut got = 0;
    while let Some(answer) = unread.recv().await {
        assert!(answer.is_ok());
        got += 1;
    }
    assert_eq!(got, BUFFER);
}
