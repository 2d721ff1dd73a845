use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use sqlx::Connection;
use tempfile::TempDir;

use super::{RetryPolicy, Wake, Worker, WorkerSettings, step::Stepped};
use crate::{
    domain::{
        clock::{Clock, Timestamp},
        evaluation::EvaluationState,
        id::AnswerId,
        interview::Level,
        question::{NewQuestion, QuestionOrigin, Rubric},
        sample,
        timing::Conditions,
    },
    evaluation::{EvaluationFault, EvaluationResult, Evaluator},
    hints::Changes,
    questions::bank::Bank,
    services::follow_ups::FollowUps,
    storage::{
        Store,
        accounts::{NewUser, Registered},
        answers::{NewAnswer, Submission},
        interviews::{Creation, NewInterview},
        queue::Job,
        sqlite::{SqliteOptions, SqliteStore},
    },
};

/// A clock that only moves when it is set forward.
#[derive(Default)]
struct StoppedClock(AtomicI64);

impl StoppedClock {
    fn forward(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A grader that calls a function for every job.
struct Grading<F>(F);

#[async_trait::async_trait]
impl<F: Fn(&Job) -> EvaluationResult + Send + Sync> Evaluator for Grading<F> {
    async fn evaluate(&self, job: &Job) -> EvaluationResult {
        (self.0)(job)
    }
}

/// A grader that takes a while.
struct Slow {
    time: Duration,
    calls: AtomicUsize,
}

#[async_trait::async_trait]
impl Evaluator for Slow {
    async fn evaluate(&self, _: &Job) -> EvaluationResult {
        self.calls.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(self.time).await;
        Ok(sample::assessment())
    }
}

/// A slow grader that several workers share.
struct Shared(Arc<Slow>);
#[async_trait::async_trait]
impl Evaluator for Shared {
    async fn evaluate(&self, job: &Job) -> EvaluationResult {
        self.0.evaluate(job).await
    }
}
struct World {
    folder: TempDir,
    store: Arc<dyn Store>,
    clock: Arc<StoppedClock>,
    answer: AnswerId,
}

impl World {
    /// A store with one pending answer.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions {
            path: folder.path().join("viva.db"),
            query_timeout: Duration::from_secs(5),
        };
        let clock = Arc::new(StoppedClock::default());
        let store = SqliteStore::open(options).await.unwrap().with_clock(clock.clone());
        let answer = queue(&store).await;
        Self { folder, store: Arc::new(store), clock, answer }
    }

    fn worker(&self, evaluator: impl Evaluator + 'static, lease: Duration) -> Worker {
        let settings = WorkerSettings {
            concurrency: 1,
            lease,
            poll: Duration::from_secs(1),
            retry: RetryPolicy { max_attempts: 3, ..RetryPolicy::default() },
        };
        Worker::new(
            self.store.clone(),
            Arc::new(evaluator),
            Changes::default(),
            Wake::default(),
            FollowUps::new(self.store.clone(), Bank::built_in().unwrap(), None, Changes::default()),
            settings,
        )
    }

    async fn state(&self) -> EvaluationState {
        self.store.answer(self.answer).await.unwrap().unwrap().answer.evaluation.state
    }
}

async fn queue(store: &dyn Store) -> AnswerId {
    let start = Timestamp::from_micros(0);
    let user = NewUser {
        username: "ada".into(),
        email: "ada@corpus.example".into(),
        hashed_password: String::new(),
        created_at: start,
    };
    let Registered::User(user) = store.create_user(user).await.unwrap() else { panic!() };
    let interview = NewInterview {
        user_id: user.id,
        role: "Backend engineer".into(),
        level: Level::Mid,
        language: "en".into(),
        job_description: String::new(),
        created_at: start,
        questions: vec![NewQuestion {
            text: "What is a mutex?".into(),
            topic: "concurrency".into(),
            origin: QuestionOrigin::Bank,
            bank_id: None,
            rubric: Rubric::default(),
        }],
        model_calls: 0,
        request: None,
        conditions: Conditions::default(),
    };
    let Creation::Created(interview) = store.create_interview(interview).await.unwrap() else {
        panic!()
    };
    let answer = NewAnswer {
        question_id: interview.questions[0].id,
        user_id: user.id,
        text: sample::ANSWER.into(),
        submitted_at: start,
        duration_ms: 0,
        idempotency_key: None,
    };
    let Submission::Stored(id) = store.submit_answer(answer).await.unwrap() else { panic!() };
    id
}

const LEASE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_job_is_done_once_and_then_the_queue_is_empty() {
    let world = World::new().await;
    let worker = world.worker(Grading(|_: &Job| Ok(sample::assessment())), LEASE);
    assert_eq!(worker.step().await, Stepped::Written);
    assert!(matches!(world.state().await, EvaluationState::Completed(_)));
    assert_eq!(worker.step().await, Stepped::Idle);
}

#[tokio::test]
async fn a_transient_fault_is_retried_and_a_lasting_one_is_given_up() {
    let world = World::new().await;
    let busy = |_: &Job| Err(EvaluationFault::retry("The model is busy."));
    let worker = world.worker(Grading(busy), LEASE);
    for _ in 0..3 {
        assert_eq!(worker.step().await, Stepped::Written);
        assert_eq!(worker.step().await, Stepped::Idle, "the next attempt is not due yet");
        world.clock.forward(Duration::from_mins(1));
    }
    let reason = "The model is busy. Tried 3 times.".to_owned();
    assert_eq!(world.state().await, EvaluationState::Failed { reason, refusal: None });
}

#[tokio::test]
async fn a_worker_that_wakes_after_its_lease_writes_nothing() {
    let world = World::new().await;
    let clock = world.clock.clone();
    let other = world.worker(Grading(|_: &Job| Err(EvaluationFault::fail("second"))), LEASE);
    let handle = tokio::runtime::Handle::current();
    // While the first worker grades, its lease runs out and another worker takes and ends the job.
    let overtaken = move |_: &Job| {
        clock.forward(LEASE);
        let (other, handle) = (other.clone(), handle.clone());
        let second = std::thread::spawn(move || handle.block_on(other.step()));
        assert_eq!(second.join().unwrap(), Stepped::Written);
        Ok(sample::assessment())
    };
    let late = world.worker(Grading(overtaken), LEASE);
    let late = tokio::task::spawn_blocking(move || {
        tokio::runtime::Handle::current().block_on(late.step())
    });
    assert_eq!(late.await.unwrap(), Stepped::Fenced);
    assert_eq!(
        world.state().await,
        EvaluationState::Failed { reason: "second".into(), refusal: None }
    );
}

#[tokio::test]
async fn a_job_that_kills_its_workers_is_given_up() {
    let world = World::new().await;
    for _ in 0..3 {
        let now = world.clock.now();
        let claimed = world.store.claim(now, now.after(LEASE), 1).await.unwrap();
        assert_eq!(claimed.len(), 1, "the dead worker's lease has run out");
        world.clock.forward(LEASE);
    }
    let never = |_: &Job| -> EvaluationResult { panic!("it must not be tried again") };
    assert_eq!(world.worker(Grading(never), LEASE).step().await, Stepped::Written);
    let EvaluationState::Failed { reason, .. } = world.state().await else { panic!() };
    assert_eq!(reason, "The grader stopped 3 times without a result.");
}

#[tokio::test]
async fn grading_longer_than_the_lease_is_done_once_while_its_worker_lives() {
    let mut world = World::new().await;
    // A busy machine may renew it late, but not by seconds.
    let lease = Duration::from_secs(6);
    let slow = Arc::new(Slow { time: lease * 4 / 3, calls: AtomicUsize::new(0) });
    // Both workers use the machine's clock here, so that leases really run.
    let path = world.folder.path().join("viva.db");
    let options = SqliteOptions { path, query_timeout: Duration::from_secs(5) };
    world.store = Arc::new(SqliteStore::open(options).await.unwrap());
    let worker = || world.worker(Shared(slow.clone()), lease);
    let (first, other) = (worker(), worker());
    let stop = tokio_util::sync::CancellationToken::new();
    let looking = tokio::spawn(other.run(stop.clone()));
    let mine = tokio::spawn(first.run(stop.clone()));
    while !matches!(world.state().await, EvaluationState::Completed(_)) {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    looking.await.unwrap();
    mine.await.unwrap();
    assert_eq!(slow.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_outcome_is_written_after_the_database_refused_it_for_a_moment() {
    let mut world = World::new().await;
    let path = world.folder.path().join("viva.db");
    let impatient = |timeout| SqliteOptions { path: path.clone(), query_timeout: timeout };
    world.store = Arc::new(SqliteStore::open(impatient(Duration::from_millis(300))).await.unwrap());
    let locked = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let handle = tokio::runtime::Handle::current();
    // While the answer is graded, another process takes the lock and keeps it for several timeouts.
    let grading = move |_: &Job| {
        let (locked, handle) = (locked.clone(), handle.clone());
        let (taken, is_taken) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            handle.block_on(async {
                let mut other = sqlx::SqliteConnection::connect_with(&locked).await.unwrap();
                let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
                taken.send(()).unwrap();
                tokio::time::sleep(Duration::from_secs(1)).await;
                lock.rollback().await.unwrap();
            });
        });
        is_taken.recv().unwrap();
        Ok(sample::assessment())
    };
    let worker = world.worker(Grading(grading), LEASE);
    let step = tokio::task::spawn_blocking(move || {
        tokio::runtime::Handle::current().block_on(worker.step())
    });
    // A write that timed out may have been done all the same; the next one then finds that the
    // claim has ended.
    let stepped = step.await.unwrap();
    assert!(matches!(stepped, Stepped::Written | Stepped::Fenced), "{stepped:?}");
    assert!(matches!(world.state().await, EvaluationState::Completed(_)));
}
