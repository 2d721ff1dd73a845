//! What the server does for its callers, one file per subject. Here the rules meet the store: who
//! may do what, in which order things are checked. The wire is `grpc`'s, the SQL `storage`'s.

pub mod accounts;
pub mod answers;
pub mod api_keys;
pub mod callers;
pub mod changes;
mod doors;
pub mod error;
pub mod grading;
pub mod interviews;
pub mod marks;
mod places;
pub mod reports;
pub mod signals;
#[cfg(feature = "pdf")]
mod typesetter;
pub mod watch;

pub use error::{ServiceError, ServiceResult, Thing};
