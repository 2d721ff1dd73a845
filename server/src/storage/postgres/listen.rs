//! Hearing of what other processes do: LISTEN, on a connection of its own.
//!
//! A connection that is lost is found out by itself or, where the network swallows everything, by a
//! heartbeat; then another is made, and whoever listens is told that it may have missed something.

use std::time::Duration;

use futures::{StreamExt, stream::BoxStream};
use sqlx::{
    Executor,
    postgres::{PgConnectOptions, PgListener, PgNotification, PgPoolOptions},
};
use tokio::{sync::mpsc, time::timeout};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;

use crate::{domain::id::InterviewId, storage::signals::Signal};

/// Where it is told that there is work, and where which interview has changed.
const WORK: &str = "viva_work";
const CHANGES: &str = "viva_changes";

/// How a silent connection is told from a dead one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// A connection that has been silent for so long is asked whether it is still there.
    pub(super) heartbeat: Duration,
    /// How long it may take to answer that, or to connect.
    pub(super) patience: Duration,
}

/// The pace of every listener but a test's.
pub(super) const PACE: Pace =
    Pace { heartbeat: Duration::from_secs(10), patience: Duration::from_secs(5) };

/// Pauses between attempts to connect: the first, and the longest after doubling.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Signals that may wait for whoever listens; the rest waits in the connection.
const BUFFER: usize = 64;

/// Listens until `stop`, or until nobody wants to hear any more.
pub(super) fn listen(
    options: PgConnectOptions,
    pace: Pace,
    stop: CancellationToken,
) -> BoxStream<'static, Signal> {
    let (sender, receiver) = mpsc::channel(BUFFER);
    tokio::spawn(async move {
        tokio::select! {
            () = keep_listening(&options, pace, &sender) => {}
            () = sender.closed() => {}
            () = stop.cancelled() => {}
        }
    });
    ReceiverStream::new(receiver).boxed()
}

async fn keep_listening(options: &PgConnectOptions, pace: Pace, sender: &mpsc::Sender<Signal>) {
    let mut pause = PAUSE;
    loop {
        let lost = match connect(options, pace).await {
            Ok(listener) => {
                pause = PAUSE;
                hear(listener, pace, sender).await
            }
            Err(error) => error,
        };
        tracing::warn!(error = %lost, "not listening for a moment; the poll goes on");
        tokio::time::sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

async fn connect(options: &PgConnectOptions, pace: Pace) -> Result<PgListener, sqlx::Error> {
    // The driver wants a pool. A new one each time: a connection that hangs would block an old one.
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(pace.patience)
        .connect_lazy_with(options.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    // What was missed while it was away must be told, so reconnecting is done here.
    listener.eager_reconnect(false);
    in_time(pace, listener.listen_all([WORK, CHANGES])).await?;
    Ok(listener)
}

/// Passes on what is heard until the connection is lost; says how.
async fn hear(mut listener: PgListener, pace: Pace, sender: &mpsc::Sender<Signal>) -> sqlx::Error {
    let mut signal = Signal::MissedSome;
    loop {
        // An error means that nobody listens any more, which ends this task at its next await.
        let _ = sender.send(signal).await;
        signal = match next(&mut listener, pace).await {
            Ok(notification) => signal_of(&notification),
            Err(error) => return error,
        };
    }
}

async fn next(listener: &mut PgListener, pace: Pace) -> Result<PgNotification, sqlx::Error> {
    loop {
        match timeout(pace.heartbeat, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => return Ok(notification),
            Ok(Ok(None)) => return Err(lost("the connection was closed")),
            Ok(Err(error)) => return Err(error),
            Err(_) => {
                in_time(pace, listener.execute("SELECT 1")).await?;
            }
        }
    }
}

async fn in_time<T>(
    pace: Pace,
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    timeout(pace.patience, answer).await.unwrap_or_else(|_| Err(lost("the connection is silent")))
}

fn lost(how: &str) -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, how))
}

fn signal_of(notification: &PgNotification) -> Signal {
    match (notification.channel(), notification.payload().parse()) {
        (WORK, _) => Signal::Work,
        (_, Ok(id)) => Signal::Interview(InterviewId::new(id)),
        // Not in our words; whoever sent it, looking for oneself does no harm.
        (_, Err(_)) => Signal::MissedSome,
    }
}
