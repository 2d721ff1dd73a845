//! A server, or a proxy before it, whose replies break the protocol.

use std::{convert::Infallible, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use http_body::Frame;
use http_body_util::StreamBody;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::{Code, transport::Channel};
use viva_runtime::listen::{ListenLimits, connections};

use crate::{
    connect::{JSON, JSON_STREAM, open, post, seal},
    stub::{CHECK, WATCH},
    web::{BINARY, Web, grpc_web},
};

type Fields = &'static [(&'static str, &'static str)];

/// A gateway before a server that replies to every call with these headers, bytes and trailers.
async fn before(headers: Fields, data: &'static [u8], trailers: Fields) -> Web {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let reply = move || async move {
        let frames = [Frame::data(Bytes::from_static(data)), Frame::trailers(map(trailers))];
        let body = StreamBody::new(stream::iter(frames.map(Ok::<_, Infallible>)));
        let mut response = Response::new(Body::new(body));
        *response.headers_mut() = map(headers);
        response.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
        response
    };
    let incoming = connections(listener, ListenLimits::default(), None);
    let (routes, stop) = (axum::Router::new().fallback(reply), CancellationToken::new());
    tokio::spawn(viva_web::serve::serve(incoming, routes, stop, Duration::from_secs(1)));
    let url = format!("http://{address}");
    Web::before(Channel::from_shared(url).unwrap().connect_lazy()).await
}

fn map(fields: Fields) -> HeaderMap {
    let field = |(name, value): &(&'static str, &'static str)| {
        (HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    fields.iter().map(field).collect()
}

const GOOD: Fields = &[("grpc-status", "0")];

/// A status of which the details are not in Base64.
const GARBLED: Fields = &[
    ("grpc-status", "5"),
    ("grpc-message", "It is gone"),
    ("grpc-status-details-bin", "?not base64?"),
];

#[tokio::test]
async fn a_stream_that_is_cut_inside_a_message_does_not_end_as_if_it_were_whole() {
    // A message, and a part of another.
    let web = before(&[], &[0, 0, 0, 0, 2, 8, 1, 0, 0, 0], GOOD).await;
    let reply = web.send(post(WATCH, JSON_STREAM, &[], seal(b"{}"))).await;
    let (messages, end) = open(&reply.body);
    assert_eq!(messages.len(), 1);
    assert_eq!(end.unwrap()["error"]["code"], "internal");
}

#[tokio::test]
async fn a_reply_that_is_not_one_whole_message_is_an_error() {
    for data in [&[0, 0, 0, 0, 2, 8][..], &[0, 0, 0, 0, 2, 8, 1, 0], &[]] {
        let web = before(&[], data, GOOD).await;
        let reply = web.send(post(CHECK, JSON, &[], "{}")).await;
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR, "{data:?}");
        assert_eq!(reply.json()["code"], "internal");
    }
}

#[tokio::test]
async fn an_error_with_unreadable_details_is_told_without_them() {
    for (headers, trailers) in [(GARBLED, GOOD), (&[][..], GARBLED)] {
        let web = before(headers, b"", trailers).await;
        let reply = web.send(post(CHECK, JSON, &[], "{}")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        let error = reply.json();
        assert_eq!((&error["message"], &error["details"]), (&"It is gone".into(), &Value::Null));
        let reply = web.send(post(WATCH, JSON_STREAM, &[], seal(b"{}"))).await;
        assert_eq!(open(&reply.body).1.unwrap()["error"]["code"], "not_found");
        let error = web.send(grpc_web(CHECK, BINARY, &[], &[])).await.messages().unwrap_err();
        assert_eq!((error.code(), error.message()), (Code::NotFound, "It is gone"));
        let page = web.page("/session/login", r#"{"username":"ada","password":"x"}"#, &[]).await;
        assert!(!page.status.is_success(), "the gateway's own call fails, and nothing else");
    }
}
