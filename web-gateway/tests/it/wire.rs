//! gRPC-Web calls: both encodings, one message and streams, errors, deadlines, cancelling.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::StatusCode;
use http_body_util::BodyExt;
use prost::Message;
use tokio::time::timeout;
use tonic::Code;
use tonic_types::StatusExt;
use viva_proto::v1;

use crate::{
    stub::{CHECK, Stub, WATCH},
    support::{TestServer, reason},
    web::{BINARY, TEXT, Web, frames, grpc_web, request},
};

/// How long anything here may take at most, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_reply_has_the_encoding_of_its_request() {
    let server = TestServer::start().await;
    let web = Web::before(server.channel.clone()).await;
    let request = v1::RegisterRequest {
        username: "ada".into(),
        email: "ada@corpus.example".into(),
        password: crate::support::PASSWORD.into(),
    };
    let call = grpc_web("viva.v1.AuthService/Register", BINARY, &[], &request.encode_to_vec());
    let reply = web.send(call).await;
    assert_eq!(reply.header("content-type"), BINARY);
    assert!(!reply.header("x-request-id").is_empty());
    let messages = reply.messages().unwrap();
    let registered = v1::RegisterResponse::decode(messages[0].clone()).unwrap();
    assert!(registered.user_id > 0 && messages.len() == 1);

    let ada = server.sign_in("ada", crate::support::PASSWORD).await.unwrap();
    let bearer = format!("Bearer {}", ada.session.access_token);
    for text in [TEXT, "application/grpc-web-text+proto"] {
        let call = grpc_web("viva.v1.AuthService/GetMe", text, &[("authorization", &bearer)], &[]);
        let reply = web.send(call).await;
        assert!(reply.header("content-type").starts_with(TEXT), "{reply:?}");
        let message = reply.messages().unwrap().remove(0);
        assert_eq!(v1::GetMeResponse::decode(message).unwrap().user.unwrap().username, "ada");
    }
}

#[tokio::test]
async fn a_stream_arrives_message_by_message_and_ends_with_its_status() {
    let server = TestServer::start().await;
    let web = Web::before(server.channel.clone()).await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 2).await;
    let bearer = format!("Bearer {}", ada.session.access_token);
    let watch = v1::WatchInterviewRequest { interview_id: interview.id, follow: true };
    let method = "viva.v1.AnswerService/WatchInterview";
    let headers = [("authorization", bearer.as_str())];
    let mut open = web.open(grpc_web(method, BINARY, &headers, &watch.encode_to_vec())).await;
    ada.submit(&interview, 0, "Sent while the browser watches.").await.unwrap();
    let mut body = Vec::new();
    let evaluated = async {
        loop {
            body.extend(open.part().await.unwrap());
            let (messages, trailers) = frames(&body);
            assert!(trailers.is_none(), "the stream continues");
            let last = messages.last().unwrap().clone();
            let answer = v1::WatchInterviewResponse::decode(last).unwrap().answer.unwrap();
            if answer.evaluation.unwrap().status() == v1::EvaluationStatus::Completed {
                break;
            }
        }
    };
    timeout(PATIENCE, evaluated).await.expect("the evaluation comes over the stream");

    let watch = v1::WatchInterviewRequest { follow: false, ..watch };
    for kind in [BINARY, TEXT] {
        let reply = web.send(grpc_web(method, kind, &headers, &watch.encode_to_vec())).await;
        assert_eq!(reply.messages().unwrap().len(), 1, "{kind}");
        assert_eq!(reply.header("x-accel-buffering"), "no", "proxies must not buffer it");
    }
}

#[tokio::test]
async fn an_error_carries_its_details_and_a_call_without_a_message_is_an_error() {
    let server = TestServer::start().await;
    let web = Web::before(server.channel.clone()).await;
    let bad = v1::RegisterRequest { username: "a".into(), ..Default::default() };
    let called = web.call::<v1::RegisterResponse>("viva.v1.AuthService/Register", &bad, &[]).await;
    let error = called.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::InvalidArgument, "Invalid request"));
    assert_eq!(reason(&error), "VALIDATION_FAILED");
    let fields = error.get_details_bad_request().unwrap().field_violations;
    assert!(fields.iter().any(|violation| violation.field == "email"), "{fields:?}");
    let called =
        web.call::<v1::GetMeResponse>("viva.v1.AuthService/GetMe", &v1::GetMeRequest {}, &[]);
    assert_eq!(reason(&called.await.unwrap_err()), "CREDENTIAL_MISSING");
    let nothing =
        request("POST", "/viva.v1.AuthService/GetMe", &[("content-type", BINARY)], Bytes::new());
    assert!(web.send(nothing).await.messages().is_err(), "a call without a message");
    let broken =
        request("POST", "/viva.v1.AuthService/GetMe", &[("content-type", TEXT)], "!!".into());
    let reply = web.send(broken).await;
    assert_eq!(reason(&reply.messages().unwrap_err()), "VALIDATION_FAILED");
    assert!(!reply.header("x-request-id").is_empty(), "the gateway's own errors have an id, too");
}

#[tokio::test]
async fn text_is_one_message_in_whatever_pieces_it_is_encoded() {
    let server = TestServer::start().await;
    let web = Web::before(server.channel.clone()).await;
    let asked = v1::LoginRequest { username: "nobody".into(), password: "x".into() };
    let method = "viva.v1.AuthService/Login";
    let whole = grpc_web(method, BINARY, &[], &asked.encode_to_vec());
    let frame = whole.into_body().collect().await.unwrap().to_bytes();
    for size in 1..=frame.len() {
        let text: String = frame.chunks(size).map(|piece| STANDARD.encode(piece)).collect();
        let headers = [("content-type", TEXT)];
        let call = request("POST", &format!("/{method}"), &headers, text.into());
        let error = web.send(call).await.messages().unwrap_err();
        assert_eq!(reason(&error), "INVALID_CREDENTIALS", "in pieces of {size}");
    }
}

#[tokio::test]
async fn another_content_type_is_415_and_an_unlisted_service_is_unimplemented() {
    let server = TestServer::start().await;
    let web = Web::before(server.channel.clone()).await;
    for kind in ["application/grpc", "text/plain", "application/grpc-web+json"] {
        let headers = [("content-type", kind)];
        let other = request("POST", "/viva.v1.AuthService/GetMe", &headers, Bytes::new());
        assert_eq!(web.send(other).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    for method in [
        "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "viva.v2.AuthService/GetMe",
        "viva.v1.AuthService/OfTheNextVersion",
    ] {
        let error = web.send(grpc_web(method, BINARY, &[], &[])).await.messages().unwrap_err();
        assert_eq!(error.code(), Code::Unimplemented, "{method}");
    }
    let get = web.get("/viva.v1.AuthService/GetMe").await;
    assert_eq!(get.header("content-type"), "text/html; charset=utf-8", "a GET is for the page");
}

#[tokio::test]
async fn a_deadline_is_forwarded_and_ends_the_call_at_the_server_too() {
    let mut stub = Stub::start().await;
    let web = Web::before(stub.channel()).await;
    let call = grpc_web(CHECK, BINARY, &[("grpc-timeout", "2000m")], &[]);
    let error = web.send(call).await.messages().unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::DeadlineExceeded, "Request timeout"));
    assert_eq!(reason(&error), "TIMEOUT");
    assert_eq!(stub.begins().await.get("grpc-timeout").unwrap(), "2000m");
    timeout(PATIENCE, stub.is_given_up()).await.unwrap();
}

#[tokio::test]
async fn a_client_that_hangs_up_cancels_its_call_at_the_server() {
    let mut stub = Stub::start().await;
    let web = Web::before(stub.channel()).await;
    let mut watch = web.open(grpc_web(WATCH, BINARY, &[], &[])).await;
    watch.part().await.unwrap();
    stub.begins().await;
    drop(watch);
    timeout(PATIENCE, stub.is_given_up()).await.expect("the stream is given up");

    let address = web.address;
    let waiting = tokio::spawn(async move {
        crate::web::open(address, grpc_web(CHECK, BINARY, &[], &[])).await;
    });
    stub.begins().await;
    waiting.abort();
    timeout(PATIENCE, stub.is_given_up()).await.expect("the call is given up");
}

#[tokio::test]
async fn the_server_learns_whose_call_it_is_and_never_sees_a_cookie() {
    let mut stub = Stub::start().await;
    let web = Web::before(stub.channel()).await;
    let headers = [
        ("cookie", "viva_refresh=secret"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-request-id", "mine"),
        ("authorization", "Bearer x"),
        ("user-agent", "a browser"),
    ];
    let _watch = web.open(grpc_web(WATCH, BINARY, &headers, &[])).await;
    let seen = stub.begins().await;
    assert_eq!(seen.get("x-forwarded-for").unwrap(), "203.0.113.9, 127.0.0.1");
    assert_eq!(seen.get("x-request-id").unwrap(), "mine");
    assert_eq!(seen.get("authorization").unwrap(), "Bearer x");
    assert!(
        seen.get("user-agent").unwrap().to_str().unwrap().starts_with("a browser "),
        "{seen:?}"
    );
    assert!(seen.get("cookie").is_none() && !format!("{seen:?}").contains("secret"), "{seen:?}");
}
