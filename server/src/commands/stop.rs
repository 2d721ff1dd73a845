//! The signals that a process is told to stop by.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Listens from now on. The first SIGTERM or SIGINT cancels the token; a second ends the process at
/// once, as `kill -9` would, with exit code 1. SIGHUP, which is sent when a terminal is closed and
/// to reload settings, has the certificates read again (`tls`) and ends nothing: other settings are
/// read at the start.
///
/// SIGPIPE needs nothing here: the Rust runtime ignores it, and so does the log.
pub fn stop_signal() -> io::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let stop = CancellationToken::new();
    let first = stop.clone();
    tokio::spawn(async move {
        either(&mut terminate, &mut interrupt).await;
        tracing::info!("stopping; a second signal stops at once");
        first.cancel();
        either(&mut terminate, &mut interrupt).await;
        std::process::exit(1);
    });
    tokio::spawn(async move {
        while hang_up.recv().await.is_some() {
            tracing::info!(
                "SIGHUP: certificates are read again; other settings are read at the start"
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
