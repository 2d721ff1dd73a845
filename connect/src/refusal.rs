//! The errors of requests that never reach the server, in the same form as the server's: code,
//! message, and details with a reason that clients act on.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use viva_runtime::limits::MAX_MESSAGE_BYTES;

/// The domain of every `ErrorInfo`.
const DOMAIN: &str = "viva";

/// A path that is not an RPC's.
pub(crate) fn unknown_rpc() -> Status {
    let words = "There is no such RPC; the path is /viva.v1.SERVICE/METHOD, as in /viva.v1.GradeService/GradeAnswer";
    status(Code::Unimplemented, words, details("UNIMPLEMENTED"))
}

/// An RPC that reads a stream of requests.
pub(crate) fn needs_grpc() -> Status {
    let words = "This RPC reads a stream of requests; please call it over gRPC";
    status(Code::Unimplemented, words, details("UNIMPLEMENTED"))
}

/// A compressed request.
pub(crate) fn compressed() -> Status {
    let words = "Compressed requests are not read; please send it without compression";
    status(Code::Unimplemented, words, details("UNIMPLEMENTED"))
}

/// A call from a page in a browser to a server that is not for browsers.
pub(crate) fn from_a_page() -> Status {
    let words =
        "Pages in browsers cannot call this server; they call viva-web, which is made for them";
    status(Code::PermissionDenied, words, details("ACCESS_DENIED"))
}

/// A request that is too large, with its size if that is known.
pub(crate) fn too_large(bytes: Option<u64>) -> Status {
    let most = MAX_MESSAGE_BYTES.to_string();
    let words = match bytes {
        Some(bytes) => format!("The request has {bytes} bytes, and at most {most} are read"),
        None => format!("The request has more than {most} bytes, the limit for a request"),
    };
    let mut details = ErrorDetails::new();
    let mut sizes = vec![("most_bytes".to_owned(), most)];
    sizes.extend(bytes.map(|bytes| ("bytes".to_owned(), bytes.to_string())));
    details.set_error_info(
        "REQUEST_TOO_LARGE",
        DOMAIN,
        sizes.into_iter().collect::<std::collections::HashMap<_, _>>(),
    );
    status(Code::InvalidArgument, &words, details)
}

/// A request that cannot be read. The words say why.
pub(crate) fn invalid(words: &str) -> Status {
    status(Code::InvalidArgument, words, details("VALIDATION_FAILED"))
}

/// A request whose body breaks off.
pub(crate) fn cut() -> Status {
    invalid("The body of the request did not arrive completely")
}

/// A field with a value that it cannot have. The description completes the sentence that the name
/// of the field begins.
pub(crate) fn field(field: &str, description: &str) -> Status {
    let mut details = details("VALIDATION_FAILED");
    details.add_bad_request_violation(field, description);
    let words = format!("Invalid request: {field} {description}");
    status(Code::InvalidArgument, &words, details)
}

/// A stream that has been open for longer than any RPC of the contract takes.
pub(crate) fn too_old() -> Status {
    let mut details = details("WATCH_TOO_OLD");
    details.set_retry_info(Some(Duration::from_secs(1)));
    status(Code::Unavailable, "Please connect again", details)
}

/// A reply that cannot be turned into the caller's form.
pub(crate) fn internal() -> Status {
    status(Code::Internal, "Something went wrong", details("INTERNAL"))
}

fn details(reason: &str) -> ErrorDetails {
    let mut details = ErrorDetails::new();
    details.set_error_info(reason, DOMAIN, [] as [(String, String); 0]);
    details
}

fn status(code: Code, words: &str, details: ErrorDetails) -> Status {
    Status::with_error_details(code, words, details)
}
