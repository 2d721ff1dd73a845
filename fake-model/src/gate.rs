//! The gate that a test closes to hold back replies.

use tokio::sync::watch;

/// Open at first.
#[derive(Debug)]
pub(crate) struct Gate(watch::Sender<State>);

#[derive(Debug, Default)]
struct State {
    closed: bool,
    /// How many may pass although the gate is closed.
    tickets: usize,
}

impl Gate {
    pub(crate) fn open() -> Self {
        Self(watch::Sender::new(State::default()))
    }

    /// Closes the gate and discards all tickets.
    pub(crate) fn hold(&self) {
        self.0.send_replace(State { closed: true, tickets: 0 });
    }

    /// Opens the gate.
    pub(crate) fn release(&self) {
        self.0.send_replace(State::default());
    }

    /// Lets one pass through the closed gate.
    pub(crate) fn release_one(&self) {
        self.0.send_if_modified(|state| {
            state.tickets += usize::from(state.closed);
            state.closed
        });
    }

    /// Waits until the gate lets the caller pass.
    pub(crate) async fn pass(&self) {
        // Subscribe before checking, so that no change in between is missed.
        let mut changes = self.0.subscribe();
        while !self.let_pass() {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    fn let_pass(&self) -> bool {
        let mut passed = false;
        self.0.send_if_modified(|state| {
            passed = !state.closed || state.tickets > 0;
            state.tickets = state.tickets.saturating_sub(1);
            // A used ticket does not concern those that wait.
            false
        });
        passed
    }
}
