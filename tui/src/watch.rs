//! Follows an interview's stream for as long as it is wanted, through every break of it.

use std::time::Duration;

use tonic::Streaming;
use viva_proto::v1::WatchInterviewResponse;

use crate::{
    api::Api,
    msg::WatchNews,
    problem::{Problem, ProblemKind},
};

/// How long a stream that had been open stays closed: a planned end is nothing to speak of.
const PAUSE_MS: i64 = 300;
/// How long after each failure to open it.
const BACK_OFF_MS: [i64; 5] = [1_000, 2_000, 3_000, 5_000, 8_000];

/// Tells the news of an interview until it is dropped, or following it makes no more sense.
pub(crate) async fn follow(api: Api, interview: i64, tell: impl Fn(WatchNews)) {
    let mut failures = 0;
    loop {
        match api.watch(interview).await {
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

/// Passes answers on until the stream ends, however it does.
async fn pass_on(mut stream: Streaming<WatchInterviewResponse>, tell: &impl Fn(WatchNews)) {
    loop {
        match stream.message().await {
            Ok(Some(WatchInterviewResponse { answer: Some(answer) })) => {
                tell(WatchNews::Answer(Box::new(answer)));
            }
            Ok(Some(WatchInterviewResponse { answer: None })) => {}
            Ok(None) => return,
            Err(status) => {
                tracing::info!(code = ?status.code(), "the stream of an interview ended");
                return;
            }
        }
    }
}

/// Whether asking again would get the same answer.
fn is_final(problem: &Problem) -> bool {
    use ProblemKind::{Denied, NotFound, Unsupported};
    problem.needs_sign_in() || matches!(problem.kind, Denied | NotFound | Unsupported)
}

fn milliseconds(ms: i64) -> Duration {
    Duration::from_millis(ms.unsigned_abs())
}
