//! Recorded replies, and how each behaves on the wire.

use std::{
    io::ErrorKind,
    path::PathBuf,
    time::{Duration, Instant},
};

use tokio::io::AsyncReadExt;
use viva_fake_model::{Behaviour, Case, FakeModel, Reply, Script};

use crate::client::{KEY, Received, ask, evaluation, receive, send};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../server/tests/corpora/llm-responses")
}

/// The healthy reply, sent with this behaviour.
fn with(behaviour: Behaviour) -> Case {
    Case { behaviour, ..Case::healthy() }
}

async fn replaying(case: Case) -> FakeModel {
    FakeModel::start(Script::Replay(case)).await.unwrap()
}

fn assert_is(received: &Received, reply: &Reply) {
    assert_eq!(received.error, None);
    assert_eq!((received.status(), received.body()), (reply.status, reply.body.as_slice()));
    for (name, value) in &reply.headers {
        assert_eq!(received.header(name), Some(value.as_str()));
    }
    assert_eq!(received.header("content-length"), Some(reply.body.len().to_string().as_str()));
}

#[tokio::test]
async fn every_recorded_case_does_what_its_file_says() {
    let cases = Case::folder(folder()).unwrap();
    assert!(cases.len() >= 29, "the folder has moved: change this test");
    // Filled-in replies differ from call to call, and replies that fail half-way do not end alike;
    // both have separate tests.
    let is_plain = |case: &Case| {
        let is_filled_in = |text: &str| text.contains("@@");
        let ends_alike = matches!(
            case.behaviour,
            Behaviour::Normal | Behaviour::Hang | Behaviour::Reset { after_bytes: 0 }
        );
        ends_alike
            && !is_filled_in(&String::from_utf8_lossy(&case.reply.body))
            && !case.reply.headers.iter().any(|(_, value)| is_filled_in(value))
    };
    for case in cases.into_iter().filter(is_plain) {
        let model = replaying(case.clone()).await;
        for _ in 0..case.times.unwrap_or(2) {
            let stream = send(model.address(), &evaluation("")).await;
            match case.behaviour {
                Behaviour::Normal => assert_is(&receive(stream).await, &case.reply),
                Behaviour::Reset { after_bytes: 0 } => {
                    let received = receive(stream).await;
                    assert_eq!(received.error, Some(ErrorKind::ConnectionReset), "{}", case.name);
                    assert!(received.bytes.is_empty());
                }
                Behaviour::Hang => {
                    model.wait_for_calls(1).await;
                    assert_eq!(
                        stream.try_read(&mut [0; 1]).unwrap_err().kind(),
                        ErrorKind::WouldBlock
                    );
                }
                ref other => panic!("a new behaviour that this test does not know: {other:?}"),
            }
        }
        if case.times.is_some() {
            for _ in 0..2 {
                assert_is(&ask(&model, &evaluation("")).await, &Case::healthy().reply);
            }
        }
    }
}

#[tokio::test]
async fn the_healthy_reply_is_that_of_the_first_file() {
    assert_eq!(Case::healthy(), Case::load(folder().join("01-ok-plain.json")).unwrap());
    assert_eq!(Case::healthy().reply.status, 200);
}

#[tokio::test]
async fn an_invalid_case_file_is_named_in_the_error() {
    for (file, kind) in [("README.md", ErrorKind::InvalidData), ("none.json", ErrorKind::NotFound)]
    {
        let error = Case::load(folder().join(file)).unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains(file), "{error}");
    }
}

#[tokio::test]
async fn a_reset_half_way_comes_after_at_most_the_given_number_of_bytes() {
    let model = replaying(with(Behaviour::Reset { after_bytes: 10 })).await;
    let received = ask(&model, &evaluation("")).await;
    assert_eq!(received.error, Some(ErrorKind::ConnectionReset));
    // A reset may overtake what was sent before it, but nothing more was sent.
    let whole = Case::healthy().reply;
    assert!(received.bytes.is_empty() || received.body() == &whole.body[..10]);
}

#[tokio::test]
async fn a_truncated_reply_announces_more_than_it_sends() {
    let model = replaying(with(Behaviour::Truncate { declared_length: 9_999 })).await;
    let received = ask(&model, &evaluation("")).await;
    assert_eq!(received.error, None);
    assert_eq!(received.header("content-length"), Some("9999"));
    assert_eq!(received.body(), Case::healthy().reply.body);
}

#[tokio::test]
async fn an_endless_reply_continues_until_the_client_hangs_up() {
    let model = replaying(with(Behaviour::Endless { repeat: b"again ".to_vec() })).await;
    let mut stream = send(model.address(), &evaluation("")).await;
    let mut bytes = vec![0; 3_000_000];
    stream.read_exact(&mut bytes).await.unwrap();
    let received = Received { bytes, error: None };
    assert_eq!(received.header("content-length"), None);
    let repeated = received.body().strip_prefix(Case::healthy().reply.body.as_slice()).unwrap();
    assert!(repeated.chunks_exact(6).all(|piece| piece == b"again "));
    drop(stream);
    model.wait_until_idle().await;
}

#[tokio::test]
async fn a_slow_reply_takes_its_time_and_is_complete() {
    let slow = Behaviour::Slow {
        first_byte_delay: Duration::from_millis(50),
        bytes_per_second: Some(10_000),
    };
    let model = replaying(with(slow)).await;
    let begun = Instant::now();
    let received = ask(&model, &evaluation("")).await;
    assert_is(&received, &Case::healthy().reply);
    let seconds = 0.05 + Case::healthy().reply.body.len() as f64 / 10_000.0;
    assert!(begun.elapsed().as_secs_f64() >= seconds, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn tokens_are_filled_in_at_the_time_of_the_request() {
    let reply = Reply::new(302, "text/plain", "@@API_KEY@@ @@SELF@@")
        .with_header("retry-after", "@@HTTP_DATE+3@@")
        .with_header("location", "http://@@OTHER_HOST@@/v1/chat/completions");
    let model = replaying(Case { reply, ..Case::healthy() }).await;
    let received = ask(&model, &evaluation("")).await;
    assert_eq!(received.body(), format!("{KEY} {}", model.url()).as_bytes());
    assert!(received.header("retry-after").unwrap().ends_with(" GMT"));
    let location = received.header("location").unwrap().strip_prefix("http://").unwrap();
    let other = location.strip_suffix("/v1/chat/completions").unwrap().parse().unwrap();
    assert_eq!(receive(send(other, &evaluation("")).await).await.status(), 200);
    assert_eq!((model.calls(), model.other_host_hits().len()), (1, 1));
    assert_eq!(model.other_host_hits()[0].key(), Some(KEY));
}
