//! A scripted language model for tests: an HTTP server that speaks the chat-completions protocol
//! and does what a [`Script`] says, well or badly.
//!
//! It offers an honest model that grades with the built-in grader and asks questions from a small
//! stock of its own, a puppet that obeys orders it should never have seen, a reader that scores and
//! quotes as it is told, replays of recorded replies, and network faults: resets, hangs, truncated
//! and endless bodies. Its list of models is that of [`FakeModel::list`], whatever the script. It
//! does not offer TLS, HTTP/2, connection reuse or streaming.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use viva_fake_model::{FakeModel, Script};
//!
//! let model = FakeModel::start(Script::honest()).await.unwrap();
//! assert!(model.url().ends_with("/v1/chat/completions"));
//! assert_eq!(model.calls(), 0);
//! model.stop().await;
//! # });
//! ```
//!
//! To try the app without a model, run the program:
//!
//! ```text
//! cargo run -p viva-fake-model -- [--listen 127.0.0.1:8089] [--delay-ms 200] [--case FILE]
//! ```
//!
//! It prints the two settings to export, `LLM_API_URL` and `LLM_MODEL`, and serves until Ctrl+C.
//! With `--case` it replays a file of `server/tests/corpora/llm-responses` instead of being honest.

mod gate;
mod honest;
mod http;
mod load;
mod message;
mod mind;
mod reading;
mod replay;
mod reply;
mod script;
mod server;
mod tokens;
mod wire;

use std::{io, net::SocketAddr};

pub use http::Request;
pub use reading::{Quoting, Reading};
pub use replay::{Behaviour, Case};
pub use reply::Reply;
pub use script::{Form, Refusal, Script};

use server::Server;

/// The path of the endpoint.
const PATH: &str = "/v1/chat/completions";

/// A running fake model. Dropping it stops it; [`FakeModel::stop`] also waits until its port is
/// free.
#[derive(Debug)]
pub struct FakeModel {
    server: Server,
}

impl FakeModel {
    /// Starts one on a free port of 127.0.0.1. An error means that there was no port to be had.
    pub async fn start(script: Script) -> io::Result<Self> {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), script).await
    }

    /// Starts one on that address, for instance where another has just stopped.
    pub async fn start_at(address: SocketAddr, script: Script) -> io::Result<Self> {
        Ok(Self { server: Server::start(address, script).await? })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// What `LLM_API_URL` must be to reach it.
    pub fn url(&self) -> String {
        format!("http://{}{PATH}", self.address())
    }

    /// How many requests have come in whole, refused and unanswered ones included.
    pub fn calls(&self) -> usize {
        self.server.shared.requests.borrow().len()
    }

    /// The requests that have come in, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.server.shared.requests.borrow().clone()
    }

    /// What came in at the second listener, which `@@OTHER_HOST@@` in a case names. A client that
    /// does not follow redirects leaves it empty.
    pub fn other_host_hits(&self) -> Vec<Request> {
        self.server.shared.other_host_hits.borrow().clone()
    }

    /// The requests being served now. One counts until its reply begins to go out, or, where none
    /// does, until the client's hang-up is seen.
    pub fn busy(&self) -> usize {
        self.server.shared.load.busy()
    }

    /// The most requests that were being served at the same time.
    pub fn most_at_once(&self) -> usize {
        self.server.shared.load.most()
    }

    /// Waits until that many requests have come in since the start.
    pub async fn wait_for_calls(&self, calls: usize) {
        let mut requests = self.server.shared.requests.subscribe();
        // An error would mean that the sender is gone, which `self` owns.
        let _ = requests.wait_for(|requests| requests.len() >= calls).await;
    }

    /// Waits until no request is being served.
    pub async fn wait_until_idle(&self) {
        self.server.shared.load.wait_until_idle().await;
    }

    /// Changes what it does with requests that come in from now on. One that came in before, held
    /// or not, is answered by the script that it met.
    pub fn set(&self, script: Script) {
        self.server.shared.set(script);
    }

    /// Changes what it names when it is asked for its list of models, which is `fake` at first.
    pub fn list(&self, models: &[&str]) {
        self.server.shared.list(models);
    }

    /// Keeps every reply back from now on, until [`FakeModel::release`].
    pub fn hold(&self) {
        self.server.shared.gate.hold();
    }

    /// Lets all replies go that were kept back, and those to come.
    pub fn release(&self) {
        self.server.shared.gate.release();
    }

    /// Lets one reply go, now or as soon as there is one, and keeps the others back. Which one goes
    /// of several that wait is not said.
    pub fn release_one(&self) {
        self.server.shared.gate.release_one();
    }

    /// Stops as a killed process would: nobody listens any more and open connections are reset.
    /// When it returns the port is free for [`FakeModel::start_at`]. What was recorded stays.
    pub async fn stop(&self) {
        self.server.stop().await;
    }
}
