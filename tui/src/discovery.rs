//! Finds language models that run on this machine, on the loopback address at the usual ports of
//! the programs that serve them. Only `GET /v1/models` is sent; any reply other than a list of
//! models is silently ignored.

pub(crate) mod answers;
mod listing;
pub(crate) mod ports;
mod probe;
pub(crate) mod size;

use futures::future::join_all;

use self::{
    ports::Ports,
    size::{Size, Worth},
};

/// A model at a port of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// The port of the loopback address.
    pub(crate) port: u16,
    /// The model's name there, as received: neutralise it before it is shown.
    pub(crate) name: String,
    /// The number of its parameters, if its name says it.
    pub(crate) size: Option<Size>,
}

impl Found {
    /// Its address, as shown to the user.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The value of `LLM_API_URL` for this model.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1/chat/completions", self.address())
    }

    /// How well it can be expected to grade.
    pub(crate) fn worth(&self) -> Worth {
        Worth::of(self.size)
    }
}

/// Returns every model at these ports, in order of preference.
pub(crate) async fn look(ports: &Ports) -> Vec<Found> {
    let at = |port: u16| async move {
        let asked = tokio::time::timeout(ports.patience(), probe::models(port)).await;
        let list = asked.ok().flatten().unwrap_or_default();
        listing::read(port, &list)
    };
    let mut found = join_all(ports.numbers().iter().copied().map(at)).await.concat();
    found.sort_by_key(preference);
    found
}

/// Among good models, the smallest comes first, because a larger one only takes longer; among the
/// others, the largest.
fn preference(found: &Found) -> (Worth, u64) {
    let millions = found.size.map_or(0, Size::millions);
    match found.worth() {
        Worth::Good => (Worth::Good, millions),
        worth => (worth, u64::MAX - millions),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
        task::JoinHandle,
    };

    use super::*;

    /// A model at Ollama's usual port.
    pub(crate) fn found(name: &str) -> Found {
        Found { port: 11434, name: name.to_owned(), size: Size::of_name(name) }
    }

    /// Answers one request with these bytes and returns the request.
    async fn server(reply: &'static [u8]) -> (u16, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            while !bytes.ends_with(b"\r\n\r\n") {
                bytes.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(reply).await.unwrap();
            String::from_utf8(bytes).unwrap()
        });
        (port, asked)
    }

    /// Looks with a longer timeout than the app's, for busy machines.
    async fn names_at(ports: &[u16]) -> Vec<String> {
        let ports = Ports::at(ports, Duration::from_secs(20));
        look(&ports).await.into_iter().map(|found| found.name).collect()
    }

    const LIST: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n\
                          {\"object\":\"list\",\"data\":[{\"id\":\"qwen2.5:14b\"}]}";

    #[tokio::test]
    async fn only_the_request_for_the_list_is_sent() {
        let (port, asked) = server(LIST).await;
        assert_eq!(names_at(&[port]).await, ["qwen2.5:14b"]);
        let host = format!("host: 127.0.0.1:{port}\r\n");
        let request = asked.await.unwrap();
        assert!(request.starts_with("GET /v1/models HTTP/1.1\r\n"), "{request}");
        let head = request.to_lowercase();
        assert!(head.contains(&host), "{request}");
        assert_eq!(head.trim_end().lines().count(), 3, "method, host and accept: {request}");
    }

    #[tokio::test]
    async fn a_chunked_list_is_read() {
        let (port, _asked) = server(
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
              a\r\n{\"data\":[{\r\nb\r\n\"id\":\"a\"}]}\r\n0\r\n\r\n",
        )
        .await;
        assert_eq!(names_at(&[port]).await, ["a"]);
    }

    #[tokio::test]
    async fn other_replies_are_ignored_and_do_not_hide_a_list() {
        let replies: [&[u8]; 7] = [
            b"",
            b"hello\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<!doctype html>",
            b"HTTP/1.1 404 Not Found\r\n\r\n{\"data\":[{\"id\":\"a\"}]}",
            b"HTTP/1.1 302 Found\r\nlocation: http://example.org/v1/models\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"data\":[",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n",
        ];
        let mut ports = Vec::new();
        for reply in replies {
            ports.push(server(reply).await.0);
        }
        ports.push(server(LIST).await.0);
        assert_eq!(names_at(&ports).await, ["qwen2.5:14b"]);
    }

    #[tokio::test]
    async fn a_list_that_never_ends_is_abandoned() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let endless = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            // Ends when the other side closes the connection.
            while stream.write_all(&[b' '; 4096]).await.is_ok() {}
        });
        assert!(names_at(&[port]).await.is_empty());
        endless.await.unwrap();
    }

    #[tokio::test]
    async fn a_silent_port_takes_no_longer_than_the_timeout() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let ports = Ports::at(&[port], Duration::from_millis(1));
        assert!(look(&ports).await.is_empty());
    }

    #[test]
    fn the_smallest_good_model_comes_first_then_the_largest_others() {
        let mut models = [
            "tiny:1b",
            "old:3b",
            "huge:70b",
            "unknown",
            "small:7b",
            "good:14b",
            "better:32b",
            "b:9b",
        ]
        .map(found);
        models.sort_by_key(preference);
        let names: Vec<_> = models.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "good:14b",
                "better:32b",
                "huge:70b",
                "b:9b",
                "small:7b",
                "unknown",
                "old:3b",
                "tiny:1b"
            ]
        );
    }
}
