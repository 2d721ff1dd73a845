//! A listener that answers each request with the bytes a test gives it, and remembers what it was
//! sent. `viva-fake-model` is for everything beyond the client: it answers as a model would, in
//! whole replies and from the corpus. Here a test specifies, to the byte and per request, what no
//! model does: which status for which form, a body that never ends, a reset after this many bytes.
//! Combining them would make two programs under one name.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::AbortHandle,
};

/// How a request is answered.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// These bytes, and then the next request.
    Bytes(Vec<u8>),
    /// These bytes, and then the connection is closed.
    Close(Vec<u8>),
    /// These bytes, and then the connection is reset.
    Reset(Vec<u8>),
    /// These bytes, and then nothing.
    Hang(Vec<u8>),
    /// These bytes, and then the second ones forever, with a pause before each repetition.
    Endless(Vec<u8>, Vec<u8>, Duration),
    /// After a while, these bytes.
    After(Duration, Vec<u8>),
}

impl From<Vec<u8>> for Reply {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// A request as received.
#[derive(Clone)]
pub(super) struct Seen {
    /// The request line and the headers, in lower case.
    pub(super) head: String,
    pub(super) body: Value,
}

impl Seen {
    /// The type of `response_format`; empty if the request has no such field.
    pub(super) fn form(&self) -> &str {
        self.body["response_format"]["type"].as_str().unwrap_or_default()
    }
}

type Script = Arc<dyn Fn(usize, &Seen) -> Reply + Send + Sync>;

/// The listener; it stops when it is dropped.
pub(super) struct Endpoint {
    address: SocketAddr,
    kept: Arc<Kept>,
    task: AbortHandle,
}

/// What the listener remembers.
#[derive(Default)]
struct Kept {
    seen: watch::Sender<Vec<Seen>>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
}

impl Endpoint {
    /// Starts listening. The script is given each request and its number, from 0.
    pub(super) async fn start(
        script: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let kept = Arc::new(Kept::default());
        let (script, keeping): (Script, _) = (Arc::new(script), kept.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, script.clone(), keeping.clone()));
            }
        });
        Self { address, kept, task: task.abort_handle() }
    }

    /// Answers every request in the same way.
    pub(super) async fn always(reply: impl Into<Reply>) -> Self {
        let reply = reply.into();
        Self::start(move |_, _| reply.clone()).await
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/v1/chat/completions?token=query-hush", self.address)
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.kept.seen.borrow().clone()
    }

    /// Waits until there have been this many requests.
    pub(super) async fn has_seen(&self, count: usize) {
        let mut seen = self.kept.seen.subscribe();
        seen.wait_for(|seen| seen.len() >= count).await.unwrap();
    }

    /// The most requests that were in progress at the same time.
    pub(super) fn most_under_way(&self) -> usize {
        self.kept.most_under_way.load(Ordering::SeqCst)
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A response with a body of known length.
pub(super) fn response(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head += name;
        head += ": ";
        head += value;
        head += "\r\n";
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// A fault in the form that most endpoints use.
pub(super) fn fault(status: u16, message: &str) -> Vec<u8> {
    response(status, &[], json!({ "error": { "message": message } }).to_string().as_bytes())
}

/// A reply that says `content`.
pub(super) fn completion(content: &str) -> Vec<u8> {
    let body = json!({
        "choices": [{ "finish_reason": "stop", "message": { "content": content } }],
        "usage": { "prompt_tokens": 3, "completion_tokens": 4 },
    });
    response(200, &[("content-type", "application/json")], body.to_string().as_bytes())
}

async fn serve(mut stream: TcpStream, script: Script, kept: Arc<Kept>) {
    while let Some(seen) = request(&mut stream).await {
        let under_way = kept.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        kept.most_under_way.fetch_max(under_way, Ordering::SeqCst);
        let mut number = 0;
        kept.seen.send_modify(|all| {
            number = all.len();
            all.push(seen.clone());
        });
        let reply = script(number, &seen);
        if let Reply::After(pause, _) = &reply {
            // The endpoint is slow: the pause is its behaviour, and nothing is waited for.
            tokio::time::sleep(*pause).await;
        }
        // Before the reply, or the client might send its next request before this one is over.
        kept.under_way.fetch_sub(1, Ordering::SeqCst);
        if !answer(&mut stream, reply).await {
            return;
        }
    }
}

/// Returns whether the connection can take another request. A client that has gone away is not a
/// fault here.
async fn answer(stream: &mut TcpStream, reply: Reply) -> bool {
    let (Reply::Bytes(bytes)
    | Reply::After(_, bytes)
    | Reply::Close(bytes)
    | Reply::Reset(bytes)
    | Reply::Hang(bytes)
    | Reply::Endless(bytes, ..)) = &reply;
    if stream.write_all(bytes).await.is_err() {
        return false;
    }
    match reply {
        Reply::Bytes(_) | Reply::After(..) => true,
        Reply::Close(_) => false,
        Reply::Reset(_) => {
            let _ = stream.set_zero_linger();
            false
        }
        Reply::Hang(_) => std::future::pending().await,
        Reply::Endless(_, again, pause) => {
            while stream.write_all(&again).await.is_ok() {
                // So is the time between two drops.
                tokio::time::sleep(pause).await;
            }
            false
        }
    }
}

/// Reads one request; `None` if the client has gone.
async fn request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = head.split("content-length: ").nth(1)?.lines().next()?.parse().ok()?;
    let mut body = bytes.split_off(end);
    while body.len() < length {
        stream.read_buf(&mut body).await.ok()?;
    }
    Some(Seen { head, body: serde_json::from_slice(&body).ok()? })
}
