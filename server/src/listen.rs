//! Connections from the network, with or without TLS, each within limits: there are so many at the
//! most, and one that says nothing, or takes nothing, is not kept. HTTP/2 itself has none of these
//! limits, and a connection that never begins to speak could hold up a stopping server for ever.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures::{Stream, stream};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{Instant, Sleep, sleep_until, timeout_at},
};
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;
use tonic::transport::server::{Connected, TcpConnectInfo};

use crate::{metrics::Open, tls::Tls};

/// The bytes that every HTTP/2 connection begins with; the least request of HTTP/1.1 is longer.
const PREFACE_BYTES: usize = 24;

/// How long accepting pauses after a fault of the system, which is most often that it is out of
/// descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// What connections may do.
#[derive(Debug, Clone, Copy)]
pub struct ListenLimits {
    /// Connections at the same time; one more is closed at once.
    pub connections: usize,
    /// How long a connection may take to begin to speak, TLS included.
    pub preface: Duration,
    /// How long a connection may take nothing of what is written to it.
    pub stall: Duration,
}

impl Default for ListenLimits {
    fn default() -> Self {
        Self {
            // Far more than a server of this kind has, and far fewer than the usual limit of
            // descriptors leaves room for, for the database and the log need some too.
            connections: 800,
            preface: Duration::from_secs(10),
            // As long as it takes to find out that nobody answers a ping.
            stall: Duration::from_secs(50),
        }
    }
}

/// The listener's connections within these limits, by TLS if there is any.
pub fn connections(
    listener: TcpListener,
    limits: ListenLimits,
    tls: Option<Arc<Tls>>,
) -> impl Stream<Item = io::Result<Connection>> + Send {
    let places = Arc::new(Semaphore::new(limits.connections));
    let accepting = Accepting { listener, limits, tls, places, handshakes: JoinSet::new() };
    stream::unfold(accepting, |mut accepting| async move {
        let connection = accepting.next().await;
        Some((Ok(connection), accepting))
    })
}

struct Accepting {
    listener: TcpListener,
    limits: ListenLimits,
    tls: Option<Arc<Tls>>,
    places: Arc<Semaphore>,
    /// Those that have a place and have not agreed on TLS yet. They keep nobody else waiting.
    handshakes: JoinSet<Option<Connection>>,
}

impl Accepting {
    /// The next connection that there is a place for.
    async fn next(&mut self) -> Connection {
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                Some(done) = self.handshakes.join_next() => match done {
                    Ok(Some(connection)) => return connection,
                    _ => continue,
                },
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
                // Dropping it tells the client at once; waiting would only fill the backlog.
                tracing::warn!(%peer, limit = self.limits.connections, "one connection too many");
                continue;
            };
            if let Some(connection) = self.begin(stream, peer, place) {
                return connection;
            }
        }
    }

    /// The connection, unless it is to come by TLS: then it has to agree on that first.
    fn begin(
        &mut self,
        stream: TcpStream,
        peer: SocketAddr,
        place: OwnedSemaphorePermit,
    ) -> Option<Connection> {
        // Small messages go out at once; without this they may wait for the reply to the one before.
        // A connection that cannot be set so still works.
        let _ = stream.set_nodelay(true);
        let (limits, until) = (self.limits, Instant::now() + self.limits.preface);
        let Some(tls) = &self.tls else {
            return Some(Connection::new(Either::Left(stream), place, limits, until));
        };
        let acceptor = tls.acceptor();
        self.handshakes.spawn(async move {
            let agreeing = async {
                let mut stream = stream;
                if is_plain_http(&stream).await {
                    // Read first: what is not would have the system hang up before the answer is there.
                    let _ = stream.read(&mut [0; 4096]).await;
                    // A client that has gone away needs no reply.
                    let _ = stream.write_all(WITHOUT_TLS).await;
                    let _ = stream.shutdown().await;
                    return Err(io::Error::other("it spoke HTTP without TLS"));
                }
                acceptor.accept(stream).await
            };
            match timeout_at(until, agreeing).await {
                Ok(Ok(stream)) => {
                    Some(Connection::new(Either::Right(stream), place, limits, until))
                }
                Ok(Err(error)) => {
                    tracing::debug!(%peer, %error, "a connection did not agree on TLS");
                    None
                }
                Err(_) => None,
            }
        });
        None
    }
}

/// What a browser is answered that comes without TLS.
const WITHOUT_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n\
    connection: close\r\n\r\nThis port speaks TLS: write https:// in place of http:// in the address.\n";

/// Whether a connection begins as a request by HTTP/1 does: with a method, which TLS never does. HTTP/2 is
/// left to TLS, whose alert its clients understand.
async fn is_plain_http(stream: &TcpStream) -> bool {
    let mut first = [0; 4];
    let Ok(count) = stream.peek(&mut first).await else { return false };
    count > 0
        && first[..count].iter().all(|byte| byte.is_ascii_uppercase() || *byte == b' ')
        && first[..count] != b"PRI "[..count]
}

/// A connection that must begin to speak in time and go on to listen, and gives its place back when
/// it ends.
#[derive(Debug)]
pub struct Connection {
    stream: Either<TcpStream, TlsStream<TcpStream>>,
    /// Until it has begun to speak: how much it has said, and when its time is over.
    silence: Option<(usize, Pin<Box<Sleep>>)>,
    stall: Duration,
    /// While it takes nothing: when its time is over.
    stalled: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
    _open: Open,
}

impl Connection {
    fn new(
        stream: Either<TcpStream, TlsStream<TcpStream>>,
        place: OwnedSemaphorePermit,
        limits: ListenLimits,
        until: Instant,
    ) -> Self {
        let silence = Some((0, Box::pin(sleep_until(until))));
        Self {
            stream,
            silence,
            stall: limits.stall,
            stalled: None,
            _place: place,
            _open: Open::connection(),
        }
    }

    /// What writing has come to; an error once nothing has been taken for too long.
    fn unless_stalled<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stall = self.stall;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(stall)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(timed_out("the connection takes nothing of what is written to it")))
    }
}

fn timed_out(words: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, words)
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
            return Poll::Ready(Err(timed_out("the connection did not begin to speak in time")));
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
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.unless_stalled(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.unless_stalled(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closed = Pin::new(&mut self.stream).poll_shutdown(context);
        self.unless_stalled(context, closed)
    }
}

impl Connected for Connection {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> TcpConnectInfo {
        match &self.stream {
            Either::Left(stream) => stream.connect_info(),
            Either::Right(stream) => stream.get_ref().0.connect_info(),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;
    use tokio_rustls::TlsConnector;

    use super::*;
    use crate::tls::{TlsFiles, certificates::ServerFiles};

    async fn listener() -> (TcpListener, std::net::SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[tokio::test]
    async fn a_connection_that_says_too_little_ends_and_one_that_speaks_stays() {
        let (listener, address) = listener().await;
        let limits = ListenLimits {
            connections: 9,
            preface: Duration::from_millis(50),
            ..ListenLimits::default()
        };
        let mut incoming = Box::pin(connections(listener, limits, None));
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
        let mut incoming = Box::pin(connections(listener, limits, None));
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

    #[tokio::test]
    async fn a_connection_that_takes_nothing_ends() {
        let (listener, address) = listener().await;
        let limits = ListenLimits { stall: Duration::from_millis(50), ..ListenLimits::default() };
        let mut incoming = Box::pin(connections(listener, limits, None));
        let _reads_nothing = TcpStream::connect(address).await.unwrap();
        let mut theirs = incoming.next().await.unwrap().unwrap();
        let part = vec![0; 1024 * 1024];
        let error = loop {
            if let Err(error) = theirs.write_all(&part).await {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_browser_that_comes_without_tls_is_told_to_come_with_it() {
        let files = ServerFiles::new();
        let own = TlsFiles { certificate: files.certificate(), key: files.key(), clients: None };
        let tls = Arc::new(Tls::load(own, crate::tls::WEB).unwrap());
        let (listener, address) = listener().await;
        let mut incoming = Box::pin(connections(listener, ListenLimits::default(), Some(tls)));
        let _waiting = tokio::spawn(async move { incoming.next().await });
        let mut browser = TcpStream::connect(address).await.unwrap();
        browser.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        let mut told = String::new();
        browser.read_to_string(&mut told).await.unwrap();
        assert!(told.starts_with("HTTP/1.1 400 ") && told.contains("https://"), "{told}");
    }

    #[tokio::test]
    async fn one_that_does_not_agree_on_tls_ends_in_time_and_keeps_nobody_waiting() {
        let files = ServerFiles::new();
        let own = TlsFiles { certificate: files.certificate(), key: files.key(), clients: None };
        let tls = Arc::new(Tls::load(own, crate::tls::GRPC).unwrap());
        let (listener, address) = listener().await;
        let limits =
            ListenLimits { preface: Duration::from_millis(300), ..ListenLimits::default() };
        let mut incoming = Box::pin(connections(listener, limits, Some(tls)));
        let mut silent = TcpStream::connect(address).await.unwrap();
        let mut plain = TcpStream::connect(address).await.unwrap();
        plain.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        let trusting = files.trusting();
        let speaking = tokio::spawn(async move {
            let stream = TcpStream::connect(address).await.unwrap();
            let name = "localhost".try_into().unwrap();
            TlsConnector::from(Arc::new(trusting)).connect(name, stream).await.unwrap()
        });
        let theirs = incoming.next().await.unwrap().unwrap();
        assert_eq!(
            theirs.connect_info().remote_addr(),
            Some(speaking.await.unwrap().get_ref().0.local_addr().unwrap()),
            "the peer is known by TLS, too"
        );
        // Somebody waits for the next connection while the time of the silent one runs.
        let _waiting = tokio::spawn(async move { incoming.next().await });
        let mut rest = Vec::new();
        assert_eq!(silent.read_to_end(&mut rest).await.unwrap(), 0, "the silent one is closed");
        let _alert = plain.read_to_end(&mut rest).await;
    }
}
