//! Requests in proto3 JSON become Protobuf's binary form while they are read. No tree of values is
//! built in between, because one of a small request can take a hundred times its bytes: the binary
//! form is weighed before the server decodes it, like that of any other client.

use std::fmt;

use prost::{
    Message,
    encoding::{WireType, encode_key, encode_varint},
};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor};
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use tonic::Status;
use viva_runtime::limits::MAX_MESSAGE_BYTES;

use crate::{
    envelope,
    number::Number,
    path::Path,
    refusal,
    scalar::{self, Given},
};

/// The longest unknown name that an error repeats.
const LONGEST_NAME: usize = 64;

/// Returns the request as a gRPC message in its envelope.
pub(crate) fn frame(json: &[u8], message: &MessageDescriptor) -> Result<Vec<u8>, Status> {
    let mut writer = Writer::default();
    let mut reader = serde_json::Deserializer::from_slice(json);
    writer.awaited = Awaited::Object;
    let read = reader.deserialize_any(Object { writer: &mut writer, message });
    match read.and_then(|()| reader.end()) {
        Ok(()) => Ok(writer.finish()),
        Err(error) => Err(writer.fault(&error)),
    }
}

/// What comes next in a request.
#[derive(Debug)]
enum Awaited {
    Object,
    List,
    Value(Kind),
}

/// The binary form so far, and where in the request that is.
struct Writer {
    out: Vec<u8>,
    path: Path,
    awaited: Awaited,
    /// The first fault, unless the reader reports it.
    fault: Option<Status>,
}

impl Default for Writer {
    fn default() -> Self {
        // The envelope is filled in at the end.
        let out = vec![0; envelope::HEAD];
        Self { out, path: Path::default(), awaited: Awaited::Object, fault: None }
    }
}

impl Writer {
    fn finish(mut self) -> Vec<u8> {
        let length = u32::try_from(self.out.len() - envelope::HEAD).unwrap_or(u32::MAX);
        for (byte, of_length) in self.out.iter_mut().skip(1).zip(length.to_be_bytes()) {
            *byte = of_length;
        }
        self.out
    }

    /// Says what is wrong, given the reader's error.
    fn fault(self, error: &serde_json::Error) -> Status {
        if let Some(fault) = self.fault {
            return fault;
        }
        if !error.is_data() {
            return refusal::invalid(&format!("The request is not valid JSON: {error}"));
        }
        // The reader's own words would repeat the value.
        let rule = match &self.awaited {
            Awaited::Object => "must be an object".to_owned(),
            Awaited::List => "must be a list".to_owned(),
            Awaited::Value(kind) => scalar::rule(kind),
        };
        match self.path.to_string().as_str() {
            "" => refusal::invalid("The request must be a JSON object"),
            field => refusal::field(field, &rule),
        }
    }

    /// Records that the value here breaks a rule.
    fn refuse<E: de::Error>(&mut self, description: &str) -> E {
        let field = self.path.to_string();
        self.fault.get_or_insert_with(|| refusal::field(&field, description));
        E::custom(description)
    }

    fn refuse_name<E: de::Error>(&mut self, name: &str) -> E {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if name.len() <= LONGEST_NAME && name.bytes().all(is_plain) {
            self.path.enter(name);
            return self.refuse("is not a field of the contract");
        }
        let words = "The request has a field that is not in the contract";
        self.fault.get_or_insert_with(|| refusal::invalid(words));
        E::custom(words)
    }

    /// Begins a message in a field, and returns where its content begins.
    fn begin(&mut self, field: u32) -> usize {
        encode_key(field, WireType::LengthDelimited, &mut self.out);
        self.out.len()
    }

    /// Ends the message, whose length comes before its content.
    fn end(&mut self, start: usize) {
        let mut length = Vec::with_capacity(5);
        encode_varint((self.out.len() - start) as u64, &mut length);
        self.out.splice(start..start, length);
    }

    /// Checks that the binary form is not larger than a request may be. It is larger than the JSON
    /// only for long lists of numbers.
    fn check_size<E: de::Error>(&mut self) -> Result<(), E> {
        if self.out.len() <= MAX_MESSAGE_BYTES + envelope::HEAD {
            return Ok(());
        }
        self.fault.get_or_insert_with(|| refusal::too_large(None));
        Err(E::custom("too large"))
    }
}

/// Reads an object as the fields of a message.
struct Object<'a> {
    writer: &'a mut Writer,
    message: &'a MessageDescriptor,
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { writer, message } = self;
        let mut set: Vec<FieldDescriptor> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let by_name = || message.get_field_by_name(&name);
            let Some(field) = message.get_field_by_json_name(&name).or_else(by_name) else {
                return Err(writer.refuse_name(&name));
            };
            writer.path.enter(field.name());
            if set.contains(&field) {
                return Err(writer.refuse("is there twice"));
            }
            if map.next_value_seed(Field { writer: &mut *writer, field: &field })? {
                if let Some(other) = set.iter().find(|other| are_exclusive(other, &field)) {
                    let words = format!("cannot be set together with {}", other.name());
                    return Err(writer.refuse(&words));
                }
                set.push(field);
            }
            writer.path.leave();
        }
        Ok(())
    }
}

/// Whether only one of two fields can be set.
fn are_exclusive(one: &FieldDescriptor, other: &FieldDescriptor) -> bool {
    one.containing_oneof().is_some_and(|oneof| Some(oneof) == other.containing_oneof())
}

/// Reads the value of a field, and returns whether there is one: null means that it is not set.
struct Field<'a> {
    writer: &'a mut Writer,
    field: &'a FieldDescriptor,
}

impl<'de> DeserializeSeed<'de> for Field<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<bool, D::Error> {
        reader.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Field<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value of a field")
    }

    fn visit_none<E: de::Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_some<D: Deserializer<'de>>(self, reader: D) -> Result<bool, D::Error> {
        let Self { writer, field } = self;
        let (number, kind) = (field.number(), field.kind());
        if field.is_list() {
            writer.awaited = Awaited::List;
            reader.deserialize_any(List { writer, number, kind: &kind })?;
        } else if let (true, Kind::Message(entry)) = (field.is_map(), &kind) {
            writer.awaited = Awaited::Object;
            reader.deserialize_any(Entries { writer, number, entry })?;
        } else {
            Element { writer, number, kind: &kind }.deserialize(reader)?;
        }
        Ok(true)
    }
}

/// Reads a list as a repeated field.
struct List<'a> {
    writer: &'a mut Writer,
    number: u32,
    kind: &'a Kind,
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { writer, number, kind } = self;
        for index in 0.. {
            writer.path.enter_element(index);
            let element = list.next_element_seed(Element { writer: &mut *writer, number, kind })?;
            writer.path.leave();
            if element.is_none() {
                break;
            }
        }
        Ok(())
    }
}

/// Reads an object as a map field, whose entries are messages on the wire.
struct Entries<'a> {
    writer: &'a mut Writer,
    number: u32,
    entry: &'a MessageDescriptor,
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { writer, number, entry } = self;
        let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
        let (of_key, of_value) = (key.kind(), value.kind());
        while let Some(name) = map.next_key::<String>()? {
            let start = writer.begin(number);
            let given = match (&of_key, name.as_str()) {
                (Kind::Bool, "true") => Given::Bool(true),
                (Kind::Bool, "false") => Given::Bool(false),
                (_, text) => Given::Text(text),
            };
            if scalar::write(&mut writer.out, key.number(), &of_key, given).is_none() {
                return Err(writer.refuse(&format!("has a key that {}", scalar::rule(&of_key))));
            }
            let number = value.number();
            map.next_value_seed(Element { writer: &mut *writer, number, kind: &of_value })?;
            writer.end(start);
        }
        Ok(())
    }
}

/// Reads one value, of a field or of a list.
struct Element<'a> {
    writer: &'a mut Writer,
    number: u32,
    kind: &'a Kind,
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        let Self { writer, number, kind } = self;
        writer.awaited = Awaited::Value(kind.clone());
        let Kind::Message(message) = kind else {
            reader.deserialize_any(Single { writer: &mut *writer, number, kind })?;
            return writer.check_size();
        };
        let start = writer.begin(number);
        if message.full_name().starts_with("google.protobuf.") {
            // Their JSON has forms of its own, and they are small.
            let known = DynamicMessage::deserialize(message.clone(), reader)?;
            writer.out.extend(known.encode_to_vec());
        } else {
            reader.deserialize_any(Object { writer: &mut *writer, message })?;
        }
        writer.end(start);
        writer.check_size()
    }
}

/// Reads a value that is not a list or an object.
struct Single<'a> {
    writer: &'a mut Writer,
    number: u32,
    kind: &'a Kind,
}

impl Single<'_> {
    fn write<E: de::Error>(self, given: Given<'_>) -> Result<(), E> {
        let written = scalar::write(&mut self.writer.out, self.number, self.kind, given);
        written.ok_or_else(|| self.writer.refuse(&scalar::rule(self.kind)))
    }
}

impl Visitor<'_> for Single<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a single value")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.write(Given::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.write(Given::Number(Number::Signed(value)))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.write(Given::Number(Number::Unsigned(value)))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.write(Given::Number(Number::Float(value)))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        self.write(Given::Text(value))
    }
}

#[cfg(test)]
mod tests;
