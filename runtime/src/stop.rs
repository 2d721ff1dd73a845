//! The signals that tell a process to stop.

use std::{io, time::Duration};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How long a stopping process waits for calls in progress. SIGTERM is usually followed by SIGKILL
/// ten seconds later.
pub const DRAIN: Duration = Duration::from_secs(8);

/// Listens for signals from now on. The first SIGTERM or SIGINT cancels the token; a second ends
/// the process immediately, like `kill -9`, with exit code 1. SIGHUP, which is sent when a terminal
/// is closed and to reload settings, only makes `tls` read the certificates again: other settings
/// are only read at the start.
///
/// SIGPIPE is not handled here: the Rust runtime ignores it, and the log ignores failed writes.
pub fn stop_signal() -> io::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let stop = CancellationToken::new();
    let first = stop.clone();
    tokio::spawn(async move {
        either(&mut terminate, &mut interrupt).await;
        tracing::info!("stopping; a second signal stops immediately");
        first.cancel();
        either(&mut terminate, &mut interrupt).await;
        std::process::exit(1);
    });
    tokio::spawn(async move {
        while hang_up.recv().await.is_some() {
            tracing::info!(
                "SIGHUP: reading the certificates again; other settings are read only at startup"
            );
        }
    });
    Ok(stop)
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
