//! Connects store, services and worker, and serves until told to stop.

use std::{future::Future, sync::Arc, time::Duration};

use futures::Stream;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::transport::server::Connected;
use tonic_health::ServingStatus;
use viva_connect::{ConnectLayer, RefusalLayer};
use viva_runtime::limits;

use crate::{
    auth::{
        access_token::AccessTokens,
        password::{PasswordError, Passwords},
        signing_key::Keyring,
    },
    domain::{
        clock::{Clock, SystemClock},
        throttle::{RequestLimits, SignInRates},
    },
    evaluation::offline::OfflineEvaluator,
    examiner::Examiner,
    grpc::{self, AuthenticationLayer, FrameLayer, LimitsLayer, Services, report, routes},
    hints::{self, Changes, Wake},
    memory::scheduler::SchedulerError,
    questions::{BankFault, bank::Bank, llm::QuestionWriter},
    services::{
        accounts::Accounts, answers::Answers, api_keys::ApiKeys, callers::Callers,
        challenges::Challenges, follow_ups::FollowUps, grading::Grading, help::QuestionHelp,
        interviews::Interviews, marks::Marks, memory::Memories, reports::Reports, search::Search,
        server_info::ServerInfo, watch::Watches,
    },
    startup::database_health::report_database_health,
    storage::Store,
    worker::{Worker, WorkerSettings},
};

/// How often sessions that cannot be continued, and full budgets, are deleted.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// What the parts of the server need to know.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// How long an access token works.
    pub access_lifetime: Duration,
    /// How long a refresh token works.
    pub refresh_lifetime: Duration,
    /// The longest time until the reply of a call begins.
    pub request_timeout: Duration,
    /// How often passwords, registrations and refresh tokens may be tried.
    pub sign_in_limits: SignInRates,
    /// Whether anyone may register.
    pub is_open: bool,
    /// Whether only the owner of an embedded server is served.
    pub is_owners_alone: bool,
    /// How long a stopping server waits for work in progress.
    pub drain: Duration,
    /// The settings of the worker; `None`: this process does not evaluate.
    pub worker: Option<WorkerSettings>,
}

/// Why the server does not start or serve.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The compiled-in question bank is broken.
    #[error("the question bank is broken: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Bank(Vec<BankFault>),
    /// Reviews cannot be scheduled.
    #[error(transparent)]
    Scheduler(#[from] SchedulerError),
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
    /// The worker and watchers to tell what other processes do.
    hints: (Wake, Changes),
    settings: AppSettings,
    limits: RequestLimits,
    /// Whether reflection describes the services to tools.
    reflects: bool,
    /// The longest time to create an interview, whose questions a language model may write.
    creation_timeout: Duration,
    /// The longest time to grade an answer.
    grading_timeout: Duration,
    shutdown: CancellationToken,
}

impl App {
    /// Creates the server.
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
            settings.sign_in_limits,
        )
        .registering(settings.is_open);
        let keys = ApiKeys::new(store.clone(), clock.clone());
        let callers = Callers::new(accounts.clone(), keys.clone())
            .serving_the_owner_alone(settings.is_owners_alone);
        let writing = examiner.writer.as_ref().map_or(Duration::ZERO, QuestionWriter::limit);
        let creation_timeout = settings.request_timeout + writing;
        let grading_timeout = settings.request_timeout + examiner.evaluator.limit();
        let bank = Bank::built_in().map_err(AppError::Bank)?;
        let follow_ups =
            FollowUps::new(store.clone(), bank.clone(), examiner.writer.clone(), changes.clone());
        let grading = Grading::new(examiner.evaluator.clone(), callers.clone(), shutdown.clone());
        let services = Services {
            follow_ups: follow_ups.clone(),
            // Always the built-in grader: a review does not wait for a language model.
            memories: Memories::new(
                store.clone(),
                bank.clone(),
                Arc::new(OfflineEvaluator::new()),
            )?,
            help: QuestionHelp::new(store.clone(), bank.clone(), changes.clone()),
            server: ServerInfo::new(
                store.clone(),
                clock,
                examiner.evaluator.clone(),
                settings.is_open && !settings.is_owners_alone,
            ),
            interviews: Interviews::new(store.clone(), bank, examiner.writer, changes.clone()),
            marks: Marks::new(store.clone()),
            answers: Answers::new(store.clone(), wake.clone(), changes.clone()),
            search: Search::new(store.clone()),
            watches: Watches::new(
                store.clone(),
                callers.clone(),
                changes.clone(),
                shutdown.clone(),
            ),
            reports: Reports::new(store.clone()),
            challenges: Challenges::new(store.clone(), grading.clone(), changes.clone()),
            grading,
            accounts,
            keys,
            callers,
        };
        let worker = settings.worker.map(|worker| {
            let (changes, wake) = (changes.clone(), wake.clone());
            Worker::new(store.clone(), examiner.evaluator, changes, wake, follow_ups, worker)
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

    /// Returns the app with reflection on or off; it is on by default.
    #[must_use]
    pub fn reflecting(mut self, reflects: bool) -> Self {
        self.reflects = reflects;
        self
    }

    /// Returns the app with limits on calls; by default there are none, and no proxy is trusted.
    #[must_use]
    pub fn limited(mut self, limits: RequestLimits) -> Self {
        self.services.server = self.services.server.limited(limits.clone());
        self.limits = limits;
        self
    }

    /// Returns the app with another bank than the built-in one.
    #[must_use]
    pub fn asking_from(mut self, bank: Arc<Bank>) -> Self {
        self.services.follow_ups = self.services.follow_ups.asking_from(bank.clone());
        self.services.help = self.services.help.asking_from(bank.clone());
        self.services.memories = self.services.memories.asking_from(bank.clone());
        self.worker = self.worker.map(|worker| worker.asking_from(bank.clone()));
        self.services.interviews = self.services.interviews.asking_from(bank);
        self
    }

    /// Returns the accounts, for a program that embeds the server.
    pub fn accounts(&self) -> Accounts {
        self.services.accounts.clone()
    }

    /// Serves incoming connections until `stop` is ready, then finishes work in progress within the
    /// drain time and closes the store.
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
        let authentication = AuthenticationLayer { callers: self.services.callers.clone() };
        let (routes, health) = routes(self.services, self.reflects)?;
        report(&health, ServingStatus::Serving).await;
        let tasks = TaskTracker::new();
        if let Some(worker) = self.worker {
            tasks.spawn(worker.run(self.shutdown.clone()));
        }
        let (wake, changes) = self.hints;
        let stop_relay = self.shutdown.clone();
        tasks.spawn(hints::pass_on(self.store.clone(), wake, changes, stop_relay));
        tasks.spawn(forget_old(accounts, self.shutdown.clone()));
        let looking =
            report_database_health(self.store.clone(), health.clone(), self.shutdown.clone());
        tasks.spawn(looking);
        let limits = LimitsLayer::new(self.limits);
        tasks.spawn(forget_callers(limits.clone(), self.shutdown.clone()));
        tasks.close();
        let serving = limits::server()
            // For Connect calls. The head of a request may then fill a buffer of 400 KiB in at most 30
            // seconds, which is less than HTTP/2 buffers of a body.
            .accept_http1(true)
            .layer(ConnectLayer)
            .layer(FrameLayer {
                limit: self.settings.request_timeout,
                creation_limit: self.creation_timeout,
                grading_limit: self.grading_timeout,
            })
            .layer(limits)
            .layer(RefusalLayer)
            .layer(authentication)
            .add_routes(routes)
            .serve_with_incoming_shutdown(incoming, self.shutdown.cancelled());
        // Boxed, because the future is large.
        let mut serving = Box::pin(serving);
        let ended = tokio::select! {
            // It ends by itself only if the transport fails.
            ended = &mut serving => Some(ended),
            () = stop => None,
        };
        report(&health, ServingStatus::NotServing).await;
        self.shutdown.cancel();
        // A silent connection would hold the server forever, so the drain is limited: three
        // quarters of it are for the connections, the rest for the worker and the store.
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

/// Deletes what has ended, at the start and then regularly until the server stops.
async fn forget_old(accounts: Accounts, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = accounts.forget_old().await {
            tracing::warn!(?error, "old sessions could not be deleted");
        }
        tokio::select! {
            () = tokio::time::sleep(FORGET_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Regularly forgets callers that have been quiet, until the server stops.
async fn forget_callers(limits: LimitsLayer, stop: CancellationToken) {
    let again = || stop.run_until_cancelled(tokio::time::sleep(grpc::FORGET_EVERY));
    while again().await.is_some() {
        limits.forget();
    }
}
