//! The thread that reads the terminal.

use std::{
    fs::File,
    io::{self, Read as _, stdin},
    os::{
        fd::{AsFd as _, AsRawFd},
        unix::net::UnixStream,
    },
    thread::{self, JoinHandle},
    time::Instant,
};

use filedescriptor::{POLLIN, poll, pollfd};
use tokio::sync::mpsc::UnboundedSender;

use super::{Sent, decoder::Decoder};

/// Starts the thread. It ends when the other end of `stopped` or the receiver is dropped, or the
/// terminal is gone; the receiver then sees the end of the channel.
pub(super) fn start(
    stopped: UnixStream,
    sender: UnboundedSender<Sent>,
) -> io::Result<JoinHandle<()>> {
    // The terminal that the app was started in; the standard library would buffer bytes.
    let terminal = File::from(stdin().as_fd().try_clone_to_owned()?);
    let work = move || {
        if let Err(error) = read(terminal, &stopped, &sender) {
            tracing::warn!(%error, "the terminal cannot be read");
        }
    };
    thread::Builder::new().name("input".to_owned()).spawn(work)
}

fn read(
    mut terminal: File,
    stopped: &UnixStream,
    sender: &UnboundedSender<Sent>,
) -> io::Result<()> {
    let mut decoder = Decoder::new(Instant::now());
    let mut bytes = [0; 4096];
    let mut sent = Vec::new();
    loop {
        let mut both = [to_read(&terminal), to_read(stopped)];
        let wait = decoder.deadline().map(|at| at.saturating_duration_since(Instant::now()));
        match poll(&mut both, wait) {
            Ok(_) => {}
            Err(filedescriptor::Error::Poll(error)) if is_passing(&error) => continue,
            Err(error) => return Err(io::Error::other(error)),
        }
        if both[1].revents != 0 {
            return Ok(());
        }
        if both[0].revents == 0 {
            decoder.wait_is_over(Instant::now(), &mut sent);
        } else {
            match terminal.read(&mut bytes) {
                Ok(0) => return Ok(()),
                Ok(count) => {
                    let more = count == bytes.len();
                    decoder.read(&bytes[..count], more, Instant::now(), &mut sent);
                }
                Err(error) if is_passing(&error) => {}
                Err(error) => return Err(error),
            }
        }
        for one in sent.drain(..) {
            if sender.send(one).is_err() {
                return Ok(());
            }
        }
    }
}

fn to_read(from: &impl AsRawFd) -> pollfd {
    pollfd { fd: from.as_raw_fd(), events: POLLIN, revents: 0 }
}

/// Whether the read is worth a retry.
fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock)
}
