//! The wire contract of Viva: messages, clients and servers generated from `viva/v1/*.proto`. The
//! generated code is not edited; the proto files say what each field means. Two modules are
//! hand-written: [`bounded`] limits how large a decoded request may be, and [`json`] writes
//! messages for scripts and files.

pub mod bounded;
pub mod json;

/// Version 1 of the contract.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
pub mod v1 {
    tonic::include_proto!("viva.v1");
}

/// The encoded `FileDescriptorSet` of the contract and its imports, for reflection and for tools
/// that read messages by name.
pub const FILE_DESCRIPTOR_SET: &[u8] = tonic::include_file_descriptor_set!("viva_descriptor");
