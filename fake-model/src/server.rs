//! The two listeners, and what happens on a connection.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::sleep,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    gate::Gate,
    http::{self, NoRequest, Request},
    load::{Load, Serving},
    mind,
    replay::{Behaviour, Case},
    reply::Reply,
    script::{Plan, Script},
    tokens::Addresses,
    wire::{self, End},
};

/// The listeners and their connections.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) shared: Arc<Shared>,
    stopped: CancellationToken,
    tasks: TaskTracker,
}

/// What connections and the test that drives them share.
#[derive(Debug)]
pub(crate) struct Shared {
    script: Mutex<Script>,
    /// The names of the models it lists.
    models: Mutex<Vec<String>>,
    addresses: Addresses,
    /// How many times the model has thought; its questions vary with this.
    turns: AtomicUsize,
    pub(crate) requests: watch::Sender<Vec<Request>>,
    pub(crate) other_host_hits: watch::Sender<Vec<Request>>,
    pub(crate) load: Load,
    pub(crate) gate: Gate,
}

impl Server {
    pub(crate) async fn start(address: SocketAddr, script: Script) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let other = TcpListener::bind((address.ip(), 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            models: Mutex::new(vec!["fake".to_owned()]),
            addresses: Addresses { own: address, other_host: other.local_addr()? },
            turns: AtomicUsize::new(0),
            requests: watch::Sender::default(),
            other_host_hits: watch::Sender::default(),
            load: Load::none(),
            gate: Gate::open(),
        });
        let server =
            Self { address, shared, stopped: CancellationToken::new(), tasks: TaskTracker::new() };
        server.listen(listener, Host::Model);
        server.listen(other, Host::Other);
        Ok(server)
    }

    pub(crate) async fn stop(&self) {
        self.stopped.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn listen(&self, listener: TcpListener, host: Host) {
        let (shared, stopped) = (Arc::clone(&self.shared), self.stopped.clone());
        let tasks = self.tasks.clone();
        self.tasks.spawn(async move {
            while let Some(accepted) = stopped.run_until_cancelled(listener.accept()).await {
                let Ok((stream, _)) = accepted else {
                    // Usually a single connection that was reset before it was accepted. If it were
                    // all of them, for lack of file descriptors, retrying immediately would not
                    // help.
                    sleep(Duration::from_millis(10)).await;
                    continue;
                };
                let (shared, stopped) = (Arc::clone(&shared), stopped.clone());
                tasks.spawn(async move { connection(&shared, host, stream, &stopped).await });
            }
        });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.cancel();
    }
}

impl Shared {
    pub(crate) fn set(&self, script: Script) {
        *self.script.lock().unwrap_or_else(PoisonError::into_inner) = script;
    }

    pub(crate) fn list(&self, models: &[&str]) {
        let models = models.iter().map(|name| (*name).to_owned()).collect();
        *self.models.lock().unwrap_or_else(PoisonError::into_inner) = models;
    }

    /// Accepts a request: counts it, records it and, unless it asks for the list of models, takes
    /// the script's next step for it.
    fn take_in(&self, request: &Request) -> (Serving, Plan) {
        let serving = self.load.begin();
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let plan = if request.method == "GET" && request.path == "/v1/models" {
            let models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
            Plan::Send(Reply::models(&models), Behaviour::Normal)
        } else {
            script.plan(request, &self.addresses, self.load.busy())
        };
        // Under the lock, so that the records are in the order of the script's steps.
        self.requests.send_modify(|requests| requests.push(request.clone()));
        (serving, plan)
    }
}

/// Which of the two listeners.
#[derive(Debug, Clone, Copy)]
enum Host {
    Model,
    Other,
}

/// Serves a connection until it ends, which is immediately when the model is stopped.
async fn connection(
    shared: &Shared,
    host: Host,
    mut stream: TcpStream,
    stopped: &CancellationToken,
) {
    // Without this, the pieces of a slow reply would go out together. If it cannot be set, they do.
    let _ = stream.set_nodelay(true);
    let served = stopped.run_until_cancelled(serve(shared, host, &mut stream)).await;
    // An error means that the client is gone, so it does not matter how the connection ends.
    if !matches!(served, Some(Ok(End::Closed))) {
        let _ = stream.set_zero_linger();
    }
}

async fn serve(shared: &Shared, host: Host, stream: &mut TcpStream) -> io::Result<End> {
    let (mut reader, mut writer) = stream.split();
    let end = match (http::read(&mut reader).await, host) {
        (Err(NoRequest::Gone), _) => return Ok(End::Closed),
        (Err(NoRequest::Refused(reply)), _) => {
            let serving = Load::none().begin();
            wire::send(&mut writer, &reply, &Behaviour::Normal, serving).await?
        }
        (Ok(request), Host::Model) => tokio::select! {
            biased;
            end = answer(shared, request, &mut writer) => end?,
            () = hang_up(&mut reader) => return Ok(End::Closed),
        },
        (Ok(request), Host::Other) => {
            shared.other_host_hits.send_modify(|hits| hits.push(request));
            let serving = Load::none().begin();
            wire::send(&mut writer, &Case::healthy().reply, &Behaviour::Normal, serving).await?
        }
    };
    if end == End::Closed {
        writer.shutdown().await?;
        // Closing with unread bytes would reset the connection and could lose the reply.
        hang_up(&mut reader).await;
    }
    Ok(end)
}

async fn answer(
    shared: &Shared,
    request: Request,
    writer: &mut (impl tokio::io::AsyncWrite + Unpin),
) -> io::Result<End> {
    let (serving, plan) = shared.take_in(&request);
    shared.gate.pass().await;
    let (reply, behaviour) = match plan {
        Plan::Send(reply, behaviour) => (reply, behaviour),
        Plan::Think { mind, delay } => {
            sleep(delay).await;
            let turn = shared.turns.fetch_add(1, Ordering::Relaxed);
            (mind::think(mind, request, turn).await, Behaviour::Normal)
        }
    };
    wire::send(writer, &reply, &behaviour, serving).await
}

/// Waits until the client hangs up or closes its half, which is treated the same.
async fn hang_up(reader: &mut (impl AsyncRead + Unpin)) {
    let mut unread = [0; 1024];
    while matches!(reader.read(&mut unread).await, Ok(1..)) {}
}
