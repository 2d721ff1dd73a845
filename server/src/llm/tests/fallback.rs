//! How the client finds out what an endpoint accepts.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use serde_json::{Value, json};
use tokio::sync::Barrier;

use super::{
    ANSWER, ask, client, client_with,
    endpoint::{Endpoint, Reply, completion, fault},
    failure, retry, settings,
};
use crate::{
    domain::{
        clock::{Clock, Timestamp},
        provenance::Tokens,
    },
    llm::{LlmClient, ReplyForm},
};

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
async fn the_form_that_the_endpoint_accepts_is_found_once_and_remembered() {
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
}

#[tokio::test]
async fn a_refusal_in_unknown_words_steps_down_to_text_and_is_remembered() {
    for (status, words) in [
        (400, "The provided JSON schema contains features not supported by xgrammar."),
        (400, "failed to parse grammar"),
        (400, "extra_forbidden"),
        (404, "404 page not found"),
        (415, "what?"),
        (422, ""),
        (501, "not today"),
    ] {
        let endpoint = Endpoint::start(move |_, seen| {
            Reply::Bytes(if seen.form().is_empty() {
                completion("{}")
            } else {
                fault(status, words)
            })
        })
        .await;
        let asking = client(endpoint.url());
        assert_eq!(asking.complete(&ask()).await.unwrap().form, ReplyForm::Text, "{words}");
        assert_eq!(forms(&endpoint), ["json_schema", "json_object", "json_object", ""]);
        asking.complete(&ask()).await.unwrap();
        assert_eq!(endpoint.seen().len(), 5, "{words}");
    }
}

#[tokio::test]
async fn a_refusal_that_comes_with_status_200_steps_down_too() {
    let refusal = |code: &Value| {
        let error = json!({ "error": { "message": "Provider returned error", "code": code } });
        super::endpoint::response(200, &[], error.to_string().as_bytes())
    };
    for code in [json!(400), json!("422"), json!(404)] {
        let endpoint = Endpoint::start(move |_, seen| {
            Reply::Bytes(if seen.form().is_empty() { completion("{}") } else { refusal(&code) })
        })
        .await;
        let asking = client(endpoint.url());
        assert_eq!(asking.complete(&ask()).await.unwrap().form, ReplyForm::Text);
        asking.complete(&ask()).await.unwrap();
        assert_eq!(endpoint.seen().len(), 5, "it is remembered");
    }
    for code in [json!(502), json!(429), json!("server_error"), Value::Null] {
        let endpoint = Endpoint::always(refusal(&code)).await;
        assert!(failure(&client(endpoint.url())).await.contains("returned an error"), "{code}");
        assert_eq!(endpoint.seen().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_404_blames_the_address_or_the_model_even_after_all_forms_were_tried() {
    let endpoint = Endpoint::always(fault(404, "404 page not found")).await;
    let asking = client(endpoint.url());
    assert!(failure(&asking).await.contains("LLM_API_URL"));
    assert_eq!((endpoint.seen().len(), asking.form()), (4, ReplyForm::Schema));
    let endpoint = Endpoint::always(fault(404, "model 'm' not found, try pulling it")).await;
    assert!(failure(&client(endpoint.url())).await.contains("that LLM_MODEL names"));
    assert_eq!(endpoint.seen().len(), 1);
}

#[tokio::test]
async fn after_a_fault_the_form_is_repeated_once_and_then_plainer_ones_for_this_call_only() {
    let endpoint = Endpoint::start(|_, seen| {
        Reply::Bytes(match seen.form() {
            "json_schema" => fault(500, "JSON schema conversion failed"),
            _ => completion("{}"),
        })
    })
    .await;
    let asking = client(endpoint.url());
    for calls in 1..=2 {
        assert_eq!(asking.complete(&ask()).await.unwrap().form, ReplyForm::JsonWithSchema);
        assert_eq!((endpoint.seen().len(), asking.form()), (3 * calls, ReplyForm::Schema));
    }
}

#[tokio::test]
async fn a_transient_fault_costs_no_form() {
    let endpoint = Endpoint::start(|number, _| {
        Reply::Bytes(if number == 0 { fault(500, "oops") } else { completion("{}") })
    })
    .await;
    assert_eq!(client(endpoint.url()).complete(&ask()).await.unwrap().form, ReplyForm::Schema);
    assert_eq!(forms(&endpoint), ["json_schema", "json_schema"]);
}

#[tokio::test]
async fn a_lasting_fault_is_retried_later_and_so_is_one_that_leaves_no_time() {
    let endpoint = Endpoint::always(fault(500, "The server had an error.")).await;
    let asking = client(endpoint.url());
    retry(&asking).await;
    assert_eq!((endpoint.seen().len(), asking.form()), (5, ReplyForm::Schema));

    let endpoint = Endpoint::start(|number, _| match number {
        0 => Reply::Bytes(fault(500, "oops")),
        _ => Reply::Hang(Vec::new()),
    })
    .await;
    let short = std::time::Duration::from_secs(2);
    let asking = client_with(endpoint.url(), |settings| settings.timeout = short);
    assert!(retry(&asking).await.contains("HTTP 500"));
}

#[tokio::test]
async fn without_a_system_role_the_instructions_go_into_the_users_message() {
    for (status, words, requests) in [
        (400, "System role not supported", 2),
        (500, "Jinja Exception: System role not supported", 2),
        (400, "Conversation roles must alternate user/assistant/user/assistant/...", 2),
        (400, "invalid request", 5),
    ] {
        let endpoint = Endpoint::start(move |_, seen| {
            let has_system = seen.body["messages"][0]["role"] == "system";
            Reply::Bytes(if has_system { fault(status, words) } else { completion("{}") })
        })
        .await;
        let asking = client(endpoint.url());
        asking.complete(&ask()).await.unwrap();
        assert_eq!(endpoint.seen().len(), requests, "{words}");
        asking.complete(&ask()).await.unwrap();
        let seen = endpoint.seen();
        assert_eq!(seen.len(), requests + 1, "remembered: {words}");
        let content = seen[requests].body["messages"][0]["content"].as_str().unwrap();
        assert!(
            content.starts_with("Task: evaluation\n") && content.ends_with(ANSWER),
            "{content}"
        );
    }
}

#[tokio::test]
async fn a_learnt_form_is_forgotten_after_an_hour() {
    let endpoint = Endpoint::start(|number, _| {
        Reply::Bytes(if number == 0 { fault(400, "no") } else { completion("{}") })
    })
    .await;
    let clock = Arc::new(Hands(AtomicI64::new(0)));
    let asking = LlmClient::new(settings(endpoint.url()), clock.clone()).unwrap();
    asking.complete(&ask()).await.unwrap();
    assert_eq!(asking.form(), ReplyForm::JsonWithSchema);
    clock.0.store(3599, Ordering::SeqCst);
    asking.complete(&ask()).await.unwrap();
    clock.0.store(3600, Ordering::SeqCst);
    assert_eq!(asking.complete(&ask()).await.unwrap().form, ReplyForm::Schema);
    assert_eq!(forms(&endpoint), ["json_schema", "json_object", "json_object", "json_schema"]);
}

/// A clock that a test sets, in seconds.
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst) * 1_000_000)
    }
}

#[tokio::test]
async fn a_refusal_that_a_plainer_request_cannot_fix_is_not_remembered() {
    let endpoint = Endpoint::start(|number, _| {
        Reply::Bytes(match number {
            0..6 => fault(400, "no response_format, no temperature, nothing"),
            _ => completion("{}"),
        })
    })
    .await;
    let client = client(endpoint.url());
    assert!(failure(&client).await.contains("HTTP 400"));
    assert_eq!(endpoint.seen().len(), 6, "five steps and no more");
    assert_eq!(client.complete(&ask()).await.unwrap().form, ReplyForm::Schema);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_calls_step_down_only_once_for_one_complaint() {
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
        assert_eq!(call.await.unwrap(), ReplyForm::JsonWithSchema);
    }
    assert_eq!(client.form(), ReplyForm::JsonWithSchema);
}
