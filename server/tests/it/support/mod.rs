//! A server to test against, and a person who uses it.

pub(crate) mod database;
pub(crate) mod page;
pub(crate) mod program;
// The store's own tests create their databases in the same way.
#[path = "../../../src/storage/postgres/tests/scratch.rs"]
pub(crate) mod scratch;
mod scripted;

use std::{path::Path, sync::Arc, time::Duration};

use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use tonic::{
    Request, Status,
    metadata::MetadataValue,
    transport::{Channel, server::TcpIncoming},
};
use tonic_types::StatusExt;
use viva_proto::v1::{
    self, answer_service_client::AnswerServiceClient, auth_service_client::AuthServiceClient,
    interview_service_client::InterviewServiceClient, memory_service_client::MemoryServiceClient,
    report_service_client::ReportServiceClient,
};
use viva_server::{
    auth::signing_key::SigningKey,
    config::LlmConfig,
    domain::throttle::{Rate, RequestLimits, SignInRates},
    examiner::Examiner,
    services::accounts::Accounts,
    startup::app::{App, AppSettings},
    startup::defaults,
    storage::{
        Store,
        postgres::{PostgresOptions, PostgresStore, PostgresUrl},
        sqlite::{SqliteOptions, SqliteStore},
    },
};

pub(crate) use scripted::Scripted;

/// Retries until the condition holds, and fails if it does not soon.
pub(crate) async fn in_time(is_so: impl AsyncFn() -> bool) {
    let trying = async { while !is_so().await {} };
    tokio::time::timeout(Duration::from_secs(20), trying)
        .await
        .expect("the condition did not become true");
}

/// The key that the test servers sign with.
pub(crate) const SECRET: &str = "a key for tests, at least 32 bytes";

/// How long a test server's query may take at most.
pub(crate) const QUERY_TIMEOUT: Duration = Duration::from_secs(5);

/// The time until a budget of [`sign_in_rates`] regains an attempt.
pub(crate) const HOUR: Duration = Duration::from_hours(1);

/// A valid password.
pub(crate) const PASSWORD: &str = "correct horse 42";

/// A server on a free port with its own database. Dropping it stops it.
pub(crate) struct TestServer {
    pub(crate) channel: Channel,
    pub(crate) url: String,
    pub(crate) folder: TempDir,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) grader: Arc<Scripted>,
    pub(crate) accounts: Accounts,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl TestServer {
    /// Starts with the built-in grader and the usual settings, but short waits.
    pub(crate) async fn start() -> Self {
        Self::start_with(settings()).await
    }

    pub(crate) async fn start_with(settings: AppSettings) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), settings).await
    }

    /// Starts on the database in this folder.
    pub(crate) async fn start_in(folder: TempDir, settings: AppSettings) -> Self {
        Self::start_full(folder, settings, None).await
    }

    /// Starts with every choice given.
    pub(crate) async fn start_full(
        folder: TempDir,
        settings: AppSettings,
        model: Option<&LlmConfig>,
    ) -> Self {
        let store = open(&folder.path().join("viva.db")).await;
        Self::serve(folder, store, settings, model, RequestLimits::default()).await
    }

    /// Starts with these rate limits.
    pub(crate) async fn start_limited(settings: AppSettings, limits: RequestLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder.path().join("viva.db")).await;
        Self::serve(folder, store, settings, None, limits).await
    }

    /// Starts on this file; several servers may share it.
    pub(crate) async fn start_at(file: &Path, settings: AppSettings) -> Self {
        let store = open(file).await;
        let folder = tempfile::tempdir().unwrap();
        Self::serve(folder, store, settings, None, RequestLimits::default()).await
    }

    /// Starts another server on the same file.
    pub(crate) async fn start_beside(&self, settings: AppSettings, limits: RequestLimits) -> Self {
        let store = open(&self.folder.path().join("viva.db")).await;
        Self::serve(tempfile::tempdir().unwrap(), store, settings, None, limits).await
    }

    /// Starts another server on the same file, with a model.
    pub(crate) async fn start_beside_with(&self, model: &LlmConfig) -> Self {
        let store = open(&self.folder.path().join("viva.db")).await;
        let folder = tempfile::tempdir().unwrap();
        Self::serve(folder, store, settings(), Some(model), RequestLimits::default()).await
    }

    /// Starts on this PostgreSQL database; several servers may share it.
    pub(crate) async fn start_on(url: &str, settings: AppSettings) -> Self {
        Self::start_limited_on(url, settings, RequestLimits::default()).await
    }

    /// The same, with rate limits.
    pub(crate) async fn start_limited_on(
        url: &str,
        settings: AppSettings,
        limits: RequestLimits,
    ) -> Self {
        let url = PostgresUrl::parse(url).unwrap();
        let options = PostgresOptions { url, pool_size: 10, query_timeout: QUERY_TIMEOUT };
        let store = Arc::new(PostgresStore::open(options).await.unwrap());
        Self::serve(tempfile::tempdir().unwrap(), store, settings, None, limits).await
    }

    /// Starts on this PostgreSQL database with a model; several servers may share it.
    pub(crate) async fn start_on_with(url: &str, model: &LlmConfig) -> Self {
        let url = PostgresUrl::parse(url).unwrap();
        let options = PostgresOptions { url, pool_size: 10, query_timeout: QUERY_TIMEOUT };
        let store = Arc::new(PostgresStore::open(options).await.unwrap());
        let folder = tempfile::tempdir().unwrap();
        Self::serve(folder, store, settings(), Some(model), RequestLimits::default()).await
    }

    /// Starts on any store.
    pub(crate) async fn serve(
        folder: TempDir,
        store: Arc<dyn Store>,
        settings: AppSettings,
        model: Option<&LlmConfig>,
        limits: RequestLimits,
    ) -> Self {
        let key = SigningKey::parse(SECRET).unwrap();
        let grader = Arc::new(Scripted::default());
        let examiner = match model {
            Some(model) => Examiner::of(Some(model), store.clone()).unwrap(),
            None => Examiner { evaluator: grader.clone(), writer: None },
        };
        let app = App::new(store.clone(), examiner, &key, settings).unwrap().limited(limits);
        let accounts = app.accounts();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let serving = tokio::spawn(async move {
            app.serve(TcpIncoming::from(listener), stopped).await.unwrap();
        });
        let channel = Channel::from_shared(url.clone()).unwrap().connect().await.unwrap();
        Self { channel, url, folder, store, grader, accounts, stop, serving }
    }

    /// A connection that buffers as little unread data as possible.
    pub(crate) async fn narrow(&self) -> Channel {
        let endpoint = Channel::from_shared(self.url.clone()).unwrap();
        endpoint.initial_stream_window_size(65_535).connect().await.unwrap()
    }

    /// Stops the server as SIGTERM would and returns its folder.
    pub(crate) async fn stop(self) -> TempDir {
        self.stop.cancel();
        self.serving.await.unwrap();
        self.folder
    }

    pub(crate) fn auth(&self) -> AuthServiceClient<Channel> {
        AuthServiceClient::new(self.channel.clone())
    }

    /// Registers an account and signs in.
    pub(crate) async fn sign_up(&self, username: &str) -> Person {
        let request = v1::RegisterRequest {
            username: username.into(),
            email: format!("{username}@corpus.example"),
            password: PASSWORD.into(),
        };
        self.auth().register(request).await.unwrap();
        self.sign_in(username, PASSWORD).await.unwrap()
    }

    pub(crate) async fn sign_in(&self, username: &str, password: &str) -> Result<Person, Status> {
        let request = v1::LoginRequest { username: username.into(), password: password.into() };
        let session = self.auth().login(request).await?.into_inner().session.unwrap();
        Ok(Person { channel: self.channel.clone(), session })
    }
}

/// Opens the store in this file.
async fn open(path: &Path) -> Arc<dyn Store> {
    let options = SqliteOptions { path: path.to_owned(), query_timeout: QUERY_TIMEOUT };
    Arc::new(SqliteStore::open(options).await.unwrap())
}

/// The usual settings with short waits.
pub(crate) fn settings() -> AppSettings {
    let mut settings = defaults::app_settings(None);
    settings.drain = Duration::from_secs(5);
    if let Some(worker) = &mut settings.worker {
        worker.retry.base = Duration::from_millis(10);
        worker.retry.max_attempts = 3;
        worker.concurrency = 4;
    }
    settings
}

/// The sign-in budgets of a server on a network, but refilled too slowly to matter in a test.
pub(crate) fn sign_in_rates() -> SignInRates {
    let slow = |rate: Option<Rate>| rate.map(|rate| Rate { refill: HOUR, ..rate });
    let SignInRates { account, sign_ins, origin, registrations, refreshes } = SignInRates::usual();
    SignInRates {
        account: slow(account),
        sign_ins: slow(sign_ins),
        origin: slow(origin),
        registrations: slow(registrations),
        refreshes: slow(refreshes),
    }
}

/// A person who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) channel: Channel,
    pub(crate) session: v1::Session,
}

impl Person {
    /// Registers an account over this connection, and signs in.
    pub(crate) async fn register(channel: Channel, username: &str) -> Self {
        let mut auth = AuthServiceClient::new(channel.clone());
        let request = v1::RegisterRequest {
            username: username.into(),
            email: format!("{username}@corpus.example"),
            password: PASSWORD.into(),
        };
        auth.register(request).await.unwrap();
        let request = v1::LoginRequest { username: username.into(), password: PASSWORD.into() };
        let session = auth.login(request).await.unwrap().into_inner().session.unwrap();
        Self { channel, session }
    }

    /// The message with this person's credential.
    pub(crate) fn ask<T>(&self, message: T) -> Request<T> {
        with_token(message, &self.session.access_token)
    }

    pub(crate) fn auth(&self) -> AuthServiceClient<Channel> {
        AuthServiceClient::new(self.channel.clone())
    }

    /// The sessions that this person's account has open.
    pub(crate) async fn sessions(&self) -> Vec<v1::ActiveSession> {
        let request = self.ask(v1::ListSessionsRequest {});
        self.auth().list_sessions(request).await.unwrap().into_inner().sessions
    }

    /// The session that this person calls from.
    pub(crate) async fn current_session(&self) -> v1::ActiveSession {
        self.sessions().await.into_iter().find(|session| session.is_current).unwrap()
    }

    pub(crate) fn interviews(&self) -> InterviewServiceClient<Channel> {
        InterviewServiceClient::new(self.channel.clone())
    }

    pub(crate) fn answers(&self) -> AnswerServiceClient<Channel> {
        AnswerServiceClient::new(self.channel.clone())
    }

    pub(crate) fn reports(&self) -> ReportServiceClient<Channel> {
        ReportServiceClient::new(self.channel.clone())
    }

    pub(crate) fn memory(&self) -> MemoryServiceClient<Channel> {
        MemoryServiceClient::new(self.channel.clone())
    }

    pub(crate) async fn create(&self, role: &str, questions: i32) -> v1::Interview {
        let request = v1::CreateInterviewRequest {
            role: role.into(),
            num_questions: questions,
            ..Default::default()
        };
        let reply = self.interviews().create_interview(self.ask(request)).await.unwrap();
        reply.into_inner().interview.unwrap()
    }

    pub(crate) async fn submit(
        &self,
        interview: &v1::Interview,
        question: usize,
        text: &str,
    ) -> Result<i64, Status> {
        let request = v1::SubmitAnswerRequest {
            interview_id: interview.id,
            question_id: interview.questions[question].id,
            answer_text: text.into(),
            ..Default::default()
        };
        let reply = self.answers().submit_answer(self.ask(request)).await?;
        Ok(reply.into_inner().answer_id)
    }

    pub(crate) async fn status(&self, answer_id: i64) -> Result<v1::Answer, Status> {
        let request = v1::GetAnswerStatusRequest { answer_id };
        let reply = self.answers().get_answer_status(self.ask(request)).await?;
        Ok(reply.into_inner().answer.unwrap())
    }

    pub(crate) async fn report(&self, interview_id: i64) -> Result<v1::Report, Status> {
        let request = v1::GetReportRequest { interview_id };
        let reply = self.reports().get_report(self.ask(request)).await?;
        Ok(reply.into_inner().report.unwrap())
    }

    /// Watches until nothing in the interview is pending; returns the last state of each answer.
    pub(crate) async fn settled(&self, interview_id: i64) -> Vec<v1::Answer> {
        let request = v1::WatchInterviewRequest { interview_id, follow: false };
        let mut stream =
            self.answers().watch_interview(self.ask(request)).await.unwrap().into_inner();
        let mut latest: Vec<v1::Answer> = Vec::new();
        while let Some(message) = stream.message().await.unwrap() {
            let answer = message.answer.unwrap();
            latest.retain(|old| old.question_id != answer.question_id);
            latest.push(answer);
        }
        latest
    }
}

/// A message with a credential.
pub(crate) fn with_token<T>(message: T, token: &str) -> Request<T> {
    let mut request = Request::new(message);
    let value = MetadataValue::try_from(format!("Bearer {token}")).unwrap();
    request.metadata_mut().insert("authorization", value);
    request
}

/// The reason in an error's details.
pub(crate) fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// The fields that an error names.
pub(crate) fn fields(status: &Status) -> Vec<String> {
    let violations = status.get_details_bad_request().map(|bad| bad.field_violations);
    violations.unwrap_or_default().into_iter().map(|violation| violation.field).collect()
}
