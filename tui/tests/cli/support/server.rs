//! A real server on a port, whose grader fails or hangs when an answer asks for it.

use std::{sync::Arc, time::Duration};

use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime, sync::watch};
use tokio_util::sync::CancellationToken;
use viva_runtime::{
    listen::{ListenLimits, connections},
    tls::{self, Tls, TlsFiles},
};
use viva_server::{
    auth::signing_key::SigningKey,
    evaluation::{EvaluationFault, EvaluationResult, Evaluator, offline::OfflineEvaluator},
    examiner::Examiner,
    startup::app::App,
    startup::defaults,
    storage::{
        queue::Job,
        sqlite::{SqliteOptions, SqliteStore},
    },
};

/// A server on a free port with its own database. Dropping it stops it.
pub(crate) struct Server {
    pub(crate) url: String,
    begun: watch::Receiver<usize>,
    stop: CancellationToken,
    runtime: Runtime,
    _folder: TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(None)
    }

    /// Starts it with TLS, if `files` are given.
    pub(crate) fn start_with(files: Option<TlsFiles>) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), files)
    }

    /// Starts it on the database in this folder, with the key in the folder if it has one.
    pub(crate) fn start_in(folder: TempDir, files: Option<TlsFiles>) -> Self {
        let runtime = Runtime::new().unwrap();
        let (begin, begun) = watch::channel(0);
        let stop = CancellationToken::new();
        let (path, key) = (folder.path().join("viva.db"), folder.path().join("secret_key"));
        let url = runtime.block_on(async {
            let options = SqliteOptions { path, query_timeout: Duration::from_secs(5) };
            let store = Arc::new(SqliteStore::open(options).await.unwrap());
            let key = std::fs::read_to_string(key);
            let key = key.unwrap_or_else(|_| "a key for tests, at least 32 bytes".to_owned());
            let key = SigningKey::parse(key.trim()).unwrap();
            let evaluator = Arc::new(Scripted { offline: OfflineEvaluator::new(), begin });
            let examiner = Examiner { evaluator, writer: None };
            let mut settings = defaults::app_settings(None);
            // The server does not wait for an evaluation that hangs forever.
            settings.drain = Duration::from_millis(100);
            let app = App::new(store, examiner, &key, settings).unwrap();
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let scheme = if files.is_some() { "https" } else { "http" };
            let url = format!("{scheme}://{}", listener.local_addr().unwrap());
            let tls = files.map(|files| Arc::new(Tls::load(files, tls::GRPC).unwrap()));
            let incoming = connections(listener, ListenLimits::default(), tls);
            tokio::spawn(app.serve(incoming, stop.clone().cancelled_owned()));
            url
        });
        Self { url, begun, stop, runtime, _folder: folder }
    }

    /// Waits until the grader has started on `count` answers.
    pub(crate) fn wait_for_evaluations(&mut self, count: usize) {
        let begun = &mut self.begun;
        let reached = self.runtime.block_on(begun.wait_for(|begun| *begun >= count));
        assert!(reached.is_ok());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Grades as the built-in grader does. An answer with `[fail]` fails, one with `[hang]` is never
/// completed.
struct Scripted {
    offline: OfflineEvaluator,
    begin: watch::Sender<usize>,
}

#[tonic::async_trait]
impl Evaluator for Scripted {
    async fn evaluate(&self, job: &Job) -> EvaluationResult {
        self.begin.send_modify(|begun| *begun += 1);
        if job.answer.contains("[hang]") {
            std::future::pending::<()>().await;
        }
        if job.answer.contains("[fail]") {
            return Err(EvaluationFault::fail("The key is not accepted."));
        }
        self.offline.evaluate(job).await
    }
}
