//! What no log and no reason may contain.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use tracing_subscriber::fmt::MakeWriter;

use super::{
    ANSWER, ask, client, client_with,
    endpoint::{Endpoint, Reply, completion, response},
};

const KEY: &str = "sk-hush-0001";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Endpoints that repeat the key and the answer in every way they can.
fn shouts() -> Vec<Vec<u8>> {
    let json = |text: &str| format!(r#"{{"error":{{"message":"{text}","code":"{KEY}"}}}}"#);
    let location = format!("http://127.0.0.1:1/{KEY}");
    let mut shouts = vec![
        response(307, &[("location", location.as_str())], b""),
        response(429, &[("retry-after", KEY), ("x-key", KEY)], KEY.as_bytes()),
        response(400, &[], format!(r#"{{"echo":"{ANSWER} {KEY}"}}"#).as_bytes()),
        response(400, &[], json(&format!("no response_format with {KEY}")).as_bytes()),
        response(200, &[], json(KEY).as_bytes()),
        response(200, &[], format!("{ANSWER} {KEY}").as_bytes()),
        format!("HTTP/1.1 {KEY}\r\n\r\n").into_bytes(),
        completion(&format!("{ANSWER} {KEY}")),
    ];
    for status in [401, 403, 404, 422, 500] {
        shouts.push(response(status, &[], json(&format!("bad key {KEY}\\u001b[2J")).as_bytes()));
        shouts.push(response(status, &[], format!("bad key {KEY}\r\nfake line").as_bytes()));
    }
    shouts
}

#[tokio::test]
async fn a_key_is_in_no_log_and_no_reason_and_neither_is_an_answer() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    for shout in shouts() {
        let endpoint = Endpoint::always(shout).await;
        if let Err(fault) = client(endpoint.url()).complete(&ask()).await {
            assert!(!format!("{fault:?}").contains("hush"), "{fault:?}");
        }
    }
    let hanging = Endpoint::always(Reply::Hang(Vec::new())).await;
    let short = Duration::from_millis(100);
    let _ = client_with(hanging.url(), |settings| settings.timeout = short).complete(&ask()).await;
    drop(hanging);
    let _ = client("http://127.0.0.1:1/?token=query-hush".to_owned()).complete(&ask()).await;

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("TRACE") && log.contains("hyper"), "everything was logged");
    assert!(log.contains("bad key ***"), "what the endpoint said was logged");
    for field in ["llm.status=401", "llm.duration_ms=", "llm.form=JSON by schema"] {
        assert!(log.contains(field), "{field}");
    }
    for line in log.lines() {
        assert!(!line.contains("hush") && !line.contains(ANSWER), "{line}");
        assert!(!line.starts_with("fake line") && !line.contains('\u{1b}'), "{line}");
    }
}

#[tokio::test]
async fn a_reply_that_contains_the_key_is_passed_on_without_it() {
    for said in [KEY, r"\u0073k-hush-0001", "query-hush-0123456789"] {
        let content = format!(r#"{{"feedback":"The key is {said}."}}"#);
        let endpoint = Endpoint::always(completion(&content)).await;
        let url = format!("{}&k=query-hush-0123456789", endpoint.url());
        let reply = client(url).complete(&ask()).await.unwrap();
        assert_eq!(reply.content, r#"{"feedback":"The key is ***."}"#);
    }
}

#[tokio::test]
async fn what_the_endpoint_said_is_kept_for_its_operator_without_the_key() {
    let said = format!(r#"{{"error":{{"message":"no such thing for {KEY} and query-hush"}}}}"#);
    let endpoint = Endpoint::always(response(418, &[], said.as_bytes())).await;
    let client = client(endpoint.url());
    assert_eq!(client.said(), "");
    client.complete(&ask()).await.unwrap_err();
    assert_eq!(client.said(), "no such thing for *** and ***");
}
