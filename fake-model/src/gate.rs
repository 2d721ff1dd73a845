//! The gate that a test closes to keep replies back.

use tokio::sync::watch;

/// Open at first.
#[derive(Debug)]
pub(crate) struct Gate(watch::Sender<State>);

#[derive(Debug, Default)]
struct State {
    closed: bool,
    /// How many may pass though it is closed.
    tickets: usize,
}

impl Gate {
    pub(crate) fn open() -> Self {
        Self(watch::Sender::new(State::default()))
    }

    /// Closes it, tickets and all.
    pub(crate) fn hold(&self) {
        self.0.send_replace(State { closed: true, tickets: 0 });
    }

    /// Opens it.
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

    /// Waits until it lets the caller pass.
    pub(crate) async fn pass(&self) {
        // Subscribed before the look, so that no change between the two is missed.
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
            // One ticket less is no news for those who wait.
            false
        });
        passed
    }
}
