//! Wires store, services and worker together and serves them until told to stop.

use std::{future::Future, sync::Arc, time::Duration};

use futures::Stream;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::transport::server::Connected;
use tonic_health::ServingStatus;

use crate::{
    auth::{
        access_token::AccessTokens,
        password::{PasswordError, Passwords},
        signing_key::Keyring,
    },
    database_health::look_after_database,
    domain::{
        clock::{Clock, SystemClock},
        throttle::{DoorLimits, RequestLimits},
    },
    examiner::Examiner,
    grpc::{self, DoorLayer, FrameLayer, LimitsLayer, Services, report, routes},
    limits,
    questions::{BankFault, bank::Bank, model::QuestionWriter},
    services::{
        accounts::Accounts, answers::Answers, api_keys::ApiKeys, callers::Callers,
        changes::Changes, grading::Grading, interviews::Interviews, marks::Marks, reports::Reports,
        signals, watch::Watching,
    },
    storage::Store,
    worker::{Wake, Worker, WorkerSettings},
};

/// How often sessions that nobody can go on with are forgotten, and budgets that are full.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// What the parts of the server need to know.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// How long an access token works.
    pub access_lifetime: Duration,
    /// How long a refresh token works.
    pub refresh_lifetime: Duration,
    /// The longest that a call may take until its reply begins.
    pub request_timeout: Duration,
    /// How often passwords, registrations and refresh tokens may be tried.
    pub doors: DoorLimits,
    /// Whether everybody may register.
    pub is_open: bool,
    /// How long a stopping server waits for what is under way.
    pub drain: Duration,
    /// How evaluations are worked off; none: not by this process.
    pub worker: Option<WorkerSettings>,
}

/// Why the server does not start or serve.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The compiled-in question bank is broken.
    #[error("the question bank is broken: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Bank(Vec<BankFault>),
    /// Passwords cannot be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The descriptor set cannot be served.
    #[error("reflection cannot be set up: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// The transport failed.
    #[error("serving failed: {0}")]
    Transport(#[from] tonic::transport::Error),
}

/// A server that is ready to serve.
pub struct App {
    services: Services,
    store: Arc<dyn Store>,
    worker: Option<Worker>,
    /// Who is told of what other processes do.
    hints: (Wake, Changes),
    settings: AppSettings,
    limits: RequestLimits,
    /// Whether tools are told what services there are.
    reflects: bool,
    /// The longest that making an interview may take: with a model, its questions are written then.
    creation_timeout: Duration,
    /// The same for grading an answer.
    grading_timeout: Duration,
    shutdown: CancellationToken,
}

impl App {
    /// Puts the server together.
    pub fn new(
        store: Arc<dyn Store>,
        examiner: Examiner,
        keys: impl Into<Keyring>,
        settings: AppSettings,
    ) -> Result<Self, AppError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let shutdown = CancellationToken::new();
        let (wake, changes) = (Wake::default(), Changes::default());
        let accounts = Accounts::new(
            store.clone(),
            clock.clone(),
            Passwords::new()?,
            Arc::new(AccessTokens::new(keys, settings.access_lifetime)),
            settings.refresh_lifetime,
            settings.doors,
        )
        .registering(settings.is_open);
        let keys = ApiKeys::new(store.clone(), clock.clone());
        let callers = Callers::new(accounts.clone(), keys.clone());
        let writing = examiner.writer.as_ref().map_or(Duration::ZERO, QuestionWriter::limit);
        let creation_timeout = settings.request_timeout + writing;
        let grading_timeout = settings.request_timeout + examiner.evaluator.limit();
        let bank = Bank::built_in().map_err(AppError::Bank)?;
        let services = Services {
            interviews: Interviews::new(
                store.clone(),
                clock,
                bank,
                examiner.writer,
                changes.clone(),
            ),
            marks: Marks::new(store.clone()),
            answers: Answers::new(store.clone(), wake.clone(), changes.clone()),
            watching: Watching::new(
                store.clone(),
                callers.clone(),
                changes.clone(),
                shutdown.clone(),
            ),
            reports: Reports::new(store.clone()),
            grading: Grading::new(examiner.evaluator.clone(), callers.clone(), shutdown.clone()),
            accounts,
            keys,
            callers,
        };
        let worker = settings.worker.map(|worker| {
            let (changes, wake) = (changes.clone(), wake.clone());
            Worker::new(store.clone(), examiner.evaluator, changes, wake, worker)
        });
        let hints = (wake, changes);
        Ok(Self {
            services,
            store,
            worker,
            hints,
            settings,
            limits: RequestLimits::default(),
            reflects: true,
            creation_timeout,
            grading_timeout,
            shutdown,
        })
    }

    /// The same, telling tools by reflection what services there are, or not; without this it does.
    #[must_use]
    pub fn reflecting(mut self, reflects: bool) -> Self {
        self.reflects = reflects;
        self
    }

    /// The same with limits to how often one may call; without this there are none, and no proxy is
    /// believed.
    #[must_use]
    pub fn limited(mut self, limits: RequestLimits) -> Self {
        self.limits = limits;
        self
    }

    /// The same, asking from another bank than the one that is built in.
    #[must_use]
    pub fn asking_from(mut self, bank: Arc<Bank>) -> Self {
        self.services.interviews = self.services.interviews.asking_from(bank);
        self
    }

    /// The accounts, for whoever runs the server inside its own process.
    pub fn accounts(&self) -> Accounts {
        self.services.accounts.clone()
    }

    /// Serves the connections that come in until `stop` is ready, then finishes what is under way,
    /// no longer than the drain time, and lets go of the store.
    pub async fn serve<I, IO, E>(
        self,
        incoming: I,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<(), AppError>
    where
        I: Stream<Item = Result<IO, E>> + Send,
        IO: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
        IO::ConnectInfo: Clone + Send + Sync + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let accounts = self.services.accounts.clone();
        let door = DoorLayer { callers: self.services.callers.clone() };
        let (routes, health) = routes(self.services, self.reflects)?;
        report(&health, ServingStatus::Serving).await;
        let tasks = TaskTracker::new();
        if let Some(worker) = self.worker {
            tasks.spawn(worker.run(self.shutdown.clone()));
        }
        let (wake, changes) = self.hints;
        let stop_hearing = self.shutdown.clone();
        tasks.spawn(signals::pass_on(self.store.clone(), wake, changes, stop_hearing));
        tasks.spawn(forget_old(accounts, self.shutdown.clone()));
        let looking =
            look_after_database(self.store.clone(), health.clone(), self.shutdown.clone());
        tasks.spawn(looking);
        let limits = LimitsLayer::new(self.limits);
        tasks.spawn(forget_callers(limits.clone(), self.shutdown.clone()));
        tasks.close();
        let serving = limits::server()
            .layer(FrameLayer {
                limit: self.settings.request_timeout,
                creation_limit: self.creation_timeout,
                grading_limit: self.grading_timeout,
            })
            .layer(limits)
            .layer(door)
            .add_routes(routes)
            .serve_with_incoming_shutdown(incoming, self.shutdown.cancelled());
        // It is large, and lives as long as the process.
        let mut serving = Box::pin(serving);
        let ended = tokio::select! {
            // It ends by itself only if the transport fails.
            ended = &mut serving => Some(ended),
            () = stop => None,
        };
        report(&health, ServingStatus::NotServing).await;
        self.shutdown.cancel();
        // A connection that never says anything would hold the server for ever, so the drain ends:
        // most of its time is the connections', the rest the worker's and the store's.
        let end = Instant::now() + self.settings.drain;
        let ended = match ended {
            Some(ended) => ended,
            None => timeout_at(end - self.settings.drain / 4, serving).await.unwrap_or(Ok(())),
        };
        let rest = async {
            tasks.wait().await;
            self.store.close().await;
        };
        if timeout_at(end, rest).await.is_err() {
            tracing::warn!("not all work stopped in time; its leases will run out");
        }
        Ok(ended?)
    }
}

/// Forgets what is over at the start and then now and again, until the server stops.
async fn forget_old(accounts: Accounts, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = accounts.forget_old().await {
            tracing::warn!(?error, "old sessions could not be forgotten");
        }
        tokio::select! {
            () = tokio::time::sleep(FORGET_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Forgets now and again who has not called for a while, until the server stops.
async fn forget_callers(limits: LimitsLayer, stop: CancellationToken) {
    let again = || stop.run_until_cancelled(tokio::time::sleep(grpc::FORGET_EVERY));
    while again().await.is_some() {
        limits.forget();
    }
}
