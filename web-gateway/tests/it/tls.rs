//! The gateway's own TLS, and a server behind it that speaks TLS.

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    page::{built, files_of},
    program::{Program, home},
    support::{certificates::ServerFiles, reason},
    web::{BINARY, Reply, grpc_web, open_on, request},
};

async fn connect(address: &str, trusting: &ServerFiles, protocol: &str) -> TlsStream<TcpStream> {
    let mut config = trusting.trusting();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

fn borrowed(environment: &[(String, String)]) -> Vec<(&str, &str)> {
    environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn a_browser_that_comes_by_tls_is_served_and_its_cookie_is_for_tls_alone() {
    let (home, files) = (home(), ServerFiles::new());
    let program = Program::start(home.path(), &[], &borrowed(&files.environment()));
    assert!(program.link().starts_with("https://"), "{}", program.link());
    let host = format!("localhost:{}", program.port());
    let origin = format!("https://{host}");
    let body = format!(r#"{{"code":"{}"}}"#, program.code());
    let headers = [
        ("host", host.as_str()),
        ("origin", origin.as_str()),
        ("content-type", "application/json"),
    ];
    let login = request("POST", "/session/login", &headers, Bytes::from(body));
    let stream = connect(&program.address, &files, "http/1.1").await;
    let reply = open_on(stream, login).await.read().await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-viva_refresh=") && cookie.ends_with("Secure"), "{cookie}");
    assert!(reply.header("strict-transport-security").starts_with("max-age="));
    let kept = cookie.split(';').next().unwrap();
    let headers = [&headers[..], &[("cookie", kept)]].concat();
    let refresh = request("POST", "/session/refresh", &headers, Bytes::new());
    let stream = connect(&program.address, &files, "http/1.1").await;
    let renewed = open_on(stream, refresh).await.read().await;
    assert_eq!(renewed.status, StatusCode::OK, "the cookie is good: {renewed:?}");
}

#[tokio::test]
async fn the_page_with_all_that_it_loads_comes_by_tls() {
    let (home, files) = (home(), ServerFiles::new());
    let program = Program::start(home.path(), &[], &borrowed(&files.environment()));
    let host = format!("localhost:{}", program.port());
    let get = async |path: &str| {
        let stream = connect(&program.address, &files, "http/1.1").await;
        let get = request("GET", path, &[("host", host.as_str())], Bytes::new());
        open_on(stream, get).await.read().await
    };
    let page = get("/").await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (StatusCode::OK, "text/html; charset=utf-8")
    );
    assert!(page.header("strict-transport-security").starts_with("max-age="));
    assert!(!page.text().contains("http://"), "nothing is loaded as plain text");
    if built().is_none() {
        return;
    }
    let loaded = files_of(page.text());
    assert!(loaded.len() >= 3, "a script, a style and an icon: {loaded:?}");
    for path in loaded {
        let file = get(&path).await;
        assert_eq!(file.status, StatusCode::OK, "{path}");
        assert_ne!(file.header("content-type"), "application/octet-stream", "{path}");
        assert!(file.header("cache-control").contains("immutable"), "{path}");
    }
}

#[tokio::test]
async fn a_call_by_http2_comes_through_as_well() {
    let (home, files) = (home(), ServerFiles::new());
    let program = Program::start(home.path(), &[], &borrowed(&files.environment()));
    let stream = connect(&program.address, &files, "h2").await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut sender, connection) =
        http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut call = grpc_web("viva.v1.AuthService/GetMe", BINARY, &[], &[]);
    let authority = format!("https://localhost:{}{}", program.port(), call.uri().path());
    *call.uri_mut() = authority.parse().unwrap();
    let reply = sender.send_request(call).await.unwrap();
    let (head, body) = reply.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let reply = Reply { status: head.status, headers: head.headers, body };
    assert_eq!(reason(&reply.messages().unwrap_err()), "CREDENTIAL_MISSING");
    connection.abort();
}

#[tokio::test]
async fn a_server_by_https_is_reached_when_its_authority_is_known() {
    let files = ServerFiles::new();
    // A gateway speaks TLS as any server does; as an upstream its health is all that is asked for.
    let behind_home = home();
    let behind = Program::start(behind_home.path(), &[], &borrowed(&files.environment()));
    let upstream = format!("https://localhost:{}", behind.port());
    let authorities = files.authorities();
    let (home, stranger_home) = (home(), self::home());
    let known = [("VIVA_CA_FILE", authorities.to_str().unwrap())];
    let known = Program::start(home.path(), &["--upstream", &upstream], &known);
    let unknown = Program::start(stranger_home.path(), &["--upstream", &upstream], &[]);
    // What answers is no server of gRPC, which is told only by whoever was let in.
    let said = known.log_of_a_call().await;
    assert!(said.contains("the reply from upstream is not gRPC"), "{said}");
    let said = unknown.log_of_a_call().await;
    assert!(said.contains("the server does not answer"), "{said}");
}
