//! The [Connect protocol](https://connectrpc.com/docs/protocol) for callers without gRPC: an RPC is
//! one POST with JSON, or with Protobuf, over HTTP/1.1 or HTTP/2. A call is turned into the gRPC
//! call that the server knows, and the reply is turned back. There is no code for individual RPCs:
//! their messages come from the contract's descriptors.
//!
//! The server puts [`ConnectLayer`] around its routes; the gateway reads requests by itself and
//! uses [`Call`].

mod call;
mod contract;
mod envelope;
mod error;
mod form;
mod from_json;
mod layer;
mod number;
mod path;
mod refusal;
mod reply;
mod request;
mod scalar;
mod to_json;

pub use call::{Call, Received};
pub use form::ACCEPTED;
pub use layer::ConnectLayer;
