//! The Connect protocol on the server's own port: JSON and Protobuf over plain HTTP.

mod connections;
pub(crate) mod http;
mod refusals;
mod streams;

use prost::Message;
use serde_json::json;
use viva_proto::v1;

use self::http::{JSON, PROTO, post, send, send_by_http2};
use crate::support::{PASSWORD, Person, TestServer};

/// The address of a server.
fn address(server: &TestServer) -> &str {
    server.url.strip_prefix("http://").unwrap()
}

/// The header with a person's credential.
fn bearer(person: &Person) -> String {
    format!("Bearer {}", person.session.access_token)
}

#[tokio::test]
async fn a_person_registers_signs_in_and_practises_with_json_alone() {
    let server = TestServer::start().await;
    let call = async |rpc: &str, token: &str, body: serde_json::Value| {
        let bearer = format!("Bearer {token}");
        let credential = [("authorization", bearer.as_str())];
        let headers = if token.is_empty() { &[][..] } else { &credential };
        let reply = send(address(&server), post(rpc, JSON, headers, body.to_string())).await;
        assert_eq!(reply.status, 200, "{rpc}: {reply:?}");
        reply.json()
    };
    let account = json!({"username": "ada", "email": "ada@corpus.example", "password": PASSWORD});
    let registered = call("AuthService/Register", "", account).await;
    assert!(registered["userId"].is_string(), "a number of 64 bits: {registered}");
    let credentials = json!({"username": "ada", "password": PASSWORD});
    let session = call("AuthService/Login", "", credentials).await;
    let token = session["session"]["accessToken"].as_str().unwrap();
    let wanted = json!({"role": "Backend engineer", "numQuestions": 1, "level": "LEVEL_SENIOR"});
    let created = call("InterviewService/CreateInterview", token, wanted).await;
    let interview = &created["interview"];
    assert_eq!(interview["level"], "LEVEL_SENIOR");
    assert_eq!(interview["feedbackWithheld"], false, "a field with its default is there");
    let answer = json!({
        "interview_id": interview["id"],
        "question_id": interview["questions"][0]["id"],
        "answer_text": "I would measure first: Übung macht Meister. 😀",
    });
    let submitted = call("AnswerService/SubmitAnswer", token, answer).await;
    let asked = json!({"answerId": submitted["answerId"]});
    let stored = call("AnswerService/GetAnswerStatus", token, asked).await;
    assert_eq!(stored["answer"]["answerText"], "I would measure first: Übung macht Meister. 😀");
}

#[tokio::test]
async fn a_reply_has_the_form_of_its_request_over_either_version_of_http() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let bearer = bearer(&ada);
    let headers = [("authorization", bearer.as_str()), ("x-request-id", "mine-1")];
    let requests = || {
        [JSON, "application/json; charset=utf-8", PROTO].map(|kind| {
            let body = if kind == PROTO { "" } else { "{}" };
            post("AuthService/GetMe", kind, &headers, body)
        })
    };
    let mut replies = Vec::new();
    for request in requests() {
        replies.push(send(address(&server), request).await);
    }
    for request in requests() {
        replies.push(send_by_http2(address(&server), request).await);
    }
    for (reply, kind) in replies.iter().zip([JSON, JSON, PROTO].iter().cycle()) {
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, *kind));
        assert_eq!(reply.header("x-request-id"), "mine-1");
        assert!(reply.headers.keys().all(|name| !name.as_str().starts_with("grpc-")), "{reply:?}");
        let name = if *kind == PROTO {
            v1::GetMeResponse::decode(reply.body.clone()).unwrap().user.unwrap().username
        } else {
            reply.json()["user"]["username"].as_str().unwrap().to_owned()
        };
        assert_eq!(name, "ada");
    }
}
