//! A real server on a port, whose grader does what an answer asks for.

use std::{sync::Arc, time::Duration};

use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime, sync::watch};
use tokio_util::sync::CancellationToken;
use viva_server::{
    app::App,
    auth::signing_key::SigningKey,
    evaluation::{EvaluationFault, Evaluator, Verdict, offline::OfflineEvaluator},
    examiner::Examiner,
    listen::{ListenLimits, connections},
    start,
    storage::{
        queue::Job,
        sqlite::{SqliteOptions, SqliteStore},
    },
    tls::{self, Tls, TlsFiles},
};

/// A bound server with a database of its own. Dropping it stops it.
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

    /// With TLS, if there are files for it.
    pub(crate) fn start_with(files: Option<TlsFiles>) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), files)
    }

    /// On the database in that folder, with the key beside it if there is one.
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
            let mut settings = start::app_settings(None);
            // An answer that asks for ever is not waited for.
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

    /// Waits until the grader has begun with so many answers.
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
/// done.
struct Scripted {
    offline: OfflineEvaluator,
    begin: watch::Sender<usize>,
}

#[tonic::async_trait]
impl Evaluator for Scripted {
    async fn evaluate(&self, job: &Job) -> Verdict {
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
