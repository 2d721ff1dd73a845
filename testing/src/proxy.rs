//! A proxy between a program and its database. It can cut connections, as a restart does, fall
//! silent, as a network can, and lose replies.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, watch},
    task::{JoinHandle, JoinSet},
};

/// A proxy that forwards everything until told otherwise. Dropping it ends it and all its
/// connections.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    state: watch::Sender<State>,
    running: JoinHandle<()>,
}

/// What happens to connections.
#[derive(Debug, Default)]
struct State {
    /// The number of connections made so far.
    made: u64,
    /// Connections up to this number are silent.
    silent: u64,
    /// Connections up to this number end when the next reply comes.
    lossy: u64,
    /// All connections end, new ones too.
    is_cut: bool,
}

impl Proxy {
    /// A proxy in front of this address (host and port).
    pub async fn before(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = watch::Sender::default();
        let running = tokio::spawn(serve(listener, target.to_owned(), state.clone()));
        Self { address, state, running }
    }

    /// A proxy in front of a URL's host, and the URL that goes through it.
    pub async fn before_url(url: &str) -> (Self, String) {
        let (_, rest) = url.split_once("://").unwrap();
        let place = rest.split(['/', '?']).next().unwrap();
        let host = place.rsplit('@').next().unwrap();
        let proxy = Self::before(host).await;
        let by_proxy = url.replacen(host, &proxy.address.to_string(), 1);
        (proxy, by_proxy)
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends every connection, and each new one immediately.
    pub fn cut(&self) {
        self.state.send_modify(|state| state.is_cut = true);
    }

    /// Accepts new connections again after [`Self::cut`].
    pub fn mend(&self) {
        self.state.send_modify(|state| state.is_cut = false);
    }

    /// From now on nothing passes through the existing connections in either direction, and neither
    /// end is notified. New ones work.
    pub fn freeze(&self) {
        self.state.send_modify(|state| state.silent = state.made);
    }

    /// Ends each existing connection in place of its next reply: the work is done, but the caller
    /// never learns it. New ones work.
    pub fn lose_replies(&self) {
        self.state.send_modify(|state| state.lossy = state.made);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn serve(listener: TcpListener, target: String, state: watch::Sender<State>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((near, _)) = listener.accept().await else { continue };
        let mut number = 0;
        state.send_modify(|state| {
            state.made += 1;
            number = state.made;
        });
        connections.spawn(connection(near, target.clone(), number, state.subscribe()));
        // Forget those that have ended.
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(near: TcpStream, target: String, number: u64, state: watch::Receiver<State>) {
    if state.borrow().is_cut {
        return;
    }
    let Ok(far) = TcpStream::connect(target).await else { return };
    let mut is_cut = state.clone();
    let (near_reader, near_writer) = near.into_split();
    let (far_reader, far_writer) = far.into_split();
    let lost = Notify::new();
    let both = async {
        tokio::join!(
            pass_on(near_reader, far_writer, number, state.clone(), None),
            pass_on(far_reader, near_writer, number, state.clone(), Some(&lost)),
        )
    };
    tokio::select! {
        _ = both => {}
        () = lost.notified() => {}
        _ = is_cut.wait_for(|state| state.is_cut) => {}
    }
}

/// Forwards one direction until it ends. Once the connection is silent, forwards nothing, forever.
/// Notifies `lost` when a reply is lost.
async fn pass_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    number: u64,
    mut state: watch::Receiver<State>,
    lost: Option<&Notify>,
) {
    let mut buffer = [0; 8192];
    loop {
        let read = tokio::select! {
            biased;
            _ = state.wait_for(|state| state.silent >= number) => break,
            read = from.read(&mut buffer) => read.unwrap_or(0),
        };
        if let Some(lost) = lost.filter(|_| read > 0 && state.borrow().lossy >= number) {
            lost.notify_one();
            break;
        }
        if read == 0 || to.write_all(&buffer[..read]).await.is_err() {
            // The other direction may continue.
            let _ = to.shutdown().await;
            return;
        }
    }
    std::future::pending::<()>().await;
}
