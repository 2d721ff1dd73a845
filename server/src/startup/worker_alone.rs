//! The worker in a separate process: it evaluates what servers on the same database queue, and
//! serves only health. Servers learn from the database what it does.

use std::{error::Error, sync::Arc, time::Duration};

use futures::Stream;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::transport::server::Connected;
use tonic_health::ServingStatus;
use viva_runtime::limits;

use crate::{
    examiner::Examiner,
    grpc::{health_routes, report},
    hints::{self, Changes, Wake},
    questions::bank::Bank,
    services::follow_ups::FollowUps,
    startup::database_health::report_database_health,
    storage::Store,
    worker::{Worker, WorkerSettings},
};

/// A worker that is ready to work.
pub struct WorkerAlone {
    store: Arc<dyn Store>,
    worker: Worker,
    wake: Wake,
    changes: Changes,
    drain: Duration,
}

impl WorkerAlone {
    /// Creates the worker. Follow-ups in real interviews come from `bank`; `drain` is how long
    /// stopping may take.
    pub fn new(
        store: Arc<dyn Store>,
        examiner: Examiner,
        bank: Arc<Bank>,
        settings: WorkerSettings,
        drain: Duration,
    ) -> Self {
        // Nothing in this process submits answers or watches.
        let (changes, wake) = (Changes::default(), Wake::default());
        let Examiner { evaluator, writer } = examiner;
        let interviewer = FollowUps::new(store.clone(), bank, writer, changes.clone());
        let (told, woken) = (changes.clone(), wake.clone());
        let worker = Worker::new(store.clone(), evaluator, told, woken, interviewer, settings);
        Self { store, worker, wake, changes, drain }
    }

    /// Works until `stop`, then returns unfinished evaluations to the queue. It answers health
    /// checks on incoming connections until the end.
    pub async fn run<I, IO, E>(
        self,
        incoming: I,
        stop: CancellationToken,
    ) -> Result<(), tonic::transport::Error>
    where
        I: Stream<Item = Result<IO, E>> + Send,
        IO: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
        IO::ConnectInfo: Clone + Send + Sync + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let (routes, health) = health_routes();
        report(&health, ServingStatus::Serving).await;
        let tasks = TaskTracker::new();
        tasks.spawn(self.worker.run(stop.clone()));
        let relay = (self.store.clone(), self.wake, self.changes, stop.clone());
        tasks.spawn(hints::pass_on(relay.0, relay.1, relay.2, relay.3));
        tasks.spawn(report_database_health(self.store.clone(), health.clone(), stop.clone()));
        tasks.close();
        let working = async {
            stop.cancelled().await;
            report(&health, ServingStatus::NotServing).await;
            let end = async {
                tasks.wait().await;
                self.store.close().await;
            };
            if timeout(self.drain, end).await.is_err() {
                tracing::warn!("not all work stopped in time; its leases will run out");
            }
        };
        let serving = limits::server().add_routes(routes).serve_with_incoming(incoming);
        tokio::select! {
            // It ends by itself only if the transport fails.
            ended = serving => ended,
            () = working => Ok(()),
        }
    }
}
