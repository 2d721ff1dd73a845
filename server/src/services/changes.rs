//! Tells watchers inside this process that something about an interview has changed. It is a hint:
//! whoever misses one finds the change at the next slow look.

use tokio::sync::broadcast;

use crate::domain::id::InterviewId;

/// Hints that a slow watcher may fall behind before it has to look for itself.
const BACKLOG: usize = 1024;

/// The hub of the hints.
#[derive(Clone)]
pub struct Changes {
    sender: broadcast::Sender<InterviewId>,
}

impl Default for Changes {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(BACKLOG) }
    }
}

impl Changes {
    /// Tells everybody who listens.
    pub fn announce(&self, interview: InterviewId) {
        // An error means that nobody listens, which is as well.
        let _ = self.sender.send(interview);
    }

    /// Listens from now on.
    pub fn listen(&self, interview: InterviewId) -> Listener {
        Listener { interview, receiver: self.sender.subscribe() }
    }
}

/// Hears of the changes of one interview.
pub struct Listener {
    interview: InterviewId,
    receiver: broadcast::Receiver<InterviewId>,
}

impl Listener {
    /// Waits for the next change, or for hints to have been missed, which may have been of one.
    pub async fn changed(&mut self) {
        loop {
            match self.receiver.recv().await {
                Ok(id) if id == self.interview => return,
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => return,
                // The hub is gone, and so is the server: no more hints will come.
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}
