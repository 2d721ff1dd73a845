//! Input from the terminal: keys, pastes, and replies to what it was asked. Only this module reads
//! it while the app has the terminal, so that a reply that comes late or in two parts is
//! recognised. Reading can be stopped, so that another program has the keyboard to itself.

mod chars;
mod csi;
mod decoder;
mod paste;
mod reader;
mod string;
#[cfg(test)]
mod tests;

use std::{io, os::unix::net::UnixStream, thread::JoinHandle};

use crossterm::event::{KeyEvent, MouseEvent};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Something that the terminal sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sent {
    /// A key was pressed or released.
    Key(KeyEvent),
    /// The mouse was used, which a terminal reports only when asked to.
    Mouse(MouseEvent),
    /// A text was pasted.
    Paste(String),
    /// The terminal lost the focus.
    FocusLost,
    /// It has the focus again.
    FocusGained,
    /// A colour, as requested.
    Colour(Colour),
    /// The kind of terminal; nothing that was asked before it is answered after it.
    Attributes,
}

/// A colour of the terminal, as its lightness from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Colour {
    /// The text's colour.
    Text(f32),
    /// The background's colour.
    Background(f32),
}

/// The terminal, read on a thread of its own.
pub(crate) struct Input {
    sent: UnboundedReceiver<Sent>,
    /// The thread ends when this is dropped.
    stop: UnixStream,
    reading: JoinHandle<()>,
}

impl Input {
    /// Starts to read.
    pub(crate) fn start() -> io::Result<Self> {
        let (sender, sent) = unbounded_channel();
        let (stop, stopped) = UnixStream::pair()?;
        let reading = reader::start(stopped, sender)?;
        Ok(Self { sent, stop, reading })
    }

    /// Returns the next input when there is some; `None` if the terminal is gone.
    pub(crate) async fn next(&mut self) -> Option<Sent> {
        self.sent.recv().await
    }

    /// Returns input that has already come.
    pub(crate) fn waiting(&mut self) -> Option<Sent> {
        self.sent.try_recv().ok()
    }

    /// Stops reading; the keyboard is free once this returns.
    pub(crate) async fn stop(self) {
        let Self { stop, reading, .. } = self;
        drop(stop);
        // The thread only ends; if it panicked, that is in the log.
        let _ = tokio::task::spawn_blocking(move || reading.join()).await;
    }
}
