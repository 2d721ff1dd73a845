//! A report as proto3 JSON, written by the contract's descriptors: keys are the names in the proto
//! files, enums go by theirs, and a field that is added to the contract is one of the document.

use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use serde::{Serialize, Serializer, ser::Error as _};
use viva_proto::v1;

/// A reply of `GetReport` that can be written.
pub(super) struct ReportJson<'a>(pub(super) &'a v1::GetReportResponse);

impl Serialize for ReportJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        static POOL: LazyLock<Option<DescriptorPool>> =
            LazyLock::new(|| DescriptorPool::decode(viva_proto::FILE_DESCRIPTOR_SET).ok());
        let descriptor = POOL
            .as_ref()
            .and_then(|pool| pool.get_message_by_name("viva.v1.GetReportResponse"))
            .ok_or_else(|| S::Error::custom("the contract has no GetReportResponse"))?;
        let mut message = DynamicMessage::new(descriptor);
        message.transcode_from(self.0).map_err(S::Error::custom)?;
        let options = SerializeOptions::new()
            .stringify_64_bit_integers(false)
            .use_proto_field_name(true)
            .skip_default_fields(false);
        message.serialize_with_options(serializer, &options)
    }
}
