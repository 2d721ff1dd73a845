//! A scripted language model for tests: an HTTP server that speaks the chat-completions protocol
//! and does what a [`Script`] says, whether right or wrong.
//!
//! Included: an honest model that grades with the built-in grader and asks questions from its own
//! small stock, a puppet that obeys instructions it should never have seen, a reader that scores
//! and quotes as told, replays of recorded replies, and network faults: resets, hangs, truncated
//! and endless bodies. A request for the list of models returns those of [`FakeModel::list`],
//! whatever the script. Not included: TLS, HTTP/2, reused connections, streaming.
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
//! To try the app without a real model, run the program:
//!
//! ```text
//! cargo run -p viva-fake-model -- [--listen 127.0.0.1:8089] [--delay-ms 200] [--case FILE]
//! ```
//!
//! It prints the two settings to export, `LLM_API_URL` and `LLM_MODEL`, and serves until Ctrl+C.
//! With `--case` it replays a file from `server/tests/corpora/llm-responses` instead of being
//! honest.

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
    /// Starts a model on a free port of 127.0.0.1. An error means that no port was available.
    pub async fn start(script: Script) -> io::Result<Self> {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), script).await
    }

    /// Starts a model on this address, for example where another has just stopped.
    pub async fn start_at(address: SocketAddr, script: Script) -> io::Result<Self> {
        Ok(Self { server: Server::start(address, script).await? })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// The value of `LLM_API_URL` that reaches it.
    pub fn url(&self) -> String {
        format!("http://{}{PATH}", self.address())
    }

    /// How many complete requests have arrived, including refused and unanswered ones.
    pub fn calls(&self) -> usize {
        self.server.shared.requests.borrow().len()
    }

    /// The requests received so far, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.server.shared.requests.borrow().clone()
    }

    /// The requests received at the second listener, which `@@OTHER_HOST@@` in a case names. None
    /// arrive if the client does not follow redirects.
    pub fn other_host_hits(&self) -> Vec<Request> {
        self.server.shared.other_host_hits.borrow().clone()
    }

    /// How many requests are being served now. A request counts until its reply begins to go out
    /// or, without a reply, until the client is seen to hang up.
    pub fn busy(&self) -> usize {
        self.server.shared.load.busy()
    }

    /// The most requests served at the same time so far.
    pub fn most_at_once(&self) -> usize {
        self.server.shared.load.most()
    }

    /// Waits until this many requests have arrived since the start.
    pub async fn wait_for_calls(&self, calls: usize) {
        let mut requests = self.server.shared.requests.subscribe();
        // An error would mean that the sender is gone, which `self` owns.
        let _ = requests.wait_for(|requests| requests.len() >= calls).await;
    }

    /// Waits until no request is being served.
    pub async fn wait_until_idle(&self) {
        self.server.shared.load.wait_until_idle().await;
    }

    /// Changes the script for requests that arrive from now on. Earlier requests, held back or not,
    /// are answered by the script that was in force when they arrived.
    pub fn set(&self, script: Script) {
        self.server.shared.set(script);
    }

    /// Changes the list of models it reports, initially `fake`.
    pub fn list(&self, models: &[&str]) {
        self.server.shared.list(models);
    }

    /// Holds back every reply from now on, until [`FakeModel::release`].
    pub fn hold(&self) {
        self.server.shared.gate.hold();
    }

    /// Releases all held replies and stops holding back.
    pub fn release(&self) {
        self.server.shared.gate.release();
    }

    /// Releases one reply, now or as soon as one is ready, and holds back the others. If several
    /// are waiting, which one goes is unspecified.
    pub fn release_one(&self) {
        self.server.shared.gate.release_one();
    }

    /// Stops as a killed process would: it no longer listens, and open connections are reset. When
    /// this returns, the port is free for [`FakeModel::start_at`]. The records are kept.
    pub async fn stop(&self) {
        self.server.stop().await;
    }
}
