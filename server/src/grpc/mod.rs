//! The wire: one thin file per service, and what all calls share. Each handler knows its caller,
//! checks the request's shape, calls one use case, and wraps the result.

mod answer;
mod api_key;
mod auth;
mod caller;
pub mod convert;
mod deadline;
mod door;
mod ending;
mod frame;
mod grade;
mod grade_request;
mod interview;
mod limits;
mod mark;
mod origin;
mod report;
mod request;
pub mod request_id;
mod routes;
mod rpc;
mod starting;
mod status;

pub use door::DoorLayer;
pub use frame::FrameLayer;
pub use limits::{FORGET_EVERY, LimitsLayer};
pub use routes::{Services, routes};
pub use starting::{StartingLayer, health_routes, report, starting_routes};

/// What a caller is told of a fault, without the code and the details.
pub(crate) fn message(error: crate::services::error::ServiceError) -> String {
    status::of(error).message().to_owned()
}
