//! The [Connect protocol](https://connectrpc.com/docs/protocol) for callers without gRPC: an RPC is
//! one POST with JSON, or with Protobuf, over HTTP/1.1 or HTTP/2. A call is turned into the gRPC
//! call that the server knows, and the reply is turned back. There is no code for individual RPCs:
//! their messages come from the contract's descriptors.
//!
//! The server puts [`ConnectLayer`] and [`RefusalLayer`] around its routes; the gateway reads
//! requests by itself and uses [`Call`]. Both also share what all parts say alike: the RPCs of the
//! [`contract`], and how errors are made ([`refusal`]).

mod call;
pub mod contract;
mod envelope;
mod error;
mod form;
mod from_json;
mod layer;
mod number;
mod path;
pub mod refusal;
mod reply;
mod request;
mod rest;
mod scalar;
mod to_json;

pub use call::{Call, Received, Refused};
pub use envelope::HEAD as ENVELOPE_BYTES;
pub use form::ACCEPTED;
pub use layer::{ConnectLayer, RefusalLayer};
pub use reply::{LONGEST as LONGEST_STREAM, drop_broken_details};
pub use rest::Rest;
