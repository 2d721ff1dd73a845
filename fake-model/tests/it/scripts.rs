//! Scripts that send a given reply verbatim, and those that lead from one step to the next.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use viva_fake_model::{FakeModel, Form, Quoting, Reading, Refusal, Reply, Script};

use crate::client::{ask, evaluation, get, receive, send};

async fn start(script: Script) -> FakeModel {
    FakeModel::start(script).await.unwrap()
}

fn fixed(content: &str) -> Script {
    Script::Fixed(content.to_owned())
}

async fn said(model: &FakeModel) -> String {
    let reply = ask(model, &evaluation("")).await.json();
    reply["choices"][0]["message"]["content"].as_str().unwrap().to_owned()
}

fn asking_for(format: Value) -> Value {
    let mut body = evaluation("");
    body["response_format"] = format;
    body
}

#[tokio::test]
async fn a_reply_is_sent_as_it_is() {
    let reply = Reply::new(418, "text/plain", "short and stout").with_header("x-pot", "tea");
    let model = start(Script::Reply(reply)).await;
    let received = ask(&model, &evaluation("")).await;
    assert_eq!((received.status(), received.body()), (418, &b"short and stout"[..]));
    assert_eq!(received.header("x-pot"), Some("tea"));
}

#[tokio::test]
async fn the_list_of_models_is_served_by_any_script_and_uses_no_step_of_it() {
    let model = start(Script::Sequence(vec![fixed("one"), fixed("two")])).await;
    for names in [&["fake"][..], &["a:8b", "b"], &[]] {
        model.list(names);
        let listed = receive(get(model.address(), "/v1/models").await).await.json();
        let listed = listed["data"].as_array().unwrap().iter().map(|model| &model["id"]);
        assert_eq!(listed.collect::<Vec<_>>(), names);
    }
    assert_eq!((said(&model).await.as_str(), model.calls()), ("one", 4));
}

#[tokio::test]
async fn a_sequence_advances_with_each_request_and_stays_at_its_last_step() {
    let model = start(Script::Sequence(vec![fixed("one"), fixed("two"), fixed("three")])).await;
    for expected in ["one", "two", "three", "three"] {
        assert_eq!(said(&model).await, expected);
    }
    model.set(Script::Sequence(Vec::new()));
    assert!(said(&model).await.contains("scores"), "an empty one is honest");
}

#[tokio::test]
async fn forms_above_the_highest_rung_are_refused_and_use_no_step_of_the_script() {
    let then = Box::new(Script::Sequence(vec![fixed("one"), fixed("two")]));
    let script = Script::Rungs { highest: Form::Object, refusal: Refusal::OpenAi, then };
    let model = start(script).await;
    let schema = json!({"type": "json_schema", "json_schema": {"name": "x", "schema": {}}});
    for format in [schema, json!({"type": "json_object", "schema": {}})] {
        let refused = ask(&model, &asking_for(format)).await;
        let error = refused.json()["error"].clone();
        assert_eq!((refused.status(), &error["param"]), (400, &json!("response_format")));
        assert_eq!(error["code"], Value::Null);
    }
    for (format, content) in [(json!({"type": "json_object"}), "one"), (Value::Null, "two")] {
        let json = ask(&model, &asking_for(format)).await.json();
        assert_eq!(json["choices"][0]["message"]["content"], content);
    }
}

#[tokio::test]
async fn another_kind_of_server_refuses_with_500_and_without_json() {
    let then = Box::new(fixed("{}"));
    let model =
        start(Script::Rungs { highest: Form::Text, refusal: Refusal::LlamaCpp, then }).await;
    let refused = ask(&model, &evaluation("")).await;
    assert_eq!(refused.status(), 500);
    let body = std::str::from_utf8(refused.body()).unwrap();
    assert!(body.starts_with("[{'type': 'literal_error'"), "{body}");
    assert!(
        body.contains("\"Input should be 'text' or 'json_object'\"")
            && body.contains("json_schema")
    );
}

#[tokio::test]
async fn a_model_without_temperature_takes_requests_without_one() {
    let model = start(Script::NoTemperature(Box::new(fixed("{}")))).await;
    let refused = ask(&model, &evaluation("")).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(refused.json()["error"]["param"], "temperature");
    let mut body = evaluation("");
    body.as_object_mut().unwrap().remove("temperature");
    assert_eq!(ask(&model, &body).await.status(), 200);
}

#[tokio::test]
async fn an_honest_model_thinks_as_long_as_set() {
    let delay = Duration::from_millis(50);
    let model = start(Script::Honest { delay }).await;
    let begun = Instant::now();
    let received = receive(send(model.address(), &evaluation("")).await).await;
    assert_eq!(received.status(), 200);
    assert!(begun.elapsed() >= delay);
}

#[tokio::test]
async fn an_honest_model_is_served_at_its_own_path_only() {
    use tokio::{io::AsyncWriteExt, net::TcpStream};
    let model = start(Script::honest()).await;
    for line in ["GET /v1/chat/completions", "POST /v1"] {
        let mut stream = TcpStream::connect(model.address()).await.unwrap();
        stream.write_all(format!("{line} HTTP/1.1\r\n\r\n").as_bytes()).await.unwrap();
        assert_eq!(receive(stream).await.status(), 404, "{line}");
    }
    assert_eq!(model.calls(), 2);
}

#[tokio::test]
async fn a_reader_gives_its_set_scores_and_quotes_in_its_way() {
    let scores = [9.0, 8.0, 7.0, 6.0];
    let body = evaluation("It is a tree. Writes get slower.\nGive me ten.");
    for (quoting, words) in [
        (Quoting::Given(vec![(2, 0.5, "Writes".to_owned())]), "Writes"),
        (Quoting::LastLine, "Give me ten."),
        (Quoting::Beginning, "It is a tree. Writes get slower.\nGive me ten."),
    ] {
        let model = start(Script::Reads(Reading { scores, quoting, english: vec![] })).await;
        let given = ask(&model, &body).await.content();
        assert_eq!(given["scores"]["communication"], 6.0);
        let points = given["key_points"].as_array().unwrap();
        assert!(!points.is_empty() && points.iter().all(|p| p["evidence"] == words), "{given}");
    }
}

#[tokio::test]
async fn without_a_system_role_a_system_message_is_refused_and_orders_come_from_the_user() {
    let refusal = Refusal::Reply(Reply::new(400, "text/plain", "System role not supported"));
    let then = Box::new(Script::honest());
    let model = start(Script::NoSystemRole { refusal, then }).await;
    let mut body = evaluation("");
    assert_eq!(ask(&model, &body).await.status(), 400);
    let said = |at: usize| body["messages"][at]["content"].as_str().unwrap().to_owned();
    let both = format!("{}\n{}", said(0), said(1));
    body["messages"] = json!([{ "role": "user", "content": both }]);
    let reply = ask(&model, &body).await.json();
    let content = reply["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(content.contains("scores"), "{content}");
}

#[tokio::test]
async fn a_model_that_serves_one_at_a_time_leaves_the_next_request_unanswered() {
    let model = start(Script::OneAtATime(Box::new(fixed("one")))).await;
    model.hold();
    let body = evaluation("");
    let (first, second) = (ask(&model, &body), async {
        model.wait_for_calls(1).await;
        let second = ask(&model, &body);
        tokio::select! {
            _ = second => panic!("it was answered"),
            () = async {
                model.wait_for_calls(2).await;
                model.release();
            } => {}
        }
    });
    let (first, ()) = tokio::join!(first, second);
    assert_eq!(first.status(), 200);
}
