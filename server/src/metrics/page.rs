//! The page that Prometheus reads: `GET /metrics` over HTTP/1.1, one reply per connection. It needs
//! no credential, so it has its own address, and is not served at all unless one is configured.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};

use super::Metrics;

/// The most readers at the same time; further connections are closed immediately.
const READERS: usize = 16;

/// How long a reader may take to send its request and read the reply.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest request that is read.
const REQUEST_BYTES: u64 = 8 * 1024;

/// How long to pause accepting after a system error.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves the page for as long as it is polled.
pub async fn serve(metrics: Metrics, listener: TcpListener) {
    let places = Arc::new(Semaphore::new(READERS));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let metrics = metrics.clone();
        tokio::spawn(async move {
            // A reader that goes away or is too slow gets no page; others are not affected.
            let _ = timeout(PATIENCE, answer(stream, &metrics)).await;
            drop(place);
        });
    }
}

async fn answer(mut stream: TcpStream, metrics: &Metrics) -> std::io::Result<()> {
    let head = head(&mut stream).await?;
    let (status, body) = match path(&head) {
        Some(("GET", "/metrics")) => ("200 OK", metrics.text()),
        Some(("GET", _)) => ("404 Not Found", "The metrics are at /metrics.\n".to_owned()),
        Some(_) => ("405 Method Not Allowed", "The metrics are read with GET.\n".to_owned()),
        None => ("400 Bad Request", "This is no HTTP request.\n".to_owned()),
    };
    let length = body.len();
    let reply = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(reply.as_bytes()).await?;
    stream.shutdown().await
}

/// Reads up to the empty line that ends a request's head, or until it is too long for one.
async fn head(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut bounded = stream.take(REQUEST_BYTES);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if bounded.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    Ok(head)
}

/// The method and path of a request whose head is complete, without the query.
fn path(head: &[u8]) -> Option<(&str, &str)> {
    let end = head.windows(4).position(|end| end == b"\r\n\r\n")?;
    let first = std::str::from_utf8(&head[..end]).ok()?.lines().next()?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    Some((method, target.split('?').next().unwrap_or(target)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_by_its_first_line() {
        let get = b"GET /metrics?name=x HTTP/1.1\r\nHost: here\r\n\r\n";
        assert_eq!(path(get), Some(("GET", "/metrics")));
        assert_eq!(path(b"POST / HTTP/1.0\r\n\r\n"), Some(("POST", "/")));
    }

    #[test]
    fn what_is_no_request_is_told_from_one() {
        for bad in [
            &b"GET /metrics HTTP/1.1\r\n"[..],
            b"GET /metrics\r\n\r\n",
            b"\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\n",
            b"\xff\xff / HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(path(bad), None, "{bad:?}");
        }
    }
}
