//! Asks a port of this machine for its list of models. It connects to the loopback address
//! directly, without name lookups, proxies or redirects.

use std::net::Ipv4Addr;

use http::{
    Request, StatusCode,
    header::{ACCEPT, HOST},
};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_util::task::AbortOnDropHandle;

/// The most bytes of a list: several hundred models.
const MOST: usize = 256 * 1024;

/// The body of the port's reply, if successful.
pub(super) async fn models(port: u16) -> Option<Bytes> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    // The connection ends with this function, however it returns.
    let _connection = AbortOnDropHandle::new(tokio::spawn(connection));
    let request = Request::get("/v1/models")
        .header(HOST, format!("127.0.0.1:{port}"))
        .header(ACCEPT, "application/json")
        .body(Empty::<Bytes>::new())
        .ok()?;
    let reply = sender.send_request(request).await.ok()?;
    if reply.status() != StatusCode::OK {
        return None;
    }
    let body = Limited::new(reply.into_body(), MOST).collect().await.ok()?;
    Some(body.to_bytes())
}
