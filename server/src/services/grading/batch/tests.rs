//! A test that would take an hour through the network.

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    auth::{access_token::AccessTokens, password::Passwords, signing_key::SigningKey},
    domain::{
        clock::SystemClock, grading::GradingTask, interview::Level, question::Rubric,
        throttle::SignInRates,
    },
    evaluation::{EvaluationResult, Evaluator},
    services::{accounts::Accounts, api_keys::ApiKeys, callers::Callers},
    storage::{
        queue::Job,
        sqlite::{SqliteOptions, SqliteStore},
    },
};

/// A grader that never finishes.
struct Endless;

#[async_trait]
impl Evaluator for Endless {
    async fn evaluate(&self, _: &Job) -> EvaluationResult {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_batch_ends_when_its_time_is_up_and_releases_its_slot() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("viva.db");
    let options = SqliteOptions { path, query_timeout: Duration::from_secs(5) };
    let store = Arc::new(SqliteStore::open(options).await.unwrap());
    let tokens = Arc::new(AccessTokens::new(&SigningKey::for_tests("k"), LONGEST));
    let (clock, passwords) = (Arc::new(SystemClock), Passwords::new().unwrap());
    let accounts =
        Accounts::new(store.clone(), clock, passwords, tokens, LONGEST, SignInRates::OFF);
    let session = accounts.open_owner_session().await.unwrap();
    let callers = Callers::new(accounts, ApiKeys::new(store, Arc::new(SystemClock)));
    let caller = callers.authenticate(&session.access.token).await.unwrap();
    let grading = Grading::new(Arc::new(Endless), callers, CancellationToken::new());
    let task = GradingTask {
        question: "Why?".into(),
        rubric: Arc::new(Rubric { reference: "So.".into(), ..Rubric::default() }.into()),
        answer: "So.".into(),
        level: Level::Mid,
        language: "en".into(),
    };
    let item = Item { id: "one".into(), task: Ok(task) };
    // One after another, and more of them than may be open at once.
    for _ in 0..10 {
        let batch = grading.grade_within(Duration::from_millis(1), caller, vec![item.clone()]);
        let mut outcomes = batch.unwrap();
        let end = outcomes.recv().await;
        assert!(matches!(end, Some(Err(ServiceError::Timeout(_)))), "{end:?}");
        assert!(outcomes.recv().await.is_none());
    }
}
