//! Counts the round trips that a program makes to its PostgreSQL server, by reading what it sends:
//! each simple query, and each Sync, which ends a prepared one.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    task::{JoinHandle, JoinSet},
};

/// The code in the message by which a client asks for TLS, before its first real one.
const TLS_WANTED: [u8; 4] = 80_877_103_u32.to_be_bytes();

/// A proxy in front of a PostgreSQL server that counts. Dropping it ends its connections.
#[derive(Debug)]
pub struct StatementCounter {
    trips: Arc<AtomicU64>,
    running: JoinHandle<()>,
}

impl StatementCounter {
    /// A counter in front of a URL's host, and the URL that goes through it.
    pub async fn before_url(url: &str) -> (Self, String) {
        let (_, rest) = url.split_once("://").unwrap();
        let place = rest.split(['/', '?']).next().unwrap();
        let host = place.rsplit('@').next().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let by_counter = url.replacen(host, &listener.local_addr().unwrap().to_string(), 1);
        let trips = Arc::new(AtomicU64::new(0));
        let running = tokio::spawn(serve(listener, host.to_owned(), Arc::clone(&trips)));
        (Self { trips, running }, by_counter)
    }

    /// Round trips so far, over all connections.
    pub fn count(&self) -> u64 {
        self.trips.load(Ordering::SeqCst)
    }
}

impl Drop for StatementCounter {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn serve(listener: TcpListener, target: String, trips: Arc<AtomicU64>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((near, _)) = listener.accept().await else { continue };
        connections.spawn(connection(near, target.clone(), Arc::clone(&trips)));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(near: TcpStream, target: String, trips: Arc<AtomicU64>) {
    let Ok(far) = TcpStream::connect(target).await else { return };
    let (near_reader, mut near_writer) = near.into_split();
    let (mut far_reader, far_writer) = far.into_split();
    tokio::select! {
        _ = count(near_reader, far_writer, &trips) => {}
        _ = tokio::io::copy(&mut far_reader, &mut near_writer) => {}
    }
}

/// Passes on what the client sends, one message at a time.
async fn count(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    trips: &AtomicU64,
) -> std::io::Result<()> {
    // The first messages have no kind. A request for TLS is followed by another one without a kind.
    loop {
        let message = message(&mut from, None).await?;
        to.write_all(&message).await?;
        if message.get(4..8) != Some(&TLS_WANTED) {
            break;
        }
    }
    loop {
        let kind = from.read_u8().await?;
        let message = message(&mut from, Some(kind)).await?;
        if matches!(kind, b'Q' | b'S') {
            trips.fetch_add(1, Ordering::SeqCst);
        }
        to.write_all(&message).await?;
    }
}

/// A whole message, including its kind and length.
async fn message(from: &mut OwnedReadHalf, kind: Option<u8>) -> std::io::Result<Vec<u8>> {
    let length = from.read_u32().await?;
    let mut message: Vec<u8> = kind.into_iter().collect();
    message.extend(length.to_be_bytes());
    let head = message.len();
    message.resize(head + (length as usize).saturating_sub(4), 0);
    from.read_exact(&mut message[head..]).await?;
    Ok(message)
}
