//! What comes from the terminal, read in a task of its own so that the loop can also ask whether
//! something waits. It can be stopped, so that another program has the keyboard to itself.

use crossterm::event::{Event as TerminalEvent, EventStream};
use futures::StreamExt as _;
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
};

use crate::msg::Event;

/// The keys, pastes and sizes that the terminal sends.
pub(crate) struct Input {
    events: UnboundedReceiver<Event>,
    reading: JoinHandle<()>,
}

impl Input {
    /// Begins to read.
    pub(crate) fn start() -> Self {
        let (sender, events) = unbounded_channel();
        let reading = tokio::spawn(async move {
            // Only ever polled here: the stream wakes whoever polled it first, and nobody else.
            let mut stream = EventStream::new();
            while let Some(Ok(event)) = stream.next().await {
                if let Some(event) = translate(event)
                    && sender.send(event).is_err()
                {
                    return;
                }
            }
        });
        Self { events, reading }
    }

    /// The next event, when there is one. A terminal that is gone asks to end.
    pub(crate) async fn next(&mut self) -> Event {
        self.events.recv().await.unwrap_or(Event::Terminate)
    }

    /// An event that waits already.
    pub(crate) fn waiting(&mut self) -> Option<Event> {
        self.events.try_recv().ok()
    }

    /// Stops reading; the keyboard is free once this returns.
    pub(crate) async fn stop(self) {
        self.reading.abort();
        // It ends as aborted, which is what was asked for.
        let _ = self.reading.await;
    }
}

/// An event of the terminal as one of the app.
fn translate(event: TerminalEvent) -> Option<Event> {
    match event {
        TerminalEvent::Key(key) => Some(Event::Key(key)),
        TerminalEvent::Paste(text) => Some(Event::Paste(text)),
        TerminalEvent::Resize(columns, rows) => Some(Event::Resize(columns, rows)),
        TerminalEvent::FocusLost => Some(Event::Blur),
        TerminalEvent::FocusGained | TerminalEvent::Mouse(_) => None,
    }
}
