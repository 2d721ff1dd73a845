//! Errors of `/session` as the page reads them: the contract's codes and reasons, in JSON.

use axum::{body::Body, response::Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::status;

/// Why a request of the page failed.
pub(super) struct Problem {
    http: StatusCode,
    status: Status,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    code: &'static str,
    reason: String,
    message: &'a str,
    violations: Vec<Violation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
}

#[derive(Serialize)]
struct Violation {
    field: String,
    description: String,
}

impl From<Status> for Problem {
    fn from(status: Status) -> Self {
        Self { http: names(status.code()).1, status }
    }
}

impl Problem {
    /// The request's body has the wrong content type.
    pub(super) fn kind() -> Self {
        Self { http: StatusCode::UNSUPPORTED_MEDIA_TYPE, status: status::unreadable() }
    }

    /// Turns it into the reply.
    pub(super) fn into_response(self) -> Response {
        let details = self.status.get_error_details();
        let wait = details.retry_info().and_then(|info| info.retry_delay);
        let wait = wait.map(|wait| wait.as_secs().max(1));
        let violations = details.bad_request().map(|bad| bad.field_violations.clone());
        let violations = violations.unwrap_or_default().into_iter();
        let body = ErrorBody {
            code: names(self.status.code()).0,
            reason: details.error_info().map(|info| info.reason.clone()).unwrap_or_default(),
            message: self.status.message(),
            violations: violations
                .map(|violation| Violation {
                    field: violation.field,
                    description: violation.description,
                })
                .collect(),
            retry_after_seconds: wait,
        };
        // Text and numbers can always be written as JSON.
        let json = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = Response::new(Body::from(json));
        *response.status_mut() = self.http;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = wait {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response
    }
}

/// The code's name in the gRPC protocol, and the HTTP status from the contract's table.
fn names(code: Code) -> (&'static str, StatusCode) {
    match code {
        Code::Unauthenticated => ("UNAUTHENTICATED", StatusCode::UNAUTHORIZED),
        Code::InvalidArgument => ("INVALID_ARGUMENT", StatusCode::UNPROCESSABLE_ENTITY),
        Code::PermissionDenied => ("PERMISSION_DENIED", StatusCode::FORBIDDEN),
        Code::NotFound => ("NOT_FOUND", StatusCode::NOT_FOUND),
        Code::AlreadyExists => ("ALREADY_EXISTS", StatusCode::CONFLICT),
        Code::FailedPrecondition => ("FAILED_PRECONDITION", StatusCode::CONFLICT),
        Code::ResourceExhausted => ("RESOURCE_EXHAUSTED", StatusCode::TOO_MANY_REQUESTS),
        Code::Unavailable => ("UNAVAILABLE", StatusCode::SERVICE_UNAVAILABLE),
        Code::DeadlineExceeded => ("DEADLINE_EXCEEDED", StatusCode::GATEWAY_TIMEOUT),
        Code::Unimplemented => ("UNIMPLEMENTED", StatusCode::NOT_IMPLEMENTED),
        // Not in the contract's table.
        _ => ("INTERNAL", StatusCode::INTERNAL_SERVER_ERROR),
    }
}
