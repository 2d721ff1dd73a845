//! What every call shares: request ids, limits, health and reflection.

use sqlx::Connection;
use tokio_stream::StreamExt;
use tonic::{Code, Request};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};
use tonic_types::StatusExt;
use viva_proto::v1;
use viva_runtime::limits;
use viva_testing::http2;

use crate::support::{TestServer, fields, program::Program, reason};

#[tokio::test]
async fn every_reply_carries_the_callers_request_id_or_a_new_one() {
    let server = TestServer::start().await;
    let mut request = Request::new(v1::LoginRequest::default());
    request.metadata_mut().insert("x-request-id", "mine-1".parse().unwrap());
    let error = server.auth().login(request).await.unwrap_err();
    assert_eq!(error.metadata().get("x-request-id").unwrap(), "mine-1");
    let ada = server.sign_up("ada").await;
    let reply = ada.auth().get_me(ada.ask(v1::GetMeRequest {})).await.unwrap();
    assert_eq!(reply.metadata().get("x-request-id").unwrap().len(), 16);
}

#[tokio::test]
async fn a_message_over_the_limit_is_the_requests_fault() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let error = ada.submit(&interview, 0, &"a".repeat(20_001)).await.unwrap_err();
    assert_eq!(fields(&error), ["answer_text"]);
    let error = ada.submit(&interview, 0, &"a".repeat(2 << 20)).await.unwrap_err();
    let told = (error.code(), reason(&error));
    assert_eq!(told, (Code::InvalidArgument, "REQUEST_TOO_LARGE".to_owned()));
    let sizes = error.get_details_error_info().unwrap().metadata;
    assert_eq!(sizes["most_bytes"], limits::MAX_MESSAGE_BYTES.to_string());
    assert!(sizes["bytes"].parse::<usize>().unwrap() > 2 << 20, "{sizes:?}");
    assert!(sizes.values().all(|size| error.message().contains(size)), "{error:?}");
}

#[tokio::test]
async fn headers_over_the_limit_are_refused_and_the_connection_continues() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let mut request = ada.ask(v1::GetMeRequest {});
    request.metadata_mut().insert("x-large", "y".repeat(20 * 1024).parse().unwrap());
    assert!(ada.auth().get_me(request).await.is_err());
    assert!(ada.auth().get_me(ada.ask(v1::GetMeRequest {})).await.is_ok());
}

#[tokio::test]
async fn a_client_learns_the_limits_of_its_connection() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), &[]);
    let told = http2::settings(&program.address).await;
    for (name, value) in [
        (http2::MAX_STREAMS, limits::STREAMS_PER_CONNECTION),
        (http2::WINDOW, limits::STREAM_WINDOW_BYTES),
        (http2::FRAME, limits::FRAME_BYTES),
        (http2::HEADERS, limits::HEADER_BYTES),
    ] {
        assert_eq!(told.get(&name), Some(&value), "{name}: {told:?}");
    }
}

#[tokio::test]
async fn a_call_past_the_servers_limit_ends_as_a_deadline() {
    let mut settings = crate::support::settings();
    settings.request_timeout = std::time::Duration::ZERO;
    let server = TestServer::start_with(settings).await;
    let error = server.auth().login(v1::LoginRequest::default()).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::DeadlineExceeded, "Request timeout"));
    assert_eq!(reason(&error), "TIMEOUT");
}

#[tokio::test]
async fn a_call_past_the_callers_own_deadline_is_ended_by_the_server_with_its_reason() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    // Another connection holds the write lock, so the call must wait.
    let file =
        sqlx::sqlite::SqliteConnectOptions::new().filename(server.folder.path().join("viva.db"));
    let mut other = sqlx::SqliteConnection::connect_with(&file).await.unwrap();
    let _lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    // Set by hand and not with `set_timeout`, which would make the client itself give up, too.
    let mut request = ada.ask(v1::LogoutRequest::default());
    request.metadata_mut().insert("grpc-timeout", "300m".parse().unwrap());
    let error = ada.auth().logout(request).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::DeadlineExceeded, "Request timeout"));
    assert_eq!(reason(&error), "TIMEOUT");
}

#[tokio::test]
async fn each_service_reports_its_health_without_a_credential() {
    let server = TestServer::start().await;
    let mut health = HealthClient::new(server.channel.clone());
    for service in ["", "viva.v1.AuthService", "viva.v1.AnswerService"] {
        let request = HealthCheckRequest { service: service.into() };
        let status = health.check(request).await.unwrap().into_inner().status();
        assert_eq!(status.as_str_name(), "SERVING", "{service}");
    }
}

#[tokio::test]
async fn reflection_lists_every_service() {
    let server = TestServer::start().await;
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut client = ServerReflectionClient::new(server.channel.clone());
    let stream = client.server_reflection_info(tokio_stream::iter([request])).await.unwrap();
    let reply = stream.into_inner().next().await.unwrap().unwrap();
    let Some(MessageResponse::ListServicesResponse(list)) = reply.message_response else {
        panic!("another reply")
    };
    let names: Vec<_> = list.service.into_iter().map(|service| service.name).collect();
    for name in ["Auth", "Interview", "Answer", "Report", "Grade", "Server"] {
        assert!(names.contains(&format!("viva.v1.{name}Service")), "{names:?}");
    }
}
