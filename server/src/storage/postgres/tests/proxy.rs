//! A way to the database that can swallow everything, as a network does.

use std::{str::FromStr, sync::Arc};

use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

/// Passes on what it is sent, connection by connection, until they are frozen.
pub(super) struct Proxy {
    /// The database through the proxy.
    pub(super) url: String,
    /// Connections up to this number are frozen.
    frozen: Arc<watch::Sender<u64>>,
    /// Connections that there have been.
    made: watch::Receiver<u64>,
    _task: JoinSet<()>,
}

impl Proxy {
    pub(super) async fn before(url: &str) -> Self {
        let options = PgConnectOptions::from_str(url).unwrap();
        let target = format!("{}:{}", options.get_host(), options.get_port());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let frozen = Arc::new(watch::Sender::new(0));
        let (count, made) = watch::channel(0);
        let mut task = JoinSet::new();
        task.spawn(serve(listener, target.clone(), frozen.clone(), count));
        let url = url.replacen(&target, &address.to_string(), 1);
        Self { url, frozen, made, _task: task }
    }

    /// From now on nothing goes through the connections that there are, in either direction, and
    /// neither end is told. New ones work.
    pub(super) fn freeze(&self) {
        self.frozen.send_replace(*self.made.borrow());
    }
}

async fn serve(
    listener: TcpListener,
    target: String,
    frozen: Arc<watch::Sender<u64>>,
    count: watch::Sender<u64>,
) {
    let mut connections = JoinSet::new();
    for number in 1.. {
        let (near, _) = listener.accept().await.unwrap();
        count.send_replace(number);
        let far = TcpStream::connect(&target).await.unwrap();
        let (near_reader, near_writer) = near.into_split();
        let (far_reader, far_writer) = far.into_split();
        connections.spawn(pass_on(near_reader, far_writer, number, frozen.subscribe()));
        connections.spawn(pass_on(far_reader, near_writer, number, frozen.subscribe()));
    }
}

async fn pass_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    number: u64,
    mut frozen: watch::Receiver<u64>,
) {
    let mut buffer = [0; 4096];
    loop {
        let read = tokio::select! {
            biased;
            _ = frozen.wait_for(|frozen| *frozen >= number) => break,
            read = from.read(&mut buffer) => read.unwrap_or(0),
        };
        if read == 0 || to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
    // Both ends are kept open and neither hears of the other again.
    std::future::pending::<()>().await;
}
