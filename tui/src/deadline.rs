//! Waits for a reply within a limit, and turns failures into problems.

use std::{future::Future, time::Duration};

use tonic::{Response, Status};

use crate::{
    local::Dial,
    problem::{Problem, ProblemKind},
};

/// The usual deadline of a call; streams have none.
pub(crate) const USUAL: Duration = Duration::from_secs(10);

/// Waits for a reply, at most until the usual deadline.
pub(crate) async fn as_usual<R>(
    call: impl Future<Output = Result<Response<R>, Status>>,
    dial: Option<&Dial>,
) -> Result<R, Problem> {
    within(USUAL, call, dial).await
}

/// Waits for a reply, at most for `limit`.
pub(crate) async fn within<R>(
    limit: Duration,
    call: impl Future<Output = Result<Response<R>, Status>>,
    dial: Option<&Dial>,
) -> Result<R, Problem> {
    let status = match tokio::time::timeout(limit, call).await {
        Ok(Ok(response)) => return Ok(response.into_inner()),
        Ok(Err(status)) => status,
        Err(_) => return Err(Problem::timeout()),
    };
    // The first bytes of the connection explain more than the error made from them.
    let fault = match dial {
        Some(dial) => dial.fault().await,
        None => None,
    };
    Err(match fault {
        Some(fault) => Problem::new(ProblemKind::Unreachable, fault),
        None => status.into(),
    })
}
