//! Connections from the network, with or without TLS, within limits: their number is limited, and
//! one that sends nothing, or reads nothing, is closed. HTTP/2 itself has no such limits, and a
//! connection that never begins to speak could keep a server from stopping forever.

mod connection;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use futures::{Stream, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{Instant, timeout_at},
};
use tokio_util::either::Either;

use crate::tls::Tls;

pub use connection::{CONNECTIONS, Connection};

/// How long accepting pauses after a system error, usually a lack of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// The limits on connections.
#[derive(Debug, Clone, Copy)]
pub struct ListenLimits {
    /// The most connections at the same time; another one is closed immediately.
    pub connections: usize,
    /// How long a connection may take to begin to speak, including the TLS handshake.
    pub preface: Duration,
    /// How long a connection may read nothing of what is written to it.
    pub stall: Duration,
}

impl Default for ListenLimits {
    fn default() -> Self {
        Self {
            // Far more than a server of this kind has, and well below the usual limit of file
            // descriptors, of which the database and the log need some too.
            connections: 800,
            preface: Duration::from_secs(10),
            // The time in which an unanswered ping is noticed.
            stall: Duration::from_secs(50),
        }
    }
}

/// Accepts the listener's connections within these limits, with TLS if configured.
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
    /// Connections in their TLS handshake, which do not delay others.
    handshakes: JoinSet<Option<Connection>>,
}

impl Accepting {
    /// Returns the next connection within the limit.
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
                // Dropping it closes it immediately; waiting would only fill the backlog.
                tracing::warn!(%peer, limit = self.limits.connections, "too many connections; closing one");
                continue;
            };
            if let Some(connection) = self.begin(stream, peer, place) {
                return connection;
            }
        }
    }

    /// Returns the connection; with TLS, starts its handshake instead.
    fn begin(
        &mut self,
        stream: TcpStream,
        peer: SocketAddr,
        place: OwnedSemaphorePermit,
    ) -> Option<Connection> {
        // Small messages are sent immediately; otherwise they may wait for the acknowledgement of
        // the previous one. A connection for which this fails still works.
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
                    // Read first: with unread bytes, the system would reset the connection before
                    // the reply arrives.
                    let _ = stream.read(&mut [0; 4096]).await;
                    // A client that has disconnected needs no reply.
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
                    tracing::debug!(%peer, %error, "a TLS handshake failed");
                    None
                }
                Err(_) => None,
            }
        });
        None
    }
}

/// The reply to a browser that connects without TLS.
const WITHOUT_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n\
    connection: close\r\n\r\nThis port speaks TLS: use https:// instead of http:// in the address.\n";

/// Whether a connection begins like an HTTP/1 request, with a method, as TLS never does. HTTP/2 is
/// left to TLS, whose alert its clients understand.
async fn is_plain_http(stream: &TcpStream) -> bool {
    let mut first = [0; 4];
    let Ok(count) = stream.peek(&mut first).await else { return false };
    count > 0
        && first[..count].iter().all(|byte| byte.is_ascii_uppercase() || *byte == b' ')
        && first[..count] != b"PRI "[..count]
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;
    use tokio_rustls::TlsConnector;
    use tonic::transport::server::Connected;
    use viva_testing::certificates::ServerFiles;

    use super::{connection::PREFACE_BYTES, *};
    use crate::tls::TlsFiles;

    async fn listener() -> (TcpListener, std::net::SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[tokio::test]
    async fn a_connection_that_sends_too_little_is_closed_and_one_that_speaks_stays_open() {
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
        assert!(theirs.silence.is_none(), "its time limit has ended");
    }

    #[tokio::test]
    async fn a_connection_over_the_limit_is_closed_until_another_ends() {
        let (listener, address) = listener().await;
        let limits = ListenLimits { connections: 1, ..ListenLimits::default() };
        let mut incoming = Box::pin(connections(listener, limits, None));
        let _first = TcpStream::connect(address).await.unwrap();
        let first = incoming.next().await.unwrap().unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        let mut third = TcpStream::connect(address).await.unwrap();
        // The second is closed while the next connection is waited for.
        let waiting = tokio::spawn(async move { incoming.next().await.unwrap().unwrap() });
        assert_eq!(second.read(&mut [0; 1]).await.unwrap_or(0), 0, "it is closed");
        assert_eq!(third.read(&mut [0; 1]).await.unwrap_or(0), 0, "and so is the third");
        drop(first);
        let _fourth = TcpStream::connect(address).await.unwrap();
        waiting.await.unwrap();
    }

    #[tokio::test]
    async fn a_connection_that_reads_nothing_is_closed() {
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
    async fn a_browser_without_tls_is_told_to_use_it() {
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
    async fn a_failed_tls_handshake_ends_in_time_and_delays_no_other() {
        let files = ServerFiles::new();
        let own = TlsFiles { certificate: files.certificate(), key: files.key(), clients: None };
        let tls = Arc::new(Tls::load(own, crate::tls::GRPC).unwrap());
        let (listener, address) = listener().await;
        let limits = ListenLimits { preface: Duration::from_secs(2), ..ListenLimits::default() };
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
            "the peer is known with TLS, too"
        );
        // The next connection is waited for while the time of the silent one runs.
        let _waiting = tokio::spawn(async move { incoming.next().await });
        let mut rest = Vec::new();
        assert_eq!(silent.read_to_end(&mut rest).await.unwrap(), 0, "the silent one is closed");
        let _alert = plain.read_to_end(&mut rest).await;
    }
}
