//! Tells watchers inside this process that something about an interview has changed.

use tokio::sync::broadcast;

use crate::domain::id::InterviewId;

/// How many hints a slow watcher may fall behind before it has to poll.
const BACKLOG: usize = 1024;

/// Sends hints to all listeners; clones share them.
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
    /// Tells every listener that an interview has changed.
    pub fn announce(&self, interview: InterviewId) {
        // An error means that nothing is listening, which is fine.
        let _ = self.sender.send(interview);
    }

    /// Listens for changes of an interview from now on.
    pub fn listen(&self, interview: InterviewId) -> Listener {
        Listener { interview, receiver: self.sender.subscribe() }
    }
}

/// Receives the hints about one interview.
pub struct Listener {
    interview: InterviewId,
    receiver: broadcast::Receiver<InterviewId>,
}

impl Listener {
    /// Waits for the next change, or until hints were missed, which may have been about one.
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
