//! One connection, with its time limits.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use metrics::gauge;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::OwnedSemaphorePermit,
    time::{Instant, Sleep, sleep_until},
};
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;
use tonic::transport::server::{Connected, TcpConnectInfo};

use super::ListenLimits;

/// The gauge of open connections, for programs that publish metrics.
pub const CONNECTIONS: &str = "viva_connections";

/// The length of the HTTP/2 connection preface; the shortest HTTP/1.1 request is longer.
pub(super) const PREFACE_BYTES: usize = 24;

/// A connection that must begin to speak in time and keep reading; releases its place when it ends.
#[derive(Debug)]
pub struct Connection {
    stream: Either<TcpStream, TlsStream<TcpStream>>,
    /// Until it has begun to speak: how many bytes it has sent, and when its time is up.
    pub(super) silence: Option<(usize, Pin<Box<Sleep>>)>,
    stall: Duration,
    /// While it reads nothing: when its time is up.
    stalled: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
    _open: OpenConnection,
}

impl Connection {
    pub(super) fn new(
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
            _open: OpenConnection::new(),
        }
    }

    /// Returns the result of writing, or an error once nothing has been read for too long.
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
        Poll::Ready(Err(timed_out("the connection does not read what is written to it")))
    }
}

/// Counts an open connection in the metrics.
#[derive(Debug)]
struct OpenConnection;

impl OpenConnection {
    fn new() -> Self {
        gauge!(CONNECTIONS).increment(1.0);
        Self
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        gauge!(CONNECTIONS).decrement(1.0);
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
            return Poll::Ready(Err(timed_out("the connection sent nothing in time")));
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
