//! Waiting for a reply: no longer than so long, and with the words for what came instead.

use std::{future::Future, time::Duration};

use tonic::{Response, Status};

use super::DEADLINE;
use crate::{
    local::Dial,
    problem::{Problem, ProblemKind},
};

/// Waits for a reply no longer than the client's usual deadline, whatever the server does.
pub(crate) async fn deadline<R>(
    call: impl Future<Output = Result<Response<R>, Status>>,
    dial: Option<&Dial>,
) -> Result<R, Problem> {
    within(DEADLINE, call, dial).await
}

/// Waits for a reply no longer than that.
pub(super) async fn within<R>(
    limit: Duration,
    call: impl Future<Output = Result<Response<R>, Status>>,
    dial: Option<&Dial>,
) -> Result<R, Problem> {
    let status = match tokio::time::timeout(limit, call).await {
        Ok(Ok(response)) => return Ok(response.into_inner()),
        Ok(Err(status)) => status,
        Err(_) => return Err(Problem::timeout()),
    };
    // What the first bytes have shown says more than what their reader made of them.
    let fault = match dial {
        Some(dial) => dial.fault().await,
        None => None,
    };
    Err(match fault {
        Some(fault) => Problem::new(ProblemKind::Unreachable, fault),
        None => status.into(),
    })
}
