//! Whether the server answers, and when it is tried again.

use jiff::Timestamp;

use crate::{msg::Account, problem::Problem};

/// Milliseconds between tries, longer each time.
const BACK_OFF_MS: [i64; 5] = [1_000, 2_000, 3_000, 5_000, 8_000];

/// The connection to the server as the user sees it.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// How it stands.
    pub(crate) state: LinkState,
    /// Who is signed in.
    pub(crate) account: Option<Account>,
    /// When the server is tried again, while it is down.
    pub(crate) retry_at: Option<Timestamp>,
    failures: usize,
}

/// How the connection stands.
#[derive(Debug, Default)]
pub(crate) enum LinkState {
    /// The server is being started or dialled.
    #[default]
    Starting,
    /// The embedded server cannot start.
    Failed(Problem),
    /// The server answered last time.
    Up,
    /// The server did not answer last time.
    Down,
}

impl Link {
    /// The server answered. Returns whether it had not before.
    pub(crate) fn up(&mut self) -> bool {
        let was_down = matches!(self.state, LinkState::Down);
        self.state = LinkState::Up;
        self.retry_at = None;
        self.failures = 0;
        was_down
    }

    /// The server did not answer: it is tried again after a while.
    pub(crate) fn down(&mut self, now: Timestamp) {
        let wait = BACK_OFF_MS[self.failures.min(BACK_OFF_MS.len() - 1)];
        self.failures += 1;
        self.state = LinkState::Down;
        self.retry_at = Timestamp::from_millisecond(now.as_millisecond() + wait).ok();
    }

    /// Whether it is time to try again; asks only once for each wait.
    pub(crate) fn is_due(&mut self, now: Timestamp) -> bool {
        self.retry_at.take_if(|at| *at <= now).is_some()
    }

    /// Whether the server is known not to answer.
    pub(crate) fn is_down(&self) -> bool {
        matches!(self.state, LinkState::Down)
    }
}
