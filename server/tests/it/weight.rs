//! What a call costs before the server has looked at its content: memory, and without a credential
//! nothing.

use std::{fs, time::Duration};

use futures::stream;
use tokio::time::timeout;
use tonic::{Code, Request, Status, client::Grpc, transport::Channel};
use viva_proto::{
    bounded::BoundedCodec,
    v1::{
        self, auth_service_client::AuthServiceClient, grade_service_client::GradeServiceClient,
        interview_service_client::InterviewServiceClient,
    },
};

use crate::{
    connect::{
        self,
        http::{JSON, post, send},
    },
    support::{Person, TestServer, fields, program::Program, reason},
};

/// How many two-byte elements a message has room for.
const HALF_A_MILLION: usize = 512 * 1024 - 32;

/// How much memory a request may cost the server at most: its decoded form, its bytes, and the
/// pages around them.
const MOST_MIB: u64 = 16;

/// The process's highest memory use since the last call, and its current use, in MiB.
fn peak_and_present(program: &Program) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let mib = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    };
    let measured = (mib("VmHWM:"), mib("VmRSS:"));
    // Resets the peak to the current use.
    fs::write(format!("/proc/{}/clear_refs", program.id()), "5").unwrap();
    measured
}

async fn grade(channel: &Channel, request: Request<v1::GradeAnswersRequest>) -> Result<(), Status> {
    GradeServiceClient::new(channel.clone()).grade_answers(request).await.map(drop)
}

fn one(request: v1::GradeAnswerRequest) -> v1::GradeAnswersRequest {
    let item = v1::GradeAnswersItem { item_id: "1".into(), request: Some(request) };
    v1::GradeAnswersRequest { items: vec![item], shared: None }
}

#[tokio::test]
async fn a_message_that_would_become_a_hundred_times_larger_is_refused_by_its_field() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), &[]);
    let channel = program.channel().await;
    let ada = Person::register(channel.clone(), "ada").await;
    let point =
        v1::RubricPoint { phrasings: vec![String::new(); HALF_A_MILLION], ..<_>::default() };
    let rubric = |key_points| v1::GradeAnswerRequest { key_points, ..<_>::default() };
    let batches = [
        v1::GradeAnswersRequest {
            items: vec![v1::GradeAnswersItem::default(); HALF_A_MILLION],
            shared: None,
        },
        one(rubric(vec![v1::RubricPoint::default(); HALF_A_MILLION])),
        one(rubric(vec![point])),
        // The heaviest message that is decoded at all; it still has too many items.
        v1::GradeAnswersRequest {
            items: vec![v1::GradeAnswersItem::default(); 11_000],
            shared: None,
        },
    ];
    let (_, mut before) = peak_and_present(&program);
    for batch in batches {
        let refused = grade(&channel, ada.ask(batch)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(
            (reason(&refused).as_str(), fields(&refused)),
            ("VALIDATION_FAILED", vec!["items".to_owned()])
        );
        let (peak, present) = peak_and_present(&program);
        assert!(peak < before + MOST_MIB, "{peak} MiB, {before} before");
        before = present;
    }
    let topics = vec![String::new(); HALF_A_MILLION];
    let request = ada.ask(v1::CreateInterviewRequest { topics, ..<_>::default() });
    let refused =
        InterviewServiceClient::new(channel.clone()).create_interview(request).await.unwrap_err();
    assert_eq!(fields(&refused), ["topics"]);
    let scopes = vec![1; HALF_A_MILLION];
    let request = ada.ask(v1::CreateApiKeyRequest { scopes, ..<_>::default() });
    let refused = AuthServiceClient::new(channel).create_api_key(request).await.unwrap_err();
    assert_eq!(fields(&refused), ["scopes"]);
    let (peak, _) = peak_and_present(&program);
    assert!(peak < before + MOST_MIB, "{peak} MiB, {before} before");
}

#[tokio::test]
async fn json_costs_no_more_memory_than_the_binary_form() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), &[]);
    let ada = Person::register(program.channel().await, "ada").await;
    let bearer = format!("Bearer {}", ada.session.access_token);
    let headers = [("authorization", bearer.as_str())];
    let (_, mut before) = peak_and_present(&program);
    for (body, part) in [
        (r#"{"key_points":[PARTS]}"#, "{}"),
        (r#"{"key_points":[PARTS]}"#, r#"{"weight":1}"#),
        (r#"{"key_points":[{"phrasings":[PARTS]}]}"#, r#""""#),
    ] {
        // As many parts as fit into the largest request.
        let parts = vec![part; (1024 * 1024 - body.len()) / (part.len() + 1)].join(",");
        let body = body.replace("PARTS", &parts);
        let request = post("GradeService/GradeAnswer", JSON, &headers, body);
        let reply = send(&program.address, request).await;
        assert_eq!(reply.error().2, "VALIDATION_FAILED", "{part}");
        let violated = connect::http::fields(&reply.json());
        assert_eq!(violated, ["key_points"], "{part}");
        let (peak, present) = peak_and_present(&program);
        assert!(peak < before + MOST_MIB, "{part}: {peak} MiB, {before} before");
        before = present;
    }
}

#[tokio::test]
async fn no_message_is_read_without_a_plausible_credential() {
    let server = TestServer::start().await;
    for (credential, wanted) in [
        (None, "CREDENTIAL_MISSING"),
        (Some("Bearer of.no.token"), "TOKEN_INVALID"),
        (
            Some("Bearer viva_11111111_11111111111111111111111111111111111111111111111111"),
            "TOKEN_INVALID",
        ),
    ] {
        // The message never arrives, so a server that read it first would wait forever.
        let mut request = Request::new(stream::pending::<v1::GradeAnswersRequest>());
        if let Some(credential) = credential {
            request.metadata_mut().insert("authorization", credential.parse().unwrap());
        }
        let mut client = Grpc::new(server.channel.clone());
        client.ready().await.unwrap();
        let path = "/viva.v1.GradeService/GradeAnswers".parse().unwrap();
        let codec = BoundedCodec::<_, v1::GradeAnswersResponse>::default();
        let call = client.streaming(request, path, codec);
        let told = timeout(Duration::from_secs(20), call).await.expect("the server does not wait");
        let error = told.unwrap_err();
        assert_eq!((error.code(), reason(&error).as_str()), (Code::Unauthenticated, wanted));
    }
}
