//! How the client finds out what an endpoint takes.

use std::sync::Arc;

use tokio::sync::Barrier;

use super::{
    ask, client,
    endpoint::{Endpoint, Reply, completion, fault},
    failure, retry,
};
use crate::{domain::provenance::Tokens, llm::ReplyForm};

fn forms(endpoint: &Endpoint) -> Vec<String> {
    endpoint.seen().iter().map(|seen| seen.form().to_owned()).collect()
}

#[tokio::test]
async fn a_request_is_what_the_protocol_says() {
    let endpoint = Endpoint::always(completion("hello")).await;
    let reply = client(endpoint.url()).complete(&ask()).await.unwrap();
    assert_eq!(reply.content, "hello");
    assert_eq!(reply.tokens, Some(Tokens { prompt: 3, completion: 4 }));
    assert_eq!(reply.form, ReplyForm::Schema);
    assert!(!reply.duration.is_zero());
    let seen = endpoint.seen().remove(0);
    for part in [
        "post /v1/chat/completions?token=query-hush http/1.1",
        "authorization: bearer sk-hush-0001",
        "content-type: application/json",
        concat!("user-agent: viva/", env!("CARGO_PKG_VERSION")),
        "accept-encoding: gzip",
    ] {
        assert!(seen.head.contains(part), "{part} not in {}", seen.head);
    }
    assert_eq!(seen.body["response_format"]["json_schema"]["name"], "evaluation");
}

#[tokio::test]
async fn what_the_endpoint_takes_is_found_once_and_remembered() {
    let endpoint = Endpoint::start(|_, seen| {
        Reply::Bytes(match seen.form() {
            "json_schema" => fault(500, "Input should be 'text' or 'json_object'"),
            "json_object" => fault(400, "response_format is not supported"),
            _ if !seen.body["temperature"].is_null() => {
                fault(400, "'temperature' does not support 0 with this model")
            }
            _ => completion("{}"),
        })
    })
    .await;
    let client = client(endpoint.url());
    assert_eq!(client.form(), ReplyForm::Schema);
    let reply = client.complete(&ask()).await.unwrap();
    assert_eq!((reply.form, client.form()), (ReplyForm::Text, ReplyForm::Text));
    assert_eq!(forms(&endpoint), ["json_schema", "json_object", "json_object", "", ""]);
    client.clone().complete(&ask()).await.unwrap();
    let seen = endpoint.seen();
    assert_eq!(seen.len(), 6, "the second call asks once");
    assert!(seen[5].form().is_empty() && seen[5].body["temperature"].is_null());
    let system = seen[5].body["messages"][0]["content"].as_str().unwrap().to_owned();
    assert!(system.ends_with("nothing else:\n{\"type\":\"object\"}"), "{system}");
}

#[tokio::test]
async fn faults_of_another_kind_are_not_answered_with_a_plainer_request() {
    let too_long = r#"{"error":{"message":"response_format","code":"context_length_exceeded"}}"#;
    let too_long = super::endpoint::response(400, &[], too_long.as_bytes());
    let endpoint = Endpoint::always(too_long).await;
    let asking = client(endpoint.url());
    assert!(failure(&asking).await.contains("longer than the model LLM_MODEL can read"));
    assert_eq!((endpoint.seen().len(), asking.form()), (1, ReplyForm::Schema));

    let endpoint = Endpoint::always(fault(500, "The server had an error.")).await;
    let asking = client(endpoint.url());
    retry(&asking).await;
    assert_eq!((endpoint.seen().len(), asking.form()), (1, ReplyForm::Schema));
}

#[tokio::test]
async fn a_complaint_that_no_plainer_request_mends_is_not_remembered() {
    let endpoint = Endpoint::start(|number, _| {
        Reply::Bytes(match number {
            0..5 => fault(400, "no response_format, no temperature, nothing"),
            _ => completion("{}"),
        })
    })
    .await;
    let client = client(endpoint.url());
    assert!(failure(&client).await.contains("HTTP 400"));
    assert_eq!(endpoint.seen().len(), 5, "four steps and no more");
    assert_eq!(client.complete(&ask()).await.unwrap().form, ReplyForm::Schema);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_at_once_step_down_once_for_one_complaint() {
    let endpoint = Endpoint::start(|_, seen| {
        Reply::Bytes(match seen.form() {
            "json_schema" => fault(400, "json_schema is not supported"),
            _ => completion("{}"),
        })
    })
    .await;
    let (client, together) = (client(endpoint.url()), Arc::new(Barrier::new(4)));
    let calls: Vec<_> = (0..4)
        .map(|_| {
            let (client, together) = (client.clone(), together.clone());
            tokio::spawn(async move {
                together.wait().await;
                client.complete(&ask()).await.unwrap().form
            })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), ReplyForm::SchemaBeside);
    }
    assert_eq!(client.form(), ReplyForm::SchemaBeside);
}
