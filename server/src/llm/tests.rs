//! Tests the whole client against a real listener that follows a script.

mod endpoint;
mod fallback;
mod limits;
mod network;
mod secrecy;

use std::{sync::Arc, time::Duration};

use serde_json::json;

use super::{LlmClient, LlmError, LlmRequest, LlmSettings};
use crate::domain::clock::SystemClock;

/// What a candidate wrote; it must never be in a log.
const ANSWER: &str = "An answer that is nobody else's business.";

fn ask() -> LlmRequest {
    LlmRequest {
        name: "evaluation",
        system: "Task: evaluation".to_owned(),
        user: ANSWER.to_owned(),
        schema: json!({ "type": "object" }),
    }
}

fn settings(url: String) -> LlmSettings {
    LlmSettings {
        url,
        key: Some("sk-hush-0001".into()),
        model: "m".to_owned(),
        // No test waits this long, but the machine may be busy.
        timeout: Duration::from_secs(30),
        concurrency: 4,
        requests_per_minute: None,
    }
}

fn client_with(url: String, change: impl FnOnce(&mut LlmSettings)) -> LlmClient {
    let mut settings = settings(url);
    change(&mut settings);
    LlmClient::new(settings, Arc::new(SystemClock)).unwrap()
}

fn client(url: String) -> LlmClient {
    client_with(url, |_| {})
}

/// The reason why a call failed permanently.
async fn failure(client: &LlmClient) -> String {
    match client.complete(&ask()).await {
        Err(LlmError::Fail { reason }) => reason,
        other => panic!("expected a failure, not {other:?}"),
    }
}

/// The reason why a call failed that may work later.
async fn retry(client: &LlmClient) -> String {
    match client.complete(&ask()).await {
        Err(LlmError::Retry { reason, .. }) => reason,
        other => panic!("expected a retry, not {other:?}"),
    }
}
