//! What an account may have graded at once.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use futures::poll;
use tempfile::TempDir;

use super::{account_permits::AT_ONCE, *};
use crate::{
    auth::{access_token::AccessTokens, password::Passwords, signing_key::SigningKey},
    domain::{
        api_key::Bearer, clock::SystemClock, interview::Level, question::Rubric,
        throttle::SignInRates,
    },
    evaluation::EvaluationResult,
    services::{accounts::Accounts, api_keys::ApiKeys},
    storage::sqlite::{SqliteOptions, SqliteStore},
};

const DAY: Duration = Duration::from_hours(24);

/// Grading for one account.
pub(super) struct World {
    pub(super) grading: Grading,
    pub(super) caller: Bearer,
    pub(super) _folder: TempDir,
}

impl World {
    pub(super) async fn with(evaluator: Arc<dyn Evaluator>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("viva.db");
        let options = SqliteOptions { path, query_timeout: Duration::from_secs(5) };
        let store = Arc::new(SqliteStore::open(options).await.unwrap());
        let tokens = Arc::new(AccessTokens::new(&SigningKey::for_tests("k"), DAY));
        let (clock, passwords) = (Arc::new(SystemClock), Passwords::new().unwrap());
        let accounts =
            Accounts::new(store.clone(), clock, passwords, tokens, DAY, SignInRates::OFF);
        let session = accounts.open_owner_session().await.unwrap();
        let callers = Callers::new(accounts, ApiKeys::new(store, Arc::new(SystemClock)));
        let caller = callers.authenticate(&session.access.token).await.unwrap();
        let grading = Grading::new(evaluator, callers, CancellationToken::new());
        Self { grading, caller, _folder: folder }
    }
}

/// Something to grade.
pub(super) fn task() -> GradingTask {
    GradingTask {
        question: "Why?".into(),
        rubric: Arc::new(Rubric { reference: "So.".into(), ..Rubric::default() }.into()),
        answer: "So.".into(),
        level: Level::Mid,
        language: "en".into(),
    }
}

/// A grader that works on, whoever waits for it.
#[derive(Default)]
struct Busy(Mutex<Vec<Hold>>);

impl Busy {
    fn work(&self) -> std::sync::MutexGuard<'_, Vec<Hold>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Evaluator for Busy {
    async fn evaluate(&self, job: &Job) -> EvaluationResult {
        self.work().push(job.hold.clone());
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_caller_that_leaves_gets_no_other_answer_graded_before_the_work_ends() {
    let busy = Arc::new(Busy::default());
    let World { grading, caller, _folder } = World::with(busy.clone()).await;
    let graded = || Box::pin(grading.grade(caller.user_id(), task()));
    for _ in 0..AT_ONCE {
        assert!(poll!(graded()).is_pending());
    }
    let mut next = graded();
    assert!(poll!(&mut next).is_pending());
    assert_eq!(busy.work().len(), AT_ONCE, "all permits stand for work in progress");
    busy.work().pop();
    assert!(poll!(&mut next).is_pending());
    assert_eq!(busy.work().len(), AT_ONCE, "the permit of the work that has ended is used");
}
