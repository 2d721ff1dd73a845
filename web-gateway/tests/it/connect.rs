//! Calls by the Connect protocol: JSON and Protobuf over plain HTTP, for pages and programs.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode};
use http_body_util::Full;
use prost::Message;
use prost_types::Any;
use serde_json::{Value, json};
use tokio::time::timeout;
use tonic::{Code, Status, transport::Channel};
use tonic_types::pb;
use viva_proto::v1;
use viva_runtime::listen::ListenLimits;
use viva_web::gateway::GatewaySettings;

use crate::{
    stub::{CHECK, Stub, WATCH},
    support::TestServer,
    web::{Reply, Web, request, settings},
};

pub(crate) const JSON: &str = "application/json";
pub(crate) const PROTO: &str = "application/proto";
pub(crate) const JSON_STREAM: &str = "application/connect+json";
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn post(
    method: &str,
    content_type: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Request<Full<Bytes>> {
    let own = [("content-type", content_type), ("connect-protocol-version", "1")].into_iter();
    let headers: Vec<_> = own.chain(headers.iter().copied()).collect();
    request("POST", &format!("/{method}"), &headers, body.into())
}

pub(crate) fn seal(message: &[u8]) -> Bytes {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[0], length.as_slice(), message].concat().into()
}

/// Calls a method with a message in this content type; a stream is read to its first message.
pub(crate) async fn call(
    web: &Web,
    (method, is_stream): (&str, bool),
    content_type: &str,
    headers: &[(&str, &str)],
    message: &[u8],
) -> Result<(), Status> {
    if !is_stream {
        let call = post(method, content_type, headers, message.to_vec());
        let reply = web.send(call).await;
        let is_good = reply.status == StatusCode::OK;
        return if is_good { Ok(()) } else { Err(status(&reply.json())) };
    }
    let content_type = content_type.replace('/', "/connect+");
    let mut open = web.open(post(method, &content_type, headers, seal(message))).await;
    let part = open.part().await.unwrap();
    let is_end = part[0] == 2;
    let end = || serde_json::from_slice::<Value>(&part[5..]).unwrap();
    if is_end { Err(status(&end()["error"])) } else { Ok(()) }
}

/// The status of an error.
fn status(error: &Value) -> Status {
    let word = error["code"].as_str().unwrap().replace('_', "");
    let is_named = |code: &Code| format!("{code:?}").to_lowercase() == word;
    let code = (1..=16).map(Code::from_i32).find(is_named).unwrap();
    let details = error["details"].as_array().unwrap().iter().map(|detail| Any {
        type_url: format!("type.googleapis.com/{}", detail["type"].as_str().unwrap()),
        value: STANDARD_NO_PAD.decode(detail["value"].as_str().unwrap()).unwrap(),
    });
    let message = error["message"].as_str().unwrap();
    let all = pb::Status { code: code.into(), message: message.into(), details: details.collect() };
    Status::with_details(code, message, all.encode_to_vec().into())
}

/// The messages of a stream so far, and what ends it, if it has ended.
pub(crate) fn open(mut body: &[u8]) -> (Vec<Value>, Option<Value>) {
    let (mut messages, mut end) = (Vec::new(), None);
    while let Some((head, rest)) = body.split_first_chunk::<5>() {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let (message, rest) = rest.split_at(usize::try_from(length).unwrap());
        let message = serde_json::from_slice(message).unwrap();
        if head[0] == 2 {
            end = Some(message);
        } else {
            messages.push(message);
        }
        body = rest;
    }
    (messages, end)
}

/// The HTTP status, the code and the reason of an error.
fn error(reply: &Reply) -> (u16, String, String) {
    let error = reply.json();
    let details = error["details"].as_array().unwrap();
    let info = details.iter().find(|one| one["type"] == "google.rpc.ErrorInfo").unwrap();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    (reply.status.as_u16(), word(&error["code"]), word(&info["debug"]["reason"]))
}

fn told(status: u16, code: &str, reason: &str) -> (u16, String, String) {
    (status, code.to_owned(), reason.to_owned())
}

#[tokio::test]
async fn a_call_in_either_form_is_forwarded_with_its_credential() {
    let server = TestServer::start().await;
    let web = Web::before(server.channel.clone()).await;
    let ada = server.sign_up("ada").await;
    let bearer = format!("Bearer {}", ada.session.access_token);
    let headers = [("authorization", bearer.as_str()), ("x-request-id", "mine-1")];
    let reply = web.send(post("viva.v1.AuthService/GetMe", JSON, &headers, "{}")).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, JSON));
    assert_eq!(reply.json()["user"]["username"], "ada");
    assert_eq!(reply.header("x-request-id"), "mine-1");
    assert_eq!(reply.header("cache-control"), "no-store");
    let binary = post("viva.v1.AuthService/GetMe", PROTO, &headers, "");
    let reply = web.send(binary).await;
    let user = v1::GetMeResponse::decode(reply.body).unwrap().user.unwrap();
    assert_eq!(user.username, "ada");
}

#[tokio::test]
async fn a_stream_arrives_message_by_message_and_ends_with_its_status() {
    let server = TestServer::start().await;
    let web = Web::before(server.channel.clone()).await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 2).await;
    let bearer = format!("Bearer {}", ada.session.access_token);
    let headers = [("authorization", bearer.as_str())];
    let method = "viva.v1.AnswerService/WatchInterview";
    let asked = json!({"interviewId": interview.id.to_string(), "follow": true}).to_string();
    let asked = seal(asked.as_bytes());
    let mut watching = web.open(post(method, JSON_STREAM, &headers, asked)).await;
    assert_eq!(watching.response.headers()["x-accel-buffering"], "no");
    ada.submit(&interview, 0, "Sent while the page watches.").await.unwrap();
    let mut body = Vec::new();
    let evaluated = async {
        loop {
            body.extend(watching.part().await.unwrap());
            let (messages, end) = open(&body);
            assert!(end.is_none(), "the stream continues");
            let evaluation = &messages.last().unwrap()["answer"]["evaluation"];
            if evaluation["status"] == "EVALUATION_STATUS_COMPLETED" {
                break;
            }
        }
    };
    timeout(PATIENCE, evaluated).await.expect("the evaluation comes over the stream");
    let unknown = seal(br#"{"interviewId": "999999"}"#);
    let reply = web.send(post(method, JSON_STREAM, &headers, unknown)).await;
    let (messages, end) = open(&reply.body);
    assert_eq!((messages.len(), &end.unwrap()["error"]["code"]), (0, &json!("not_found")));
}

#[tokio::test]
async fn what_the_gateway_refuses_itself_has_the_same_form() {
    // This server never replies, so the gateway itself must have refused the call.
    let web = Web::before(Stub::start().await.channel()).await;
    let send = async |request| timeout(PATIENCE, web.send(request)).await.expect("a reply");
    let reply = send(post(CHECK, JSON, &[], vec![b' '; 1024 * 1024 + 1])).await;
    assert_eq!(error(&reply), told(400, "invalid_argument", "REQUEST_TOO_LARGE"));
    assert!(!reply.header("x-request-id").is_empty());
    let reply = send(post(CHECK, JSON, &[], r#"{"servce": ""}"#)).await;
    assert_eq!(error(&reply), told(400, "invalid_argument", "VALIDATION_FAILED"));
    assert!(reply.json()["message"].as_str().unwrap().contains("servce"), "{reply:?}");
    let reflection = "grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    for method in [reflection, "viva.v1.AuthService/OfTheNextVersion"] {
        let reply = send(post(method, JSON, &[], "{}")).await;
        assert_eq!(error(&reply), told(501, "unimplemented", "UNIMPLEMENTED"), "{method}");
    }
    let reply = send(post(CHECK, "text/plain", &[], "{}")).await;
    assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(reply.header("accept-post").contains(JSON), "{reply:?}");
}

#[tokio::test]
async fn a_deadline_is_passed_on() {
    let web = Web::before(Stub::start().await.channel()).await;
    let headers = [("connect-timeout-ms", "100")];
    let call = web.send(post(CHECK, JSON, &headers, "{}"));
    let reply = timeout(PATIENCE, call).await.expect("it ends");
    assert_eq!(error(&reply), told(504, "deadline_exceeded", "TIMEOUT"));
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable_and_says_when_to_come_back() {
    let lazy = Channel::from_static("http://127.0.0.1:1").connect_lazy();
    let web = Web::before(lazy).await;
    let reply = web.send(post(CHECK, JSON, &[], "{}")).await;
    assert_eq!(error(&reply), told(503, "unavailable", "SERVER_UNAVAILABLE"));
    assert_eq!(reply.header("retry-after"), "1");
}

#[tokio::test]
async fn a_stream_ends_with_a_status_when_the_gateway_stops() {
    let stub = Stub::start().await;
    let web = Web::before(stub.channel()).await;
    let mut watching = web.open(post(WATCH, JSON_STREAM, &[], seal(b"{}"))).await;
    let mut body = watching.part().await.unwrap().to_vec();
    web.stop.cancel();
    let ended = async {
        while let Some(part) = watching.part().await {
            body.extend(part);
        }
    };
    timeout(PATIENCE, ended).await.expect("it ends");
    let (_, end) = open(&body);
    assert_eq!(end.unwrap()["error"]["code"], "unavailable");
}

#[tokio::test]
async fn a_client_that_leaves_a_stream_cancels_it_at_the_server() {
    let mut stub = Stub::start().await;
    let web = Web::before(stub.channel()).await;
    let mut watching = web.open(post(WATCH, JSON_STREAM, &[], seal(b"{}"))).await;
    watching.part().await.unwrap();
    stub.begins().await;
    drop(watching);
    timeout(PATIENCE, stub.is_given_up()).await.expect("the stream is given up");
}

#[tokio::test]
async fn a_listed_origin_may_call_with_json_and_no_other_may() {
    let server = TestServer::start().await;
    let origins = vec![HeaderValue::from_static("https://page.example")];
    let settings = GatewaySettings { origins, ..settings() };
    let web = Web::start(server.channel.clone(), settings, ListenLimits::default()).await;
    let asked = "authorization,content-type,connect-protocol-version,connect-timeout-ms";
    let ask = async |origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", asked),
        ];
        web.send(request("OPTIONS", "/viva.v1.AuthService/GetMe", &headers, Bytes::new())).await
    };
    let allowed = ask("https://page.example").await;
    assert_eq!(allowed.header("access-control-allow-origin"), "https://page.example");
    for name in asked.split(',') {
        assert!(allowed.header("access-control-allow-headers").contains(name), "{name}");
    }
    assert_eq!(ask("https://evil.example").await.header("access-control-allow-origin"), "");
    let headers = [("origin", "https://page.example")];
    let reply = web.send(post("viva.v1.AuthService/GetMe", JSON, &headers, "{}")).await;
    assert_eq!(reply.header("access-control-allow-origin"), "https://page.example");
    assert_eq!(error(&reply), told(401, "unauthenticated", "CREDENTIAL_MISSING"));
}
