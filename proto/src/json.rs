//! Messages as proto3 JSON, for scripts and files. They are written by their descriptors: keys and
//! enum values have the names in the proto files, and a field that is added to the contract is
//! written too.

use std::sync::LazyLock;

use prost::Name;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use serde::{Serialize, Serializer, ser::Error as _};

/// A message that can be written as JSON. 64-bit numbers are written as numbers, and fields with
/// their default value are not left out.
#[derive(Debug)]
pub struct Json<'a, M>(pub &'a M);

impl<M: Name> Serialize for Json<'_, M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        static POOL: LazyLock<Option<DescriptorPool>> =
            LazyLock::new(|| DescriptorPool::decode(crate::FILE_DESCRIPTOR_SET).ok());
        let name = M::full_name();
        let descriptor = POOL
            .as_ref()
            .and_then(|pool| pool.get_message_by_name(&name))
            .ok_or_else(|| S::Error::custom(format!("the contract has no {name}")))?;
        let mut message = DynamicMessage::new(descriptor);
        message.transcode_from(self.0).map_err(S::Error::custom)?;
        let options = SerializeOptions::new()
            .stringify_64_bit_integers(false)
            .use_proto_field_name(true)
            .skip_default_fields(false);
        message.serialize_with_options(serializer, &options)
    }
}
