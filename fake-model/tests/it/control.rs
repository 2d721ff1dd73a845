//! What a test can do with a running model: count, wait, hold, change and stop.

use std::io::ErrorKind;

use tokio::{io::AsyncReadExt, net::TcpStream, task::JoinSet};
use viva_fake_model::{Behaviour, Case, FakeModel, Reply, Script};

use crate::client::{GOOD, KEY, ask, evaluation, receive, send};

fn fixed(content: &str) -> Script {
    Script::Fixed(content.to_owned())
}

fn hanging() -> Script {
    Script::Replay(Case { behaviour: Behaviour::Hang, ..Case::healthy() })
}

#[tokio::test]
async fn requests_are_recorded_as_received() {
    let model = FakeModel::start(fixed("{}")).await.unwrap();
    let body = evaluation(GOOD);
    ask(&model, &body).await;
    let [request] = &model.requests()[..] else { panic!("not one request") };
    assert_eq!(request.json, body);
    assert_eq!(request.raw, body.to_string().into_bytes());
    assert_eq!(request.key(), Some(KEY));
    assert_eq!(request.header("host"), Some(model.address().to_string().as_str()));
    assert!(request.system().starts_with("Task: evaluation") && request.user().contains(GOOD));
    assert_eq!((model.calls(), model.other_host_hits().len()), (1, 0));
}

#[tokio::test]
async fn held_replies_go_out_when_released() {
    let model = FakeModel::start(fixed("{}")).await.unwrap();
    model.hold();
    let mut asked = Vec::new();
    for _ in 0..3 {
        asked.push(send(model.address(), &evaluation("")).await);
    }
    model.wait_for_calls(3).await;
    assert_eq!((model.busy(), model.most_at_once()), (3, 3));
    for stream in &asked {
        let nothing = stream.try_read(&mut [0; 1]).unwrap_err();
        assert_eq!(nothing.kind(), ErrorKind::WouldBlock);
    }
    model.release();
    for stream in asked {
        assert_eq!(receive(stream).await.status(), 200);
    }
    assert_eq!((model.busy(), model.most_at_once()), (0, 3));
}

#[tokio::test]
async fn one_held_reply_can_be_released_alone() {
    let model = FakeModel::start(fixed("{}")).await.unwrap();
    model.hold();
    let mut replies = JoinSet::new();
    for _ in 0..2 {
        replies.spawn(receive(send(model.address(), &evaluation("")).await));
    }
    model.wait_for_calls(2).await;
    model.release_one();
    assert_eq!(replies.join_next().await.unwrap().unwrap().status(), 200);
    assert_eq!(model.busy(), 1);
    model.release();
    assert_eq!(replies.join_next().await.unwrap().unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sequential_calls_never_count_as_two_at_once() {
    let reply = Reply::new(200, "text/plain", "the end");
    let model = FakeModel::start(Script::Reply(reply)).await.unwrap();
    for _ in 0..200 {
        let mut stream = send(model.address(), &evaluation("")).await;
        let mut bytes = Vec::new();
        // As a client that reads the declared length and does not wait for the connection's end.
        while !bytes.ends_with(b"the end") {
            stream.read_buf(&mut bytes).await.unwrap();
        }
        assert_eq!(model.busy(), 0);
    }
    assert_eq!((model.calls(), model.most_at_once()), (200, 1));
}

#[tokio::test]
async fn a_client_that_hangs_up_is_no_longer_served() {
    let model = FakeModel::start(hanging()).await.unwrap();
    let stream = send(model.address(), &evaluation("")).await;
    model.wait_for_calls(1).await;
    assert_eq!(model.busy(), 1);
    drop(stream);
    model.wait_until_idle().await;
    assert_eq!(model.busy(), 0);
}

#[tokio::test]
async fn a_new_script_applies_only_to_later_requests() {
    let model = FakeModel::start(fixed("old")).await.unwrap();
    model.hold();
    let early = send(model.address(), &evaluation("")).await;
    model.wait_for_calls(1).await;
    model.set(fixed("new"));
    model.release();
    let said = |json: serde_json::Value| json["choices"][0]["message"]["content"].clone();
    assert_eq!(said(receive(early).await.json()), "old");
    assert_eq!(said(ask(&model, &evaluation("")).await.json()), "new");
}

#[tokio::test]
async fn stopping_resets_open_connections_and_refuses_new_ones() {
    let model = FakeModel::start(hanging()).await.unwrap();
    let hanging = send(model.address(), &evaluation("")).await;
    let silent = TcpStream::connect(model.address()).await.unwrap();
    model.wait_for_calls(1).await;
    model.stop().await;
    assert_eq!(receive(hanging).await.error, Some(ErrorKind::ConnectionReset));
    assert_eq!(receive(silent).await.error, Some(ErrorKind::ConnectionReset));
    let refused = TcpStream::connect(model.address()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    assert_eq!(model.calls(), 1, "the record stays");
}

#[tokio::test]
async fn dropping_it_stops_it_too() {
    let model = FakeModel::start(hanging()).await.unwrap();
    let address = model.address();
    let hanging = send(address, &evaluation("")).await;
    model.wait_for_calls(1).await;
    drop(model);
    assert_eq!(receive(hanging).await.error, Some(ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn another_model_can_start_at_the_address_of_a_stopped_one() {
    let model = FakeModel::start(fixed("{}")).await.unwrap();
    let address = model.address();
    ask(&model, &evaluation("")).await;
    model.stop().await;
    let model = FakeModel::start_at(address, fixed("{}")).await.unwrap();
    assert_eq!(ask(&model, &evaluation("")).await.status(), 200);
    assert_eq!(model.calls(), 1);
}
