//! What limits a call: slots, pace, time and size.

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use super::{
    ask, client, client_with,
    endpoint::{Endpoint, Reply, completion, fault, response},
    failure,
};
use crate::llm::{LlmClient, LlmError};

/// Makes this many calls at the same time; all of them must succeed.
async fn together(client: &LlmClient, calls: usize) {
    let calls: Vec<_> = (0..calls)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.complete(&ask()).await.unwrap() })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn no_more_calls_are_in_progress_than_there_are_slots() {
    let pause = Duration::from_millis(50);
    let endpoint = Endpoint::always(Reply::After(pause, completion("{}"))).await;
    let client = client_with(endpoint.url(), |settings| settings.concurrency = 2);
    together(&client, 8).await;
    assert_eq!((endpoint.seen().len(), endpoint.most_under_way()), (8, 2));
}

#[tokio::test]
async fn a_dropped_call_releases_its_slot() {
    let endpoint = Endpoint::start(|number, _| match number {
        0 => Reply::Hang(Vec::new()),
        _ => Reply::Bytes(completion("{}")),
    })
    .await;
    let client = client_with(endpoint.url(), |settings| settings.concurrency = 1);
    let ask = ask();
    tokio::select! {
        _ = client.complete(&ask) => panic!("it hangs"),
        () = endpoint.has_seen(1) => {}
    }
    client.complete(&ask).await.unwrap();
}

#[tokio::test]
async fn waiting_for_a_slot_or_a_turn_does_not_count_towards_the_deadline() {
    let pause = Duration::from_secs(1);
    let endpoint = Endpoint::always(Reply::After(pause, completion("{}"))).await;
    let client = client_with(endpoint.url(), |settings| {
        settings.concurrency = 1;
        settings.timeout = Duration::from_millis(2800);
    });
    let began = Instant::now();
    together(&client, 3).await;
    assert!(began.elapsed() >= Duration::from_secs(3), "the third waited for two others");

    let endpoint = Endpoint::always(completion("{}")).await;
    let client = client_with(endpoint.url(), |settings| {
        settings.timeout = Duration::from_millis(900);
        settings.requests_per_minute = NonZeroU32::new(60);
    });
    let began = Instant::now();
    together(&client, 2).await;
    assert!(began.elapsed() >= Duration::from_millis(950), "the second waited for its turn");
}

#[tokio::test]
async fn every_slow_reply_ends_at_the_deadline() {
    let head = |status: u16| format!("HTTP/1.1 {status} x\r\ncontent-length: 99999\r\n\r\n");
    let drip = |head: &str, drop: &str| {
        Reply::Endless(head.into(), drop.into(), Duration::from_millis(20))
    };
    for reply in [
        Reply::Hang(Vec::new()),
        Reply::Hang(head(200).into_bytes()),
        drip(&head(200), " "),
        drip(&head(503), " "),
        drip("HTTP/1.1 200 x\r\n", "x: y\r\n"),
    ] {
        let endpoint = Endpoint::always(reply.clone()).await;
        let timeout = Duration::from_millis(300);
        let client = client_with(endpoint.url(), |settings| settings.timeout = timeout);
        let expected = "The language model did not answer within 0.3 s (LLM_TIMEOUT_SECONDS).";
        assert_eq!(failure(&client).await, expected, "{reply:?}");
    }
}

#[tokio::test]
async fn a_timeout_beside_other_calls_is_retried_later_and_lowers_their_number() {
    let endpoint = Endpoint::start(|number, _| match number {
        0..4 => Reply::Hang(Vec::new()),
        _ => Reply::After(Duration::from_millis(50), completion("{}")),
    })
    .await;
    let timeout = Duration::from_secs(1);
    let client = client_with(endpoint.url(), |settings| settings.timeout = timeout);
    let ask = ask();
    let calls = (0..4).map(|_| client.complete(&ask));
    for late in futures::future::join_all(calls).await {
        let Err(LlmError::Retry { reason, .. }) = late else { panic!("{late:?}") };
        assert!(reason.contains("LLM_CONCURRENCY") && reason.contains("LLM_TIMEOUT_SECONDS"));
    }
    // As far as the endpoint can see, the first four are gone; the others go out one by one.
    together(&client, 4).await;
    assert_eq!(endpoint.seen().len(), 8);
}

#[tokio::test]
async fn all_requests_of_a_call_share_one_deadline() {
    // Far enough apart for a busy machine: together they would take five seconds.
    let late = Duration::from_secs(2);
    let endpoint = Endpoint::start(move |number, _| match number {
        0 => Reply::After(late, fault(400, "no json_schema")),
        _ => Reply::Hang(Vec::new()),
    })
    .await;
    let client = client_with(endpoint.url(), |settings| settings.timeout = Duration::from_secs(3));
    let began = Instant::now();
    assert!(failure(&client).await.contains("within 3 s"));
    assert_eq!(endpoint.seen().len(), 2);
    assert!(began.elapsed() < Duration::from_millis(4900), "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_endless_body_is_cut_off_at_the_limit() {
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let head = "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n";
    let endless = Reply::Endless(head.into(), chunk.into(), Duration::ZERO);
    let endpoint = Endpoint::always(endless).await;
    assert!(failure(&client(endpoint.url())).await.contains("1 MiB"));
}

#[tokio::test]
async fn an_endless_error_body_still_counts_as_its_status() {
    let head = "HTTP/1.1 401 x\r\n\r\n";
    let endless = Reply::Endless(head.into(), vec![b'x'; 0x10000], Duration::ZERO);
    let endpoint = Endpoint::always(endless).await;
    assert!(failure(&client(endpoint.url())).await.contains("LLM_API_KEY"));
}

#[tokio::test]
async fn a_reply_just_below_the_limit_is_read() {
    let long = "x".repeat(1024 * 1024 - 1000);
    let endpoint = Endpoint::always(completion(&long)).await;
    assert_eq!(client(endpoint.url()).complete(&ask()).await.unwrap().content, long);
}

#[tokio::test]
async fn a_compressed_bomb_is_cut_off_at_the_limit() {
    let bomb = bomb(64 * 1024 * 1024);
    assert!(bomb.len() < 512 * 1024, "{}", bomb.len());
    let endpoint = Endpoint::always(response(200, &[("content-encoding", "gzip")], &bomb)).await;
    assert!(failure(&client(endpoint.url())).await.contains("1 MiB"));
}

/// The beginning of a gzip file that unpacks to this many spaces: one block with the fixed code
/// (RFC 1951, section 3.2.6), a space, and then repeatedly "258 bytes, copied from one byte back".
fn bomb(size: usize) -> Vec<u8> {
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut bits: Vec<bool> = [0b1_u16, 0b10, 0b0].map(|bit| bit != 0).to_vec();
    let code = |bits: &mut Vec<bool>, code: u16, length: u16| {
        bits.extend((0..length).rev().map(|at| code >> at & 1 == 1));
    };
    code(&mut bits, 0b0011_0000 + u16::from(b' '), 8);
    for _ in 0..size / 258 {
        code(&mut bits, 0b1100_0101, 8);
        code(&mut bits, 0, 5);
    }
    packed.extend(
        bits.chunks(8).map(|byte| {
            byte.iter().enumerate().fold(0, |sum, (at, bit)| sum | u8::from(*bit) << at)
        }),
    );
    packed
}
