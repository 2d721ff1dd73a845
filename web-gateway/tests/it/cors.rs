//! Pages of other origins: those that are listed may call, with a bearer token and nothing else.

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use tonic::transport::Channel;
use viva_runtime::listen::ListenLimits;
use viva_web::gateway::GatewaySettings;

use crate::{
    stub::CHECK,
    support::TestServer,
    web::{BINARY, Web, grpc_web, request, settings},
};

const ALLOWED: &str = "https://page.example";

async fn web(channel: Channel) -> Web {
    let origins = vec![HeaderValue::from_static(ALLOWED)];
    let settings = GatewaySettings { origins, ..settings() };
    Web::start(channel, settings, ListenLimits::default()).await
}

/// The preflight request that a browser sends before a page of another origin may call.
fn preflight(path: &str, origin: &str) -> http::Request<http_body_util::Full<Bytes>> {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type,grpc-timeout,x-grpc-web"),
    ];
    request("OPTIONS", path, &headers, Bytes::new())
}

#[tokio::test]
async fn a_listed_origin_may_call_and_read_errors_whole() {
    let server = TestServer::start().await;
    let web = web(server.channel.clone()).await;
    let allowed = web.send(preflight("/viva.v1.AuthService/GetMe", ALLOWED)).await;
    assert_eq!(allowed.status, StatusCode::OK);
    assert_eq!(allowed.header("access-control-allow-origin"), ALLOWED);
    assert_eq!(allowed.header("access-control-allow-methods"), "POST");
    for header in ["authorization", "content-type", "grpc-timeout", "x-grpc-web", "x-user-agent"] {
        assert!(allowed.header("access-control-allow-headers").contains(header), "{header}");
    }
    assert!(!allowed.headers.contains_key("access-control-allow-credentials"));
    let call = grpc_web("viva.v1.AuthService/GetMe", BINARY, &[("origin", ALLOWED)], &[]);
    let reply = web.send(call).await;
    assert_eq!(reply.header("access-control-allow-origin"), ALLOWED);
    for header in ["grpc-status", "grpc-message", "grpc-status-details-bin", "x-request-id"] {
        let exposed = reply.header("access-control-expose-headers");
        assert!(exposed.contains(header) && !reply.header(header).is_empty(), "{header}");
    }
}

#[tokio::test]
async fn no_other_origin_may_call_and_none_may_use_sessions() {
    let server = TestServer::start().await;
    let web = web(server.channel.clone()).await;
    for origin in
        ["https://evil.example", "http://page.example", "https://page.example.evil", "null"]
    {
        for path in ["/viva.v1.AuthService/GetMe", "/session/refresh"] {
            let reply = web.send(preflight(path, origin)).await;
            assert!(!reply.headers.contains_key("access-control-allow-origin"), "{origin} {path}");
        }
        let call = grpc_web(CHECK, BINARY, &[("origin", origin)], &[]);
        let reply = web.send(call).await;
        assert!(!reply.headers.contains_key("access-control-allow-origin"), "{origin}");
    }
    let reply = web.send(preflight("/session/refresh", ALLOWED)).await;
    assert!(!reply.headers.contains_key("access-control-allow-origin"), "not even the listed one");
}

#[tokio::test]
async fn without_a_list_no_page_of_another_origin_may_call() {
    let server = TestServer::start().await;
    let web = Web::before(server.channel.clone()).await;
    let reply = web.send(preflight("/viva.v1.AuthService/GetMe", ALLOWED)).await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(!reply.headers.contains_key("access-control-allow-origin"));
}
