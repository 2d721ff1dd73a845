//! Connections to a server on the network that notice if the server speaks TLS but the address says
//! otherwise, or the reverse. The libraries only see invalid bytes and report neither, so the first
//! bytes from the server are inspected as they arrive.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use http::{Uri, uri::Scheme};
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::TcpStream,
    time::timeout,
};
use tower::Service;

/// How many bytes distinguish TLS, HTTP/2 and anything else.
const SNIFFED: usize = 4;

/// The bytes with which HTTP/2 begins.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How long to wait for a server's first bytes.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// What the first bytes from a server were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detected {
    /// As expected, or there was no connection yet.
    AsExpected,
    /// None so far.
    Nothing,
    Tls,
    Plaintext,
    Other,
}

/// The server at an address, and what its first bytes were, which clones share.
#[derive(Debug, Clone)]
pub struct Dial {
    uri: Uri,
    detected: Arc<AtomicU8>,
}

impl Dial {
    /// Creates it for an address, before any connection.
    pub fn new(uri: Uri) -> Self {
        Self { uri, detected: Arc::default() }
    }

    /// Returns a connector to the server; the caller adds TLS.
    pub fn connector(
        &self,
    ) -> impl Service<Uri, Response = TokioIo<SniffedStream>, Error = tower::BoxError, Future: Send>
    + Clone
    + Send
    + 'static {
        let mut tcp = tcp();
        let dial = self.clone();
        tower::service_fn(move |uri: Uri| {
            let (connecting, dial) = (tcp.call(uri), dial.clone());
            async move {
                let stream = connecting.await?.into_inner();
                dial.record(Detected::Nothing);
                Ok(TokioIo::new(SniffedStream { stream, first: Vec::new(), dial: Some(dial) }))
            }
        })
    }

    /// Returns, after a failed call, what is wrong with the address, if anything. A TLS server that
    /// gets plain text replies with an alert and disconnects, and the alert is lost if more was
    /// being sent; in that case another connection reads it.
    pub async fn fault(&self) -> Option<String> {
        if self.detected() == Detected::Nothing && !self.is_by_tls() {
            // If this fails, nothing more is known.
            let _ = timeout(PROBE_TIMEOUT, self.probe()).await;
        }
        self.explanation()
    }

    async fn probe(&self) -> Result<(), tower::BoxError> {
        let mut stream = tcp().call(self.uri.clone()).await?.into_inner();
        stream.write_all(PREFACE).await?;
        let mut first = [0; SNIFFED];
        stream.read_exact(&mut first).await?;
        self.record(detect(&first, false));
        Ok(())
    }

    /// Says what is wrong with the address, judged by the newest connection, and what to write
    /// instead.
    fn explanation(&self) -> Option<String> {
        let at = self.uri.authority().map_or("", |authority| authority.as_str());
        match self.detected() {
            Detected::AsExpected | Detected::Nothing => None,
            Detected::Tls => Some(format!(
                "The server at {at} speaks TLS, but its address begins with http://. Use \
                 https://{at} instead of http://{at}."
            )),
            Detected::Plaintext => Some(format!(
                "The server at {at} does not speak TLS, but its address begins with https://. Use \
                 http://{at} instead of https://{at}, or ask its operator to set up a certificate."
            )),
            Detected::Other => Some(format!(
                "What answers at {at} is not a Viva server: it does not speak gRPC. Please check \
                 the address and the port."
            )),
        }
    }

    fn is_by_tls(&self) -> bool {
        self.uri.scheme() == Some(&Scheme::HTTPS)
    }

    fn record(&self, detected: Detected) {
        self.detected.store(detected as u8, Ordering::Relaxed);
    }

    fn detected(&self) -> Detected {
        let detected = self.detected.load(Ordering::Relaxed);
        let all = [
            Detected::AsExpected,
            Detected::Nothing,
            Detected::Tls,
            Detected::Plaintext,
            Detected::Other,
        ];
        all.into_iter().find(|one| *one as u8 == detected).unwrap_or(Detected::AsExpected)
    }
}

/// Whether the server at a host and port speaks TLS; `None` if it sends nothing in time.
pub async fn speaks_tls(place: &str) -> Option<bool> {
    let asked = async {
        let mut stream = TcpStream::connect(place).await?;
        stream.write_all(PREFACE).await?;
        let mut first = [0; SNIFFED];
        stream.read_exact(&mut first).await?;
        io::Result::Ok(detect(&first, false) == Detected::Tls)
    };
    timeout(PROBE_TIMEOUT, asked).await.ok()?.ok()
}

/// Returns, after a failed health check, what is wrong with its settings, if anything.
pub async fn tls_mismatch(address: SocketAddr, by_tls: bool) -> Option<String> {
    match (by_tls, speaks_tls(&address.to_string()).await?) {
        (false, true) => Some(format!(
            "what listens on {address} speaks TLS; give this check TLS_CERT_FILE and TLS_KEY_FILE as well"
        )),
        (true, false) => Some(format!(
            "what listens on {address} does not speak TLS, but TLS_CERT_FILE is set for this check; give both \
             the same settings"
        )),
        _ => None,
    }
}

fn tcp() -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp
}

/// Classifies a server's first bytes, depending on whether TLS is expected.
fn detect(first: &[u8], is_by_tls: bool) -> Detected {
    // A handshake or alert record of any version since SSL 3.
    let is_tls = matches!(first, [0x15 | 0x16, 3, ..]);
    // HTTP/2 begins with a SETTINGS frame, which is shorter than 65,536 bytes.
    let is_http2 = matches!(first, [0, _, _, 4]);
    match (is_by_tls, is_tls) {
        (true, true) => Detected::AsExpected,
        (false, true) => Detected::Tls,
        (true, false) if is_http2 || first == b"HTTP" => Detected::Plaintext,
        (false, false) if is_http2 => Detected::AsExpected,
        (_, false) => Detected::Other,
    }
}

/// A connection whose first bytes are inspected as they are read.
#[derive(Debug)]
pub struct SniffedStream {
    stream: TcpStream,
    first: Vec<u8>,
    /// `None` once enough bytes were read.
    dial: Option<Dial>,
}

impl SniffedStream {
    fn sniff(&mut self, bytes: &[u8]) {
        let Some(dial) = &self.dial else { return };
        let missing = SNIFFED - self.first.len();
        self.first.extend(bytes.iter().take(missing));
        if self.first.len() == SNIFFED {
            dial.record(detect(&self.first, dial.is_by_tls()));
            self.dial = None;
        }
    }
}

impl AsyncRead for SniffedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let bytes = buffer.filled().get(before..).unwrap_or_default();
        self.sniff(bytes);
        read
    }
}

impl AsyncWrite for SniffedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_show_what_a_server_speaks() {
        for (first, is_by_tls, speaks) in [
            (b"\x16\x03\x03\x00", true, Detected::AsExpected),
            (b"\x15\x03\x01\x00", true, Detected::AsExpected),
            (b"\x15\x03\x03\x00", false, Detected::Tls),
            (b"\x00\x00\x18\x04", false, Detected::AsExpected),
            (b"\x00\x00\x18\x04", true, Detected::Plaintext),
            (b"HTTP", true, Detected::Plaintext),
            (b"HTTP", false, Detected::Other),
            (b"SSH-", true, Detected::Other),
            (b"SSH-", false, Detected::Other),
        ] {
            assert_eq!(detect(first, is_by_tls), speaks, "{first:?}, by TLS: {is_by_tls}");
        }
    }
}
