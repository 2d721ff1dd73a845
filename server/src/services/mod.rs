//! What the server does for its callers, one file per subject. This layer applies the rules to the
//! store: who may do what, and in which order things are checked. `grpc` has the wire, `storage`
//! the SQL.

mod account_slots;
pub mod accounts;
pub mod answers;
pub mod api_keys;
pub mod callers;
pub mod challenges;
pub mod error;
pub mod follow_ups;
pub mod grading;
pub mod help;
pub mod interviews;
pub mod limit;
pub mod marks;
pub mod memory;
pub mod reports;
pub mod search;
pub mod server_info;
mod sign_in_limits;
#[cfg(feature = "pdf")]
mod typesetter;
pub mod watch;

pub use error::{Rejection, Resource, ServiceError, ServiceResult};
pub use limit::Limit;
