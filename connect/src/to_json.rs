//! Replies in Protobuf's binary form as proto3 JSON. Fields without a value of their own are written
//! too, so that a program finds every key: false, 0, "" and [].

use prost_reflect::{DynamicMessage, MessageDescriptor, SerializeOptions};

/// Returns a message as JSON; `None` if the bytes are not one.
pub(crate) fn json(bytes: &[u8], message: &MessageDescriptor) -> Option<Vec<u8>> {
    let message = DynamicMessage::decode(message.clone(), bytes).ok()?;
    let mut json = Vec::new();
    let options = SerializeOptions::new().skip_default_fields(false);
    let mut writer = serde_json::Serializer::new(&mut json);
    message.serialize_with_options(&mut writer, &options).ok()?;
    Some(json)
}
