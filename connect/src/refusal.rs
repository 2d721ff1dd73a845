//! Errors as all parts of Viva make them: code, message, and details with a reason that clients act
//! on; and those of requests that never reach the server.

use std::{collections::HashMap, time::Duration};

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use viva_runtime::limits::MAX_MESSAGE_BYTES;

/// The domain of every `ErrorInfo`.
const DOMAIN: &str = "viva";

/// How soon a client may retry after a fault that lasts a moment.
pub const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A path that is not an RPC's.
pub(crate) fn unknown_rpc() -> Status {
    let words = "There is no such RPC; the path is /viva.v1.SERVICE/METHOD, as in /viva.v1.GradeService/GradeAnswer";
    lasting(Code::Unimplemented, words, "UNIMPLEMENTED")
}

/// An RPC that reads a stream of requests.
pub(crate) fn needs_grpc() -> Status {
    let words = "This RPC reads a stream of requests; please call it over gRPC";
    lasting(Code::Unimplemented, words, "UNIMPLEMENTED")
}

/// A compressed request.
pub(crate) fn compressed() -> Status {
    let words = "Compressed requests are not read; please send it without compression";
    lasting(Code::Unimplemented, words, "UNIMPLEMENTED")
}

/// A call from a page in a browser to a server that is not for browsers.
pub(crate) fn from_a_page() -> Status {
    let words =
        "Pages in browsers cannot call this server; they call viva-web, which is made for them";
    lasting(Code::PermissionDenied, words, "ACCESS_DENIED")
}

/// A request that is too large, with its size if that is known.
pub fn too_large(bytes: Option<u64>) -> Status {
    let most = MAX_MESSAGE_BYTES.to_string();
    let words = match bytes {
        Some(bytes) => format!("The request has {bytes} bytes, and at most {most} are read"),
        None => format!("The request has more than {most} bytes, the limit for a request"),
    };
    let bytes = bytes.map(|bytes| ("bytes", bytes.to_string()));
    let sizes = bytes.into_iter().chain([("most_bytes", most)]);
    Status::with_error_details(Code::InvalidArgument, words, details("REQUEST_TOO_LARGE", sizes))
}

/// A request that cannot be read. The words say why.
pub(crate) fn invalid(words: &str) -> Status {
    lasting(Code::InvalidArgument, words, "VALIDATION_FAILED")
}

/// A request whose body breaks off.
pub(crate) fn cut() -> Status {
    invalid("The body of the request did not arrive completely")
}

/// A field with a value that it cannot have. The description completes the sentence that the name
/// of the field begins.
pub(crate) fn field(field: &str, description: &str) -> Status {
    let mut details = details("VALIDATION_FAILED", []);
    details.add_bad_request_violation(field, description);
    let words = format!("Invalid request: {field} {description}");
    Status::with_error_details(Code::InvalidArgument, words, details)
}

/// A stream that has been open for longer than any RPC of the contract takes.
pub fn too_old() -> Status {
    passing(Code::Unavailable, "Please connect again", "WATCH_TOO_OLD")
}

/// A fault whose cause is only for the log, as is a reply that cannot be turned into the caller's
/// form.
pub fn internal() -> Status {
    lasting(Code::Internal, "Something went wrong", "INTERNAL")
}

/// An error that comes again if the same request is sent again.
pub fn lasting(code: Code, words: &str, reason: &str) -> Status {
    Status::with_error_details(code, words, details(reason, []))
}

/// An error for a moment: its details say that a retry helps, and how soon.
pub fn passing(code: Code, words: &str, reason: &str) -> Status {
    let mut details = details(reason, []);
    details.set_retry_info(Some(RETRY_AFTER));
    Status::with_error_details(code, words, details)
}

/// Details with a reason, and what belongs to it by name.
pub fn details<'a>(
    reason: &str,
    metadata: impl IntoIterator<Item = (&'a str, String)>,
) -> ErrorDetails {
    let mut details = ErrorDetails::new();
    let metadata = metadata.into_iter().map(|(name, value)| (name.to_owned(), value));
    details.set_error_info(reason, DOMAIN, metadata.collect::<HashMap<_, _>>());
    details
}
