//! Connections to a server on the network that notice when the other end speaks TLS and the address says
//! that it does not, or the reverse. The libraries see bytes that make no sense then, and fail in words
//! that name neither; so the first bytes that come are looked at on their way.

use std::{
    io,
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

/// So many bytes tell TLS, HTTP/2 and anything else apart.
const TELLING: usize = 4;

/// What HTTP/2 begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How long a server is heard out.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the first bytes of a server were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speech {
    /// What was expected, or there was no connection yet.
    Expected,
    /// Nothing yet.
    Silent,
    Tls,
    Plain,
    Other,
}

/// The server at one address, and what it was heard to say. Clones share that.
#[derive(Debug, Clone)]
pub struct Dial {
    uri: Uri,
    heard: Arc<AtomicU8>,
}

impl Dial {
    /// The server at that address, which nobody has heard yet.
    pub fn new(uri: Uri) -> Self {
        Self { uri, heard: Arc::default() }
    }

    /// Makes connections to it; TLS is for whoever takes them to add.
    pub fn connector(
        &self,
    ) -> impl Service<Uri, Response = TokioIo<Overheard>, Error = tower::BoxError, Future: Send>
    + Clone
    + Send
    + 'static {
        let mut tcp = tcp();
        let dial = self.clone();
        tower::service_fn(move |uri: Uri| {
            let (connecting, dial) = (tcp.call(uri), dial.clone());
            async move {
                let stream = connecting.await?.into_inner();
                dial.hear(Speech::Silent);
                Ok(TokioIo::new(Overheard { stream, first: Vec::new(), dial: Some(dial) }))
            }
        })
    }

    /// After a call that failed: what is wrong with the address, if that is it. A server of TLS that is
    /// spoken to without says so and hangs up, and what it said is lost if more was being sent to it; it is
    /// heard out then, on a connection of its own.
    pub async fn fault(&self) -> Option<String> {
        if self.heard() == Speech::Silent && !self.is_by_tls() {
            // Whatever it comes to, nothing more is known then.
            let _ = timeout(PATIENCE, self.hear_out()).await;
        }
        self.told()
    }

    async fn hear_out(&self) -> Result<(), tower::BoxError> {
        let mut stream = tcp().call(self.uri.clone()).await?.into_inner();
        stream.write_all(PREFACE).await?;
        let mut first = [0; TELLING];
        stream.read_exact(&mut first).await?;
        self.hear(speech(&first, false));
        Ok(())
    }

    /// What is wrong with the address, as the newest connection has shown: what it is, and what to write
    /// instead.
    fn told(&self) -> Option<String> {
        let at = self.uri.authority().map_or("", |authority| authority.as_str());
        match self.heard() {
            Speech::Expected | Speech::Silent => None,
            Speech::Tls => Some(format!(
                "The server at {at} speaks TLS, and its address says that it does not: write \
                 https://{at} instead of http://{at}."
            )),
            Speech::Plain => Some(format!(
                "The server at {at} does not speak TLS, and its address says that it does: write \
                 http://{at} instead of https://{at}, or have whoever runs it give it a certificate."
            )),
            Speech::Other => Some(format!(
                "What answers at {at} is no Viva server: it does not speak gRPC. Please check the \
                 address and its port."
            )),
        }
    }

    fn is_by_tls(&self) -> bool {
        self.uri.scheme() == Some(&Scheme::HTTPS)
    }

    fn hear(&self, speech: Speech) {
        self.heard.store(speech as u8, Ordering::Relaxed);
    }

    fn heard(&self) -> Speech {
        let heard = self.heard.load(Ordering::Relaxed);
        let all = [Speech::Expected, Speech::Silent, Speech::Tls, Speech::Plain, Speech::Other];
        all.into_iter().find(|speech| *speech as u8 == heard).unwrap_or(Speech::Expected)
    }
}

fn tcp() -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp
}

/// What a server's first bytes are, where TLS is expected or is not.
fn speech(first: &[u8], is_by_tls: bool) -> Speech {
    // A record of a handshake, or an alert, of any version since SSL 3.
    let is_tls = matches!(first, [0x15 | 0x16, 3, ..]);
    // HTTP/2 begins with a frame of settings, which is shorter than 65,536 bytes.
    let is_http2 = matches!(first, [0, _, _, 4]);
    match (is_by_tls, is_tls) {
        (true, true) => Speech::Expected,
        (false, true) => Speech::Tls,
        (true, false) if is_http2 || first == b"HTTP" => Speech::Plain,
        (false, false) if is_http2 => Speech::Expected,
        (_, false) => Speech::Other,
    }
}

/// A connection whose first bytes are looked at as they are read.
#[derive(Debug)]
pub struct Overheard {
    stream: TcpStream,
    first: Vec<u8>,
    /// None once enough was heard.
    dial: Option<Dial>,
}

impl Overheard {
    fn listen(&mut self, bytes: &[u8]) {
        let Some(dial) = &self.dial else { return };
        let missing = TELLING - self.first.len();
        self.first.extend(bytes.iter().take(missing));
        if self.first.len() == TELLING {
            dial.hear(speech(&self.first, dial.is_by_tls()));
            self.dial = None;
        }
    }
}

impl AsyncRead for Overheard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let bytes = buffer.filled().get(before..).unwrap_or_default();
        self.listen(bytes);
        read
    }
}

impl AsyncWrite for Overheard {
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
    fn the_first_bytes_tell_what_a_server_speaks() {
        for (first, is_by_tls, speaks) in [
            (b"\x16\x03\x03\x00", true, Speech::Expected),
            (b"\x15\x03\x01\x00", true, Speech::Expected),
            (b"\x15\x03\x03\x00", false, Speech::Tls),
            (b"\x00\x00\x18\x04", false, Speech::Expected),
            (b"\x00\x00\x18\x04", true, Speech::Plain),
            (b"HTTP", true, Speech::Plain),
            (b"HTTP", false, Speech::Other),
            (b"SSH-", true, Speech::Other),
            (b"SSH-", false, Speech::Other),
        ] {
            assert_eq!(speech(first, is_by_tls), speaks, "{first:?}, by TLS: {is_by_tls}");
        }
    }
}
