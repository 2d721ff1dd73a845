//! Follows an interview's stream as long as wanted, and reopens it whenever it breaks.

use std::{collections::BTreeMap, time::Duration};

use tonic::Streaming;
use viva_proto::v1::WatchInterviewResponse;

use crate::{
    api::Api,
    model::dashboard::Row,
    msg::WatchNews,
    problem::{Problem, ProblemKind},
    words,
};

/// The pause after a stream that had been open, whose planned end is normal.
const PAUSE_MS: i64 = 300;
/// The pause after each failure to open it.
const BACK_OFF_MS: [i64; 5] = [1_000, 2_000, 3_000, 5_000, 8_000];

/// Reports an interview's news until it is dropped or reopening cannot help.
pub(crate) async fn follow(api: Api, interview: i64, tell: impl Fn(WatchNews)) {
    let mut failures = 0;
    loop {
        match api.watch(interview, true).await {
            Ok(stream) => {
                failures = 0;
                tell(WatchNews::Live);
                pass_on(stream, &tell).await;
                tokio::time::sleep(milliseconds(PAUSE_MS)).await;
            }
            Err(problem) => {
                let is_final = is_final(&problem);
                let retry_ms = BACK_OFF_MS[failures.min(BACK_OFF_MS.len() - 1)];
                failures += 1;
                tell(WatchNews::Lost { retry_ms, problem });
                if is_final {
                    return;
                }
                tokio::time::sleep(milliseconds(retry_ms)).await;
            }
        }
    }
}

/// Calls `tell` whenever more of an interview is evaluated than was known, until nothing is
/// pending, and when the stream breaks: reloading the row then shows why.
pub(crate) async fn until_evaluated(api: Api, row: Row, tell: impl Fn()) {
    let mut stream = match api.watch(row.interview, false).await {
        Ok(stream) => stream,
        Err(problem) => {
            tracing::info!(kind = ?problem.kind, "a row of the list cannot be watched");
            return;
        }
    };
    let mut known = usize::try_from(row.evaluated).unwrap_or(0);
    let mut evaluated = BTreeMap::new();
    loop {
        match stream.message().await {
            Ok(Some(WatchInterviewResponse { answer: Some(answer), .. })) => {
                evaluated.insert(answer.question_id, words::answer_score(&answer).is_some());
                let count = evaluated.values().filter(|is_evaluated| **is_evaluated).count();
                if count > known {
                    known = count;
                    tell();
                }
            }
            Ok(Some(WatchInterviewResponse { answer: None, .. })) => {}
            Ok(None) => return,
            Err(status) => {
                tracing::info!(code = ?status.code(), "the stream of a row ended");
                return tell();
            }
        }
    }
}

/// Passes answers on until the stream ends for any reason.
async fn pass_on(mut stream: Streaming<WatchInterviewResponse>, tell: &impl Fn(WatchNews)) {
    loop {
        match stream.message().await {
            Ok(Some(WatchInterviewResponse { answer: Some(answer), .. })) => {
                tell(WatchNews::Answer(Box::new(answer)));
            }
            Ok(Some(WatchInterviewResponse { answer: None, .. })) => {}
            Ok(None) => return,
            Err(status) => {
                tracing::info!(code = ?status.code(), "the stream of an interview ended");
                return;
            }
        }
    }
}

/// Whether a retry would fail in the same way.
fn is_final(problem: &Problem) -> bool {
    use ProblemKind::{Denied, NotFound, Unsupported};
    problem.needs_sign_in() || matches!(problem.kind, Denied | NotFound | Unsupported)
}

fn milliseconds(ms: i64) -> Duration {
    Duration::from_millis(ms.unsigned_abs())
}
