//! The gateway's own TLS, and a server behind it that speaks TLS.

use std::{fs, os::unix::fs::PermissionsExt, sync::Arc};

use bytes::Bytes;
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use nix::sys::signal::Signal;
use rustls::pki_types::ServerName;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsConnector, client::TlsStream};
use viva_runtime::{
    limits,
    listen::{ListenLimits, connections},
    tls::{ClientCertificates, GRPC, Tls, TlsFiles},
};
use viva_testing::certificates::{Authority, ServerFiles};

use crate::{
    page::{built, files_of},
    program::{Program, home, refused},
    stub::CHECK,
    support::{in_time, reason},
    web::{BINARY, Reply, grpc_web, open, open_on, request},
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
async fn a_browser_on_tls_is_served_and_its_cookie_is_for_tls_only() {
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
    assert!(cookie.starts_with("__Host-viva_refresh_") && cookie.ends_with("Secure"), "{cookie}");
    assert!(reply.header("strict-transport-security").starts_with("max-age="));
    let kept = cookie.split(';').next().unwrap();
    let headers = [&headers[..], &[("cookie", kept)]].concat();
    let refresh = request("POST", "/session/refresh", &headers, Bytes::new());
    let stream = connect(&program.address, &files, "http/1.1").await;
    let renewed = open_on(stream, refresh).await.read().await;
    assert_eq!(renewed.status, StatusCode::OK, "the cookie works: {renewed:?}");
}

#[tokio::test]
async fn the_page_and_everything_it_loads_is_served_over_tls() {
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
        // Files with the same name in every build are always revalidated.
        let is_kept = file.header("cache-control").contains("immutable");
        assert_eq!(is_kept, path.starts_with("/assets/"), "{path}");
    }
}

#[tokio::test]
async fn a_call_over_http2_works_too() {
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
async fn a_server_on_https_is_reached_if_its_authority_is_trusted() {
    let files = ServerFiles::new();
    // A gateway speaks TLS like any server, and as an upstream only its health matters.
    let behind_home = home();
    let behind = Program::start(behind_home.path(), &[], &borrowed(&files.environment()));
    let upstream = format!("https://localhost:{}", behind.port());
    let authorities = files.authorities();
    let (home, stranger_home) = (home(), self::home());
    let known = [("VIVA_CA_FILE", authorities.to_str().unwrap())];
    let known = Program::start(home.path(), &["--upstream", &upstream], &known);
    let unknown = Program::start(stranger_home.path(), &["--upstream", &upstream], &[]);
    // The upstream does not speak gRPC, which only a client that trusts it can notice.
    let said = known.log_of_a_call().await;
    assert!(said.contains("the reply from upstream is not gRPC"), "{said}");
    let said = unknown.log_of_a_call().await;
    assert!(said.contains("the server does not answer"), "{said}");
}

#[tokio::test]
async fn a_server_called_with_the_wrong_scheme_is_named_in_the_log() {
    let files = ServerFiles::new();
    let (tls_home, plain_home) = (home(), home());
    let by_tls = Program::start(tls_home.path(), &[], &borrowed(&files.environment()));
    let plain = Program::start(plain_home.path(), &[], &[]);
    let (by_tls, plain) =
        (format!("127.0.0.1:{}", by_tls.port()), format!("127.0.0.1:{}", plain.port()));
    let authorities = files.authorities();
    let known = [("VIVA_CA_FILE", authorities.to_str().unwrap())];
    for (upstream, speaks, right) in [
        (format!("http://{by_tls}"), "speaks TLS", format!("Use https://{by_tls}")),
        (format!("https://{plain}"), "does not speak TLS", format!("Use http://{plain}")),
    ] {
        let home = home();
        let gateway = Program::start(home.path(), &["--upstream", &upstream], &known);
        let said = gateway.log_of_a_call().await;
        assert!(said.contains(speaks) && said.contains(&right), "{upstream}: {said}");
        assert!(said.contains("VIVA_SERVER"), "{said}");
    }
}

#[tokio::test]
async fn a_server_that_requires_certificates_gets_the_gateways_and_a_renewed_one() {
    let (files, clients, strangers) = (ServerFiles::new(), Authority::new(), Authority::new());
    let at = |name: &str| files.folder.path().join(name);
    fs::write(at("clients.pem"), clients.pem()).unwrap();
    let wanted = ClientCertificates { authority: at("clients.pem"), required: true };
    let server =
        TlsFiles { certificate: files.certificate(), key: files.key(), clients: Some(wanted) };
    let tls = Arc::new(Tls::load(server, GRPC).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_service_status("", tonic_health::ServingStatus::Serving).await;
    let incoming = connections(listener, ListenLimits::default(), Some(tls));
    tokio::spawn(limits::server().add_service(health).serve_with_incoming(incoming));

    let issue = |authority: &Authority| {
        let (certificate, key) = authority.issue_to_client();
        fs::write(at("own.pem"), certificate).unwrap();
        fs::write(at("own.key"), key).unwrap();
        fs::set_permissions(at("own.key"), fs::Permissions::from_mode(0o600)).unwrap();
    };
    issue(&strangers);
    let environment = [
        ("VIVA_CA_FILE", files.authorities()),
        ("UPSTREAM_CLIENT_CERT_FILE", at("own.pem")),
        ("UPSTREAM_CLIENT_KEY_FILE", at("own.key")),
    ];
    let environment: Vec<_> =
        environment.iter().map(|(name, path)| (*name, path.to_str().unwrap())).collect();
    let (home, bare_home) = (home(), self::home());
    let bare = Program::start(bare_home.path(), &["--upstream", &upstream], &environment[..1]);
    let program = Program::start(home.path(), &["--upstream", &upstream], &environment);
    let health = async |program: &Program| {
        let get = request("GET", "/healthz", &[], Bytes::new());
        open(program.address.parse().unwrap(), get).await.read().await.status
    };
    assert_eq!(health(&bare).await, StatusCode::SERVICE_UNAVAILABLE, "it has no certificate");
    assert_eq!(
        health(&program).await,
        StatusCode::SERVICE_UNAVAILABLE,
        "its certificate is from an unknown authority"
    );
    issue(&clients);
    program.signal(Signal::SIGHUP);
    in_time(async || health(&program).await == StatusCode::OK).await;
    let call = grpc_web(CHECK, BINARY, &[], &[]);
    let reply = open(program.address.parse().unwrap(), call).await.read().await;
    assert_eq!(reply.messages().unwrap().len(), 1);
}

#[tokio::test]
async fn an_unusable_client_certificate_is_reported_at_the_start() {
    let (home, files) = (home(), ServerFiles::new());
    fs::set_permissions(files.key(), fs::Permissions::from_mode(0o644)).unwrap();
    let (certificate, key) = (files.certificate(), files.key());
    let environment = [
        ("UPSTREAM_CLIENT_CERT_FILE", certificate.to_str().unwrap()),
        ("UPSTREAM_CLIENT_KEY_FILE", key.to_str().unwrap()),
    ];
    let arguments = ["--upstream", "https://localhost:1"];
    let told = refused(home.path(), &arguments, &environment).await;
    assert!(told.contains("UPSTREAM_CLIENT_KEY_FILE") && told.contains("chmod"), "{told}");
    let told = refused(home.path(), &arguments, &environment[..1]).await;
    assert!(told.contains("UPSTREAM_CLIENT_KEY_FILE is not set"), "{told}");
}
