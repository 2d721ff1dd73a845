//! Hand-written request parsing: one request per connection, with a body of declared length.

use std::io;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::reply::Reply;

/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;

/// The longest body of a request, in bytes.
const LONGEST_BODY: usize = 16 * 1024 * 1024;

/// A request as received.
#[derive(Debug, Clone)]
pub struct Request {
    /// For example `POST`.
    pub method: String,
    /// The path with its query, for example `/v1/chat/completions`.
    pub path: String,
    /// Names in lower case, values as sent, in the order received.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub raw: Vec<u8>,
    /// The body as JSON; null if it is not JSON.
    pub json: Value,
}

/// Why no request could be read.
#[derive(Debug)]
pub(crate) enum NoRequest {
    /// The client went away.
    Gone,
    /// It cannot be served; this reply says so.
    Refused(Reply),
}

impl Request {
    /// The value of a header; `name` is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The key that the client sent as a bearer token.
    pub fn key(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    /// The text of the system messages, joined by line breaks.
    pub fn system(&self) -> String {
        self.said_by("system")
    }

    /// The text of the user messages, joined by line breaks.
    pub fn user(&self) -> String {
        self.said_by("user")
    }

    /// The role and text of each message; parts that are not text are left out.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (&str, &str)> {
        let messages = self.json["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        messages
            .iter()
            .filter_map(|message| Some((message["role"].as_str()?, message["content"].as_str()?)))
    }

    fn said_by(&self, role: &str) -> String {
        let of_role = self.messages().filter(|(known, _)| *known == role);
        of_role.map(|(_, text)| text).collect::<Vec<_>>().join("\n")
    }
}

impl From<io::Error> for NoRequest {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// Reads one request.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Result<Request, NoRequest> {
    let mut bytes = Vec::new();
    let end = loop {
        let searched = bytes.len();
        fill(stream, &mut bytes).await?;
        if let Some(end) = end_of_head(&bytes, searched) {
            break end;
        }
        if bytes.len() > LONGEST_HEAD {
            return Err(refused(431, "The head of the request is longer than 64 KiB."));
        }
    };
    let mut raw = bytes.split_off(end);
    let head = String::from_utf8_lossy(&bytes);
    let mut request =
        parse(&head).ok_or_else(|| refused(400, "This is not an HTTP/1.1 request."))?;
    let length = length(&request)?;
    while raw.len() < length {
        fill(stream, &mut raw).await?;
    }
    raw.truncate(length);
    request.json = serde_json::from_slice(&raw).unwrap_or_default();
    request.raw = raw;
    Ok(request)
}

/// Appends the received bytes, at least one.
async fn fill(stream: &mut (impl AsyncRead + Unpin), bytes: &mut Vec<u8>) -> Result<(), NoRequest> {
    bytes.reserve(8 * 1024);
    match stream.read_buf(bytes).await? {
        0 => Err(NoRequest::Gone),
        _ => Ok(()),
    }
}

/// Where the head ends; the first `searched` bytes have been searched before.
fn end_of_head(bytes: &[u8], searched: usize) -> Option<usize> {
    let start = searched.saturating_sub(3);
    let found = bytes[start..].windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(start + found + 4)
}

fn parse(head: &str) -> Option<Request> {
    let mut lines = head.trim_end().split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path, version) = (first.next()?, first.next()?, first.next()?);
    if !version.starts_with("HTTP/1.") || first.next().is_some() {
        return None;
    }
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    Some(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: lines.map(header).collect::<Option<_>>()?,
        raw: Vec::new(),
        json: Value::Null,
    })
}

fn length(request: &Request) -> Result<usize, NoRequest> {
    if request.header("transfer-encoding").is_some() {
        return Err(refused(411, "Send the body with a content-length."));
    }
    match request.header("content-length").map_or(Ok(0), str::parse) {
        Ok(length) if length <= LONGEST_BODY => Ok(length),
        Ok(_) => Err(refused(413, "The body is longer than 16 MiB.")),
        Err(_) => Err(refused(400, "The content-length is not a number.")),
    }
}

fn refused(status: u16, message: &str) -> NoRequest {
    NoRequest::Refused(Reply::error(status, message, "invalid_request_error", None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(read: Result<Request, NoRequest>) -> u16 {
        match read {
            Err(NoRequest::Refused(reply)) => reply.status,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_request_is_read_to_its_declared_end() {
        let mut sent: &[u8] =
            b"POST /a?b HTTP/1.1\r\nAuthorization: Bearer k\r\ncontent-length: 9\r\n\r\n{\"a\": 1} more";
        let request = read(&mut sent).await.unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/a?b"));
        assert_eq!((request.key(), request.raw.as_slice()), (Some("k"), &b"{\"a\": 1} "[..]));
        assert_eq!(request.json["a"], 1);
    }

    #[tokio::test]
    async fn an_invalid_request_is_refused_and_one_that_is_cut_off_is_ignored() {
        assert_eq!(status(read(&mut &b"hello\r\n\r\n"[..]).await), 400);
        assert_eq!(status(read(&mut &b"GET / HTTP/1.1\r\nno colon\r\n\r\n"[..]).await), 400);
        let long = format!("POST / HTTP/1.1\r\nx: {}", "y".repeat(70_000));
        assert_eq!(status(read(&mut long.as_bytes()).await), 431);
        for (length, expected) in [("-1", 400), ("17000000", 413)] {
            let head = format!("POST / HTTP/1.1\r\ncontent-length: {length}\r\n\r\n");
            assert_eq!(status(read(&mut head.as_bytes()).await), expected, "{length}");
        }
        let chunked = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";
        assert_eq!(status(read(&mut &chunked[..]).await), 411);
        let cut = b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nhalf";
        assert!(matches!(read(&mut &cut[..]).await, Err(NoRequest::Gone)));
    }
}
