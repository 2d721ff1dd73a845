//! Receives signals from other processes: LISTEN, on a connection of its own.
//!
//! A lost connection is noticed immediately or, if the network drops everything silently, by a
//! heartbeat. Then a new one is made, and the listener learns that it may have missed something.

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

/// The channels: there is work; an interview, named by its id, has changed.
const WORK: &str = "viva_work";
const CHANGES: &str = "viva_changes";

/// The times by which a silent connection is distinguished from a dead one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timeouts {
    /// After this long without a signal, the connection is tested.
    pub(super) heartbeat: Duration,
    /// The time limit for the test, and for connecting.
    pub(super) answer: Duration,
}

/// The timeouts outside tests.
pub(super) const TIMEOUTS: Timeouts =
    Timeouts { heartbeat: Duration::from_secs(10), answer: Duration::from_secs(5) };

/// Pauses between attempts to connect: the first, and the longest after doubling.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Signals that may wait for the listener; the rest wait in the connection.
const BUFFER: usize = 64;

/// Listens until `stop`, or until the stream is dropped.
pub(super) fn listen(
    options: PgConnectOptions,
    timeouts: Timeouts,
    stop: CancellationToken,
) -> BoxStream<'static, Signal> {
    let (sender, receiver) = mpsc::channel(BUFFER);
    tokio::spawn(async move {
        tokio::select! {
            () = keep_listening(&options, timeouts, &sender) => {}
            () = sender.closed() => {}
            () = stop.cancelled() => {}
        }
    });
    ReceiverStream::new(receiver).boxed()
}

async fn keep_listening(
    options: &PgConnectOptions,
    timeouts: Timeouts,
    sender: &mpsc::Sender<Signal>,
) {
    let mut pause = PAUSE;
    loop {
        let lost = match connect(options, timeouts).await {
            Ok(listener) => {
                pause = PAUSE;
                forward(listener, timeouts, sender).await
            }
            Err(error) => error,
        };
        tracing::warn!(error = %lost, "not listening right now; polling continues");
        tokio::time::sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

async fn connect(
    options: &PgConnectOptions,
    timeouts: Timeouts,
) -> Result<PgListener, sqlx::Error> {
    // The driver requires a pool. A new one each time: a hanging connection would block the old
    // one.
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(timeouts.answer)
        .connect_lazy_with(options.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    // We reconnect ourselves, so that the listener learns that it missed signals.
    listener.eager_reconnect(false);
    in_time(timeouts, listener.listen_all([WORK, CHANGES])).await?;
    Ok(listener)
}

/// Passes on signals until the connection is lost; returns the error.
async fn forward(
    mut listener: PgListener,
    timeouts: Timeouts,
    sender: &mpsc::Sender<Signal>,
) -> sqlx::Error {
    let mut signal = Signal::MissedSome;
    loop {
        // An error means that the stream was dropped, which ends this task at its next await.
        let _ = sender.send(signal).await;
        signal = match next(&mut listener, timeouts).await {
            Ok(notification) => signal_of(&notification),
            Err(error) => return error,
        };
    }
}

async fn next(
    listener: &mut PgListener,
    timeouts: Timeouts,
) -> Result<PgNotification, sqlx::Error> {
    loop {
        match timeout(timeouts.heartbeat, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => return Ok(notification),
            Ok(Ok(None)) => return Err(lost("the connection was closed")),
            Ok(Err(error)) => return Err(error),
            Err(_) => {
                in_time(timeouts, listener.execute("SELECT 1")).await?;
            }
        }
    }
}

async fn in_time<T>(
    timeouts: Timeouts,
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    timeout(timeouts.answer, answer).await.unwrap_or_else(|_| Err(lost("the connection is silent")))
}

fn lost(how: &str) -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, how))
}

fn signal_of(notification: &PgNotification) -> Signal {
    match (notification.channel(), notification.payload().parse()) {
        (WORK, _) => Signal::Work,
        (_, Ok(id)) => Signal::Interview(InterviewId::new(id)),
        // Not a payload of ours; checking for changes does no harm.
        (_, Err(_)) => Signal::MissedSome,
    }
}
