//! Signals from other programs to the app.

use std::io;

use signal_hook::{
    consts::{SIGCONT, SIGTSTP, SIGTTOU},
    low_level,
};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::effect::StopFor;

/// The exit code after Ctrl+C from another process.
pub(crate) const INTERRUPTED: u8 = 128 + 2;

/// The exit code when the terminal is gone.
pub(crate) const HUNG_UP: u8 = 128 + 1;

/// The meaning of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signalled {
    /// End with this exit code.
    End(u8),
    /// Stop, for the shell's job control.
    Stop,
    /// The process was stopped by some signal and continues.
    GoOn,
    /// The terminal's size has changed.
    Resize,
}

/// Listens for signals.
pub(crate) struct Signals {
    end: [(Signal, u8); 4],
    stop: Signal,
    go_on: Signal,
    resize: Signal,
}

impl Signals {
    /// Starts to listen.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            end: [
                (signal(SignalKind::terminate())?, 128 + 15),
                (signal(SignalKind::hangup())?, HUNG_UP),
                (signal(SignalKind::quit())?, 128 + 3),
                (signal(SignalKind::interrupt())?, INTERRUPTED),
            ],
            stop: signal(SignalKind::from_raw(SIGTSTP))?,
            go_on: signal(SignalKind::from_raw(SIGCONT))?,
            resize: signal(SignalKind::window_change())?,
        })
    }

    /// Returns the next signal.
    pub(crate) async fn next(&mut self) -> Signalled {
        let [(terminate, a), (hangup, b), (quit, c), (interrupt, d)] = &mut self.end;
        tokio::select! {
            biased;
            _ = terminate.recv() => Signalled::End(*a),
            _ = hangup.recv() => Signalled::End(*b),
            _ = quit.recv() => Signalled::End(*c),
            _ = interrupt.recv() => Signalled::End(*d),
            _ = self.stop.recv() => Signalled::Stop,
            _ = self.go_on.recv() => Signalled::GoOn,
            _ = self.resize.recv() => Signalled::Resize,
        }
    }
}

/// Stops the process; returns when it continues. This app handles SIGTSTP, so SIGTSTP no longer
/// stops it.
pub(crate) fn stop(asked: StopFor) -> io::Result<()> {
    match asked {
        // Like SIGTSTP, it has no effect without a shell that could continue the process.
        StopFor::Shell => low_level::raise(SIGTTOU),
        StopFor::Other => low_level::emulate_default_handler(SIGTSTP),
    }
}
