//! The wire: one thin file per service, and what all calls share. Each handler authenticates its
//! caller, checks the request's shape, calls one use case, and converts the result.

mod answer;
mod api_key;
mod attempts;
mod auth;
mod authentication;
mod call_end;
mod caller;
mod challenge;
pub mod convert;
mod deadline;
mod frame;
mod grade;
mod grade_request;
mod interview;
mod limits;
mod mark;
mod memory;
mod memory_message;
mod origin;
mod paging;
mod progress;
mod readiness;
mod report;
mod request;
mod routes;
mod rpc;
mod search;
mod server_info;
mod status;
mod timing;
mod user_agent;

pub use authentication::AuthenticationLayer;
pub use frame::FrameLayer;
pub use limits::{FORGET_EVERY, LimitsLayer};
pub use readiness::{ReadinessLayer, health_routes, not_ready_routes, report};
pub use routes::{Services, routes};

/// Returns the message that a caller gets for an error, without the code and the details.
pub(crate) fn message(error: crate::services::error::ServiceError) -> String {
    status::of(error).message().to_owned()
}
