//! The worker in a process of its own: it evaluates what servers on the same database queue, and
//! serves nothing but health. Servers hear of what it does from the database.

use std::{error::Error, sync::Arc, time::Duration};

use futures::Stream;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::transport::server::Connected;
use tonic_health::ServingStatus;

use crate::{
    database_health::look_after_database,
    examiner::Examiner,
    grpc::{health_routes, report},
    limits,
    services::{changes::Changes, signals},
    storage::Store,
    worker::{Wake, Worker, WorkerSettings},
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
    /// Puts it together; `drain` is how long it may take to stop.
    pub fn new(
        store: Arc<dyn Store>,
        examiner: Examiner,
        settings: WorkerSettings,
        drain: Duration,
    ) -> Self {
        // Nobody in this process submits or watches.
        let (changes, wake) = (Changes::default(), Wake::default());
        let evaluator = examiner.evaluator;
        let worker = Worker::new(store.clone(), evaluator, changes.clone(), wake.clone(), settings);
        Self { store, worker, wake, changes, drain }
    }

    /// Works until `stop`, then gives back what it has not finished. Meanwhile it tells the
    /// connections that come in how it is, to the last.
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
        let hearing = (self.store.clone(), self.wake, self.changes, stop.clone());
        tasks.spawn(signals::pass_on(hearing.0, hearing.1, hearing.2, hearing.3));
        tasks.spawn(look_after_database(self.store.clone(), health.clone(), stop.clone()));
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
