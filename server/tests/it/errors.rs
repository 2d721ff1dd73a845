//! What a caller can do about an error without asking anyone: the message, the limit that was
//! reached, and when to retry.

use std::{num::NonZeroU32, time::Duration};

use tonic::{Code, Request, Status};
use tonic_types::StatusExt;
use viva_proto::v1::{self, Scope, grade_service_client::GradeServiceClient};
use viva_server::domain::throttle::RequestLimits;

use crate::{
    api_keys::create,
    support::{Person, TestServer, fields, reason, settings},
};

/// The error of a call with this metadata.
async fn refused(server: &TestServer, authorization: &str) -> (String, String) {
    let mut request = Request::new(v1::GetMeRequest {});
    request.metadata_mut().insert("authorization", authorization.parse().unwrap());
    let error = server.auth().get_me(request).await.unwrap_err();
    assert_eq!(error.code(), Code::Unauthenticated, "{error:?}");
    (error.message().to_owned(), reason(&error))
}

#[tokio::test]
async fn a_bad_credential_is_refused_with_a_message_that_says_why() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let key = create(&ada, &[Scope::Grade]).await.unwrap();
    let secret = key.secret.as_str();
    let api_key_id = key.api_key.unwrap().id;
    ada.auth().revoke_api_key(ada.ask(v1::RevokeApiKeyRequest { api_key_id })).await.unwrap();
    let bob = server.sign_up("bob").await;
    bob.auth().logout(bob.ask(v1::LogoutRequest::default())).await.unwrap();
    for (authorization, words) in [
        (format!("Bearer {secret}"), "The API key is unknown or was revoked"),
        (format!("Bearer {}", &secret[..60]), "The API key is incomplete or mistyped"),
        (
            format!("Bearer {}", bob.session.access_token),
            "The session of this access token has ended",
        ),
        ("Bearer not.a.token".to_owned(), "Invalid token format"),
        (secret.to_owned(), "The authorization metadata must be \"Bearer CREDENTIAL\""),
    ] {
        let told = refused(&server, &authorization).await;
        assert_eq!(told, (words.to_owned(), "TOKEN_INVALID".to_owned()));
    }
}

/// The limit that a status names: in its `ErrorInfo`, and with its subject in `QuotaFailure`.
fn limit(status: &Status) -> (String, String) {
    let info = status.get_details_error_info().unwrap();
    let quota = status.get_details_quota_failure().unwrap().violations.remove(0);
    assert!(status.message().ends_with(&quota.description), "{status:?}");
    (info.metadata["limit"].clone(), quota.subject)
}

/// How long a client library should wait before it retries by itself.
fn pushback(status: &Status) -> Duration {
    let wait = status.metadata().get("grpc-retry-pushback-ms").unwrap().to_str().unwrap();
    Duration::from_millis(wait.parse().unwrap())
}

#[tokio::test]
async fn a_caller_over_a_limit_learns_which_limit_it_is_and_when_to_retry() {
    let per_user = NonZeroU32::new(2);
    let limits = RequestLimits { per_user, ..RequestLimits::default() };
    let server = TestServer::start_limited(settings(), limits).await;
    let ada = server.sign_up("ada").await;
    let me = async || ada.auth().get_me(ada.ask(v1::GetMeRequest {})).await;
    me().await.unwrap();
    me().await.unwrap();
    let error = me().await.unwrap_err();
    assert_eq!((error.code(), reason(&error).as_str()), (Code::ResourceExhausted, "RATE_LIMITED"));
    assert_eq!(limit(&error), ("CALLS_PER_ACCOUNT".into(), "account".into()));
    assert_eq!(error.message(), "Too many requests: at most 2 calls a minute for an account");
    let wait = error.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert_eq!(pushback(&error), wait);
    assert!(wait <= Duration::from_secs(31), "{wait:?}");
}

#[tokio::test]
async fn an_address_over_its_limit_learns_that() {
    let per_address = NonZeroU32::new(3);
    let limits = RequestLimits { per_address, ..RequestLimits::default() };
    let server = TestServer::start_limited(settings(), limits).await;
    let ada = server.sign_up("ada").await;
    ada.auth().get_me(ada.ask(v1::GetMeRequest {})).await.unwrap();
    let error = ada.auth().get_me(ada.ask(v1::GetMeRequest {})).await.unwrap_err();
    assert_eq!(limit(&error), ("CALLS_PER_ADDRESS".into(), "address".into()));
}

async fn grade(person: &Person, request: v1::GradeAnswerRequest) -> Status {
    let mut client = GradeServiceClient::new(person.channel.clone());
    client.grade_answer(person.ask(request)).await.unwrap_err()
}

#[tokio::test]
async fn of_very_many_broken_rules_the_first_are_listed_with_their_total() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let bad = v1::RubricPoint { weight: Some(0.0), ..v1::RubricPoint::default() };
    let request = v1::GradeAnswerRequest {
        question: "Why?".into(),
        key_points: vec![bad; 50],
        ..v1::GradeAnswerRequest::default()
    };
    let error = grade(&ada, request).await;
    assert_eq!(fields(&error).len(), 30);
    assert_eq!(fields(&error)[29], "key_points[14].weight");
    assert_eq!(error.get_details_error_info().unwrap().metadata["violations"], "100");
    // Clients read at most 8 KiB of headers, which carry the details in base64.
    assert!(error.details().len() < 6000, "{}", error.details().len());
}
