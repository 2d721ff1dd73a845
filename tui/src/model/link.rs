//! Whether the server answers, and when it is retried.

use jiff::Timestamp;

use crate::problem::Problem;

/// Milliseconds between attempts, longer each time.
const BACK_OFF_MS: [i64; 5] = [1_000, 2_000, 3_000, 5_000, 8_000];

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Account {
    /// The owner of the embedded server.
    Owner,
    /// An account of a remote server.
    Named(String),
    /// Nobody.
    Nobody,
}

/// The connection to the server as the user sees it.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// The state of the connection.
    pub(crate) state: LinkState,
    /// The account that is signed in.
    pub(crate) account: Option<Account>,
    /// The time of the next attempt, while the server is down.
    pub(crate) retry_at: Option<Timestamp>,
    failures: usize,
}

/// The state of the connection.
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
    /// Notes that the server answered. Returns whether it had been down.
    pub(crate) fn up(&mut self) -> bool {
        let was_down = matches!(self.state, LinkState::Down);
        self.state = LinkState::Up;
        self.retry_at = None;
        self.failures = 0;
        was_down
    }

    /// Notes that the server did not answer, and sets the time of the next attempt.
    pub(crate) fn down(&mut self, now: Timestamp) {
        let wait = BACK_OFF_MS[self.failures.min(BACK_OFF_MS.len() - 1)];
        self.failures += 1;
        self.state = LinkState::Down;
        self.retry_at = Timestamp::from_millisecond(now.as_millisecond() + wait).ok();
    }

    /// Whether it is time for the next attempt; true only once for each wait.
    pub(crate) fn is_due(&mut self, now: Timestamp) -> bool {
        self.retry_at.take_if(|at| *at <= now).is_some()
    }

    /// Whether the server is known not to answer.
    pub(crate) fn is_down(&self) -> bool {
        matches!(self.state, LinkState::Down)
    }
}
