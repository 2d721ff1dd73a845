//! Errors as the Connect protocol writes them: a code by its name, the message, and the details
//! both as they are on the wire and readable.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use http::StatusCode;
use prost::Message;
use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::pb;

use crate::{contract, to_json};

/// The status of a call whose caller has left, which HTTP itself does not define.
const CLIENT_CLOSED_REQUEST: u16 = 499;

/// Returns an error as JSON.
pub(crate) fn json(status: &Status) -> Value {
    let mut error = json!({ "code": name(status.code()) });
    if !status.message().is_empty() {
        error["message"] = status.message().into();
    }
    // What is not a list of details is left out; the code and the message still help.
    let all = pb::Status::decode(status.details()).unwrap_or_default().details;
    if !all.is_empty() {
        let all = all.iter().map(|one| {
            let name = one.type_url.rsplit('/').next().unwrap_or_default();
            let mut detail = json!({ "type": name, "value": STANDARD_NO_PAD.encode(&one.value) });
            if let Some(readable) = readable(name, &one.value) {
                detail["debug"] = readable;
            }
            detail
        });
        error["details"] = all.collect();
    }
    error
}

fn readable(name: &str, bytes: &[u8]) -> Option<Value> {
    let json = to_json::json(bytes, &contract::message(name)?)?;
    serde_json::from_slice(&json).ok()
}

/// Returns the code's name in the protocol.
fn name(code: Code) -> &'static str {
    match code {
        Code::Cancelled => "canceled",
        Code::InvalidArgument => "invalid_argument",
        Code::DeadlineExceeded => "deadline_exceeded",
        Code::NotFound => "not_found",
        Code::AlreadyExists => "already_exists",
        Code::PermissionDenied => "permission_denied",
        Code::ResourceExhausted => "resource_exhausted",
        Code::FailedPrecondition => "failed_precondition",
        Code::Aborted => "aborted",
        Code::OutOfRange => "out_of_range",
        Code::Unimplemented => "unimplemented",
        Code::Internal => "internal",
        Code::Unavailable => "unavailable",
        Code::DataLoss => "data_loss",
        Code::Unauthenticated => "unauthenticated",
        // OK is not an error, so it cannot be one that is known.
        Code::Unknown | Code::Ok => "unknown",
    }
}

/// Returns the HTTP status of a code.
pub(crate) fn http_status(code: Code) -> StatusCode {
    match code {
        Code::Cancelled => {
            StatusCode::from_u16(CLIENT_CLOSED_REQUEST).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => {
            StatusCode::BAD_REQUEST
        }
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted => StatusCode::CONFLICT,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Unknown | Code::Internal | Code::DataLoss | Code::Ok => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tonic_types::{ErrorDetails, StatusExt};

    use super::*;

    /// The table of https://connectrpc.com/docs/protocol#error-codes.
    const TABLE: [(i32, &str, u16); 16] = [
        (1, "canceled", 499),
        (2, "unknown", 500),
        (3, "invalid_argument", 400),
        (4, "deadline_exceeded", 504),
        (5, "not_found", 404),
        (6, "already_exists", 409),
        (7, "permission_denied", 403),
        (8, "resource_exhausted", 429),
        (9, "failed_precondition", 400),
        (10, "aborted", 409),
        (11, "out_of_range", 400),
        (12, "unimplemented", 501),
        (13, "internal", 500),
        (14, "unavailable", 503),
        (15, "data_loss", 500),
        (16, "unauthenticated", 401),
    ];

    #[test]
    fn every_code_has_its_name_and_http_status() {
        for (number, word, status) in TABLE {
            let code = Code::from_i32(number);
            assert_eq!((name(code), http_status(code).as_u16()), (word, status));
            assert_eq!(json(&Status::new(code, "")), json!({ "code": word }));
        }
    }

    #[test]
    fn details_come_as_on_the_wire_and_readable() {
        let mut details = ErrorDetails::new();
        details.set_error_info("RATE_LIMITED", "viva", [("limit".to_owned(), "calls".to_owned())]);
        details.set_retry_info(Some(Duration::from_secs(7)));
        let status = Status::with_error_details(Code::ResourceExhausted, "Wait", details);
        let error = json(&status);
        assert_eq!(error["message"], "Wait");
        let info = pb::ErrorInfo {
            reason: "RATE_LIMITED".into(),
            domain: "viva".into(),
            metadata: [("limit".to_owned(), "calls".to_owned())].into(),
        };
        let all = error["details"].as_array().unwrap();
        let of = |name: &str| all.iter().find(|detail| detail["type"] == name).unwrap();
        let detail = of("google.rpc.ErrorInfo");
        assert_eq!(detail["value"], STANDARD_NO_PAD.encode(info.encode_to_vec()));
        assert_eq!(detail["debug"]["metadata"]["limit"], "calls");
        assert_eq!(of("google.rpc.RetryInfo")["debug"]["retryDelay"], "7s");
    }
}
