//! Connections from the network, each within limits: there are so many at the most, and one that
//! says nothing is not kept. HTTP/2 itself has neither limit, and a connection that never begins to
//! speak could hold up a stopping server for ever.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures::{Stream, stream};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Sleep,
};
use tonic::transport::server::{Connected, TcpConnectInfo};

use crate::metrics::Open;

/// The bytes that every HTTP/2 connection begins with; a TLS hello is longer.
const PREFACE_BYTES: usize = 24;

/// How long accepting pauses after a fault of the system, which is most often that it is out of
/// descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// What connections may do.
#[derive(Debug, Clone, Copy)]
pub struct ListenLimits {
    /// Connections at the same time; one more is closed at once.
    pub connections: usize,
    /// How long a connection may take to begin to speak.
    pub preface: Duration,
}

impl Default for ListenLimits {
    fn default() -> Self {
        // Far more than a server of this kind has, and far fewer than the usual limit of
        // descriptors leaves room for, for the database and the log need some too.
        Self { connections: 800, preface: Duration::from_secs(10) }
    }
}

/// The listener's connections within these limits.
pub fn connections(
    listener: TcpListener,
    limits: ListenLimits,
) -> impl Stream<Item = io::Result<Connection>> + Send {
    let places = Arc::new(Semaphore::new(limits.connections));
    stream::unfold((listener, places), move |(listener, places)| async move {
        let connection = next(&listener, &places, limits).await;
        Some((Ok(connection), (listener, places)))
    })
}

/// The next connection that there is a place for.
async fn next(listener: &TcpListener, places: &Arc<Semaphore>, limits: ListenLimits) -> Connection {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => match Arc::clone(places).try_acquire_owned() {
                Ok(place) => return Connection::new(stream, place, limits.preface),
                // Dropping it tells the client at once; waiting would only fill the backlog.
                Err(_) => {
                    tracing::warn!(%peer, limit = limits.connections, "one connection too many");
                }
            },
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// A connection that must begin to speak in time, and gives its place back when it ends.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// Until it has begun to speak: how much it has said, and when its time is over.
    silence: Option<(usize, Pin<Box<Sleep>>)>,
    _place: OwnedSemaphorePermit,
    _open: Open,
}

impl Connection {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit, preface: Duration) -> Self {
        // Small messages go out at once; without this they may wait for the reply to the one before.
        // A connection that cannot be set so still works.
        let _ = stream.set_nodelay(true);
        let silence = Some((0, Box::pin(tokio::time::sleep(preface))));
        Self { stream, silence, _place: place, _open: Open::connection() }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let Some((said, silence)) = &mut self.silence else { return read };
        if read.is_pending() {
            ready!(silence.as_mut().poll(context));
            let fault = "the connection did not begin to speak in time";
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, fault)));
        }
        *said += buffer.filled().len() - before;
        if *said >= PREFACE_BYTES {
            self.silence = None;
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Connected for Connection {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> TcpConnectInfo {
        self.stream.connect_info()
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn listener() -> (TcpListener, std::net::SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[tokio::test]
    async fn a_connection_that_says_too_little_ends_and_one_that_speaks_stays() {
        let (listener, address) = listener().await;
        let limits = ListenLimits { connections: 9, preface: Duration::from_millis(50) };
        let mut incoming = Box::pin(connections(listener, limits));
        let mut silent = TcpStream::connect(address).await.unwrap();
        silent.write_all(b"PRI * HTTP").await.unwrap();
        let mut theirs = incoming.next().await.unwrap().unwrap();
        let mut said = Vec::new();
        let error = theirs.read_to_end(&mut said).await.unwrap_err();
        assert_eq!((error.kind(), said.as_slice()), (io::ErrorKind::TimedOut, &b"PRI * HTTP"[..]));

        let mut speaker = TcpStream::connect(address).await.unwrap();
        speaker.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        let mut theirs = incoming.next().await.unwrap().unwrap();
        let mut preface = [0; PREFACE_BYTES];
        theirs.read_exact(&mut preface).await.unwrap();
        assert!(theirs.silence.is_none(), "its time does not run any more");
    }

    #[tokio::test]
    async fn one_connection_too_many_is_closed_and_a_place_comes_free_again() {
        let (listener, address) = listener().await;
        let limits = ListenLimits { connections: 1, ..ListenLimits::default() };
        let mut incoming = Box::pin(connections(listener, limits));
        let _first = TcpStream::connect(address).await.unwrap();
        let first = incoming.next().await.unwrap().unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        let mut third = TcpStream::connect(address).await.unwrap();
        // The second is turned away while somebody waits for the next connection.
        let waiting = tokio::spawn(async move { incoming.next().await.unwrap().unwrap() });
        assert_eq!(second.read(&mut [0; 1]).await.unwrap_or(0), 0, "it is closed");
        assert_eq!(third.read(&mut [0; 1]).await.unwrap_or(0), 0, "and so is the third");
        drop(first);
        let _fourth = TcpStream::connect(address).await.unwrap();
        waiting.await.unwrap();
    }
}
