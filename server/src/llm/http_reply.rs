//! An endpoint's answer to one request, before it is interpreted.

use std::time::Duration;

use reqwest::{Response, header::RETRY_AFTER};

use super::{body, endpoint_error::EndpointError, fallback::REFUSING, retry_after::retry_after};
use crate::domain::clock::Clock;

/// The most decoded bytes of a reply that are read; a long evaluation has about ten thousand.
const LONGEST_REPLY: usize = 1024 * 1024;

/// The most that is read of an error body.
const LONGEST_FAULT: usize = 64 * 1024;

/// A status, its headers of interest, and the body up to a limit.
pub(super) struct HttpReply {
    pub(super) status: u16,
    /// What a Retry-After asks for.
    pub(super) after: Option<Duration>,
    pub(super) body: body::Read,
}

impl HttpReply {
    pub(super) async fn read(response: Response, clock: &dyn Clock) -> Self {
        let status = response.status();
        let after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let after = after.and_then(|value| retry_after(value, clock));
        let most = if status.is_success() { LONGEST_REPLY } else { LONGEST_FAULT };
        Self { status: status.as_u16(), after, body: body::read(response, most).await }
    }

    /// Whether its status is a success.
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body.bytes).into_owned()
    }

    /// The status and body of a refusal. Some routers reply 200 and put the status of the server behind them into the
    /// body; it counts if it may be about the form of the request.
    pub(super) fn refusal(&self) -> Option<(u16, String)> {
        if !self.is_success() {
            return Some((self.status, self.text()));
        }
        let status = EndpointError::status_in_success(&self.text())?;
        REFUSING.contains(&status).then(|| (status, self.text()))
    }

    /// What the endpoint says about its fault.
    pub(super) fn error(&self) -> EndpointError {
        if self.is_success() {
            EndpointError::in_success(&self.text())
        } else {
            EndpointError::of(&self.text())
        }
    }
}
