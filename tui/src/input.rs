//! What comes from the terminal: keys, pastes, and answers to what it was asked. Its bytes are read
//! here and by nobody else while the app has the terminal, so that an answer that comes late, or in two
//! halves, finds somebody who knows it. It can be stopped, so that another program has the keyboard to
//! itself.

mod chars;
mod csi;
mod decoder;
mod paste;
mod reader;
mod string;
#[cfg(test)]
mod tests;

use std::{io, os::unix::net::UnixStream, thread::JoinHandle};

use crossterm::event::KeyEvent;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What a terminal sends that somebody waits for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sent {
    /// A key was pressed, or let go of.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The terminal lost the focus.
    FocusLost,
    /// It has the focus again.
    FocusGained,
    /// A colour that it was asked for.
    Colour(Colour),
    /// What kind of terminal it is; whatever was asked before that is answered by now, or never.
    Attributes,
}

/// A colour of the terminal by how light it is, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Colour {
    /// Of text.
    Text(f32),
    /// Of what is behind it.
    Background(f32),
}

/// The terminal, read on a thread of its own.
pub(crate) struct Input {
    sent: UnboundedReceiver<Sent>,
    /// The thread ends when this is gone.
    stop: UnixStream,
    reading: JoinHandle<()>,
}

impl Input {
    /// Begins to read.
    pub(crate) fn start() -> io::Result<Self> {
        let (sender, sent) = unbounded_channel();
        let (stop, stopped) = UnixStream::pair()?;
        let reading = reader::start(stopped, sender)?;
        Ok(Self { sent, stop, reading })
    }

    /// What comes next, when there is something; none when the terminal is gone.
    pub(crate) async fn next(&mut self) -> Option<Sent> {
        self.sent.recv().await
    }

    /// What has come already.
    pub(crate) fn waiting(&mut self) -> Option<Sent> {
        self.sent.try_recv().ok()
    }

    /// Stops reading; the keyboard is free once this returns.
    pub(crate) async fn stop(self) {
        let Self { stop, reading, .. } = self;
        drop(stop);
        // It only ends; a panic of it is in the log.
        let _ = tokio::task::spawn_blocking(move || reading.join()).await;
    }
}
