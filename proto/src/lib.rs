//! The wire contract of Viva: messages, clients and servers generated from `viva/v1/*.proto`.
//! None of that is written by hand; what a field means stands in the proto files. By hand are
//! [`bounded`], what a request may weigh once it is decoded, and [`json`], how a message is written for
//! scripts and files.

pub mod bounded;
pub mod json;

/// Version 1 of the contract.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
pub mod v1 {
    tonic::include_proto!("viva.v1");
}

/// The encoded `FileDescriptorSet` of the contract and what it imports, for reflection and for
/// tools that read messages by name.
pub const FILE_DESCRIPTOR_SET: &[u8] = tonic::include_file_descriptor_set!("viva_descriptor");
