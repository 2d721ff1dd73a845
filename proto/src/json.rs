//! Messages as proto3 JSON, for scripts and for files. They are written by their descriptors: keys are
//! the names in the proto files, enums go by theirs, and a field that is added to the contract is one
//! of the document.

use std::sync::LazyLock;

use prost::Name;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use serde::{Serialize, Serializer, ser::Error as _};

/// A message that can be written as JSON. Numbers of 64 bits are numbers, and fields are there also
/// where they have their default.
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
