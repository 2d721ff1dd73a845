//! Streams: messages in envelopes, the last of which has the status.

use std::time::Duration;

use ::http::StatusCode;
use http_body_util::BodyExt;
use prost::Message;
use serde_json::{Value, json};
use tokio::time::timeout;
use viva_proto::v1;

use super::{
    address, bearer,
    http::{JSON_STREAM, PROTO_STREAM, begin, fields, open, post, reason, seal, send},
};
use crate::support::TestServer;

const PATIENCE: Duration = Duration::from_secs(20);
const WATCH: &str = "AnswerService/WatchInterview";

#[tokio::test]
async fn a_watch_brings_each_change_as_it_happens() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 2).await;
    let bearer = bearer(&ada);
    let headers = [("authorization", bearer.as_str())];
    let asked = json!({"interviewId": interview.id.to_string(), "follow": true}).to_string();
    let request = post(WATCH, JSON_STREAM, &headers, seal(asked.as_bytes()));
    let mut response = begin(address(&server), request).await;
    assert_eq!(response.headers()["content-type"], JSON_STREAM);
    assert_eq!(response.headers()["x-accel-buffering"], "no", "proxies must not buffer it");
    assert_eq!(response.headers()["cache-control"], "no-store");
    ada.submit(&interview, 0, "Sent while the program watches.").await.unwrap();
    let mut body = Vec::new();
    let evaluated = async {
        loop {
            let frame = response.body_mut().frame().await.unwrap().unwrap();
            body.extend(frame.into_data().unwrap());
            let (messages, end) = open(&body);
            assert!(end.is_none(), "the stream continues: {end:?}");
            let last: Value = serde_json::from_slice(messages.last().unwrap()).unwrap();
            if last["answer"]["evaluation"]["status"] == "EVALUATION_STATUS_COMPLETED" {
                break;
            }
        }
    };
    timeout(PATIENCE, evaluated).await.expect("the evaluation comes over the stream");

    let asked = v1::WatchInterviewRequest { interview_id: interview.id, follow: false };
    let request = post(WATCH, PROTO_STREAM, &headers, seal(&asked.encode_to_vec()));
    let reply = send(address(&server), request).await;
    assert_eq!(reply.header("content-type"), PROTO_STREAM);
    let (messages, end) = reply.messages();
    let answer = v1::WatchInterviewResponse::decode(messages[0].clone()).unwrap().answer.unwrap();
    assert_eq!((answer.answer_text.as_str(), end), ("Sent while the program watches.", json!({})));
}

#[tokio::test]
async fn a_batch_is_graded_item_by_item() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let bearer = bearer(&ada);
    let point = json!({"point": "Only one thread at a time holds the lock."});
    let batch = json!({
        "shared": {"question": "What is a mutex for?", "keyPoints": [point]},
        "items": [
            {"itemId": "good", "request": {"answer": "It lets one thread in."}},
            {"itemId": "broken", "request": {"answer": "x".repeat(20_001)}},
        ],
    });
    let headers = [("authorization", bearer.as_str())];
    let body = seal(batch.to_string().as_bytes());
    let request = post("GradeService/GradeAnswers", JSON_STREAM, &headers, body);
    let (messages, end) = send(address(&server), request).await.messages();
    assert_eq!(end, json!({}));
    let replies: Vec<Value> =
        messages.iter().map(|message| serde_json::from_slice(message).unwrap()).collect();
    let of = |id: &str| replies.iter().find(|reply| reply["itemId"] == id).unwrap();
    assert!(of("good")["evaluation"]["overall"].is_number(), "{replies:?}");
    assert!(of("good").get("error").is_none(), "only what there is of the two: {replies:?}");
    assert_eq!(of("broken")["error"]["reason"], "VALIDATION_FAILED");
}

#[tokio::test]
async fn a_stream_that_is_refused_ends_with_the_error() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let bearer = bearer(&ada);
    let signed_in = [("authorization", bearer.as_str())];
    let unknown = seal(br#"{"interviewId": "999999"}"#);
    let wrong = seal(br#"{"interviewId": {}}"#);
    let compressed = [&[1], &unknown[1..]].concat();
    let two = [&unknown[..], &unknown].concat();
    let large = seal(&vec![b' '; 1024 * 1024 + 1]);
    for (headers, body, code, why) in [
        (&signed_in[..], unknown.clone(), "not_found", "INTERVIEW_NOT_FOUND"),
        (&[], unknown, "unauthenticated", "CREDENTIAL_MISSING"),
        (&signed_in, wrong, "invalid_argument", "VALIDATION_FAILED"),
        (&signed_in, compressed.into(), "unimplemented", "UNIMPLEMENTED"),
        (&signed_in, two.into(), "invalid_argument", "VALIDATION_FAILED"),
        (&signed_in, "{}".into(), "invalid_argument", "VALIDATION_FAILED"),
        (&signed_in, large, "invalid_argument", "REQUEST_TOO_LARGE"),
    ] {
        let reply = send(address(&server), post(WATCH, JSON_STREAM, headers, body)).await;
        assert_eq!(reply.status, StatusCode::OK, "the status is in the last message");
        let (messages, end) = reply.messages();
        assert!(messages.is_empty());
        let error = &end["error"];
        assert_eq!((error["code"].as_str(), reason(error).as_str()), (Some(code), why), "{error}");
    }
    let reply = post(WATCH, JSON_STREAM, &signed_in, seal(br#"{"interviewId": []}"#));
    let (_, end) = send(address(&server), reply).await.messages();
    assert_eq!(fields(&end["error"]), ["interview_id"]);
}

#[tokio::test]
async fn a_stream_ends_when_the_server_stops() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    ada.submit(&interview, 0, "So that the watch begins.").await.unwrap();
    let bearer = bearer(&ada);
    let asked = json!({"interviewId": interview.id.to_string(), "follow": true}).to_string();
    let headers = [("authorization", bearer.as_str())];
    let request = post(WATCH, JSON_STREAM, &headers, seal(asked.as_bytes()));
    let mut response = begin(address(&server), request).await;
    let first = response.body_mut().frame().await.unwrap().unwrap().into_data().unwrap();
    let stopping = tokio::spawn(server.stop());
    let rest = response.into_body().collect().await.unwrap().to_bytes();
    let (_, end) = open(&[first, rest].concat());
    assert_eq!(reason(&end.unwrap()["error"]), "SHUTTING_DOWN");
    stopping.await.unwrap();
}
