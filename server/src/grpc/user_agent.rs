//! The client that a call comes from, by its `user-agent`.

use http::header::USER_AGENT;
use tonic::Request;

use crate::domain::client_label::ClientLabel;

/// Returns the label of the client that a call comes from.
pub(super) fn of<T>(request: &Request<T>) -> ClientLabel {
    let sent = request.metadata().as_ref().get(USER_AGENT);
    ClientLabel::of(sent.and_then(|value| value.to_str().ok()).unwrap_or_default())
}
