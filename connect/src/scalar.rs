//! Single values: from JSON into Protobuf's binary form, by the rules of proto3 JSON.

use std::ops::RangeInclusive;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use prost::encoding::{WireType, encode_key, encode_varint};
use prost_reflect::{EnumDescriptor, Kind};

use crate::number::Number;

/// The most names of an enum that an error lists.
const MOST_NAMES: usize = 20;

/// A single value of JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Given<'a> {
    Bool(bool),
    Number(Number),
    Text(&'a str),
}

/// A value in binary form.
enum Binary {
    Varint(u64),
    Fixed32(u32),
    Fixed64(u64),
    Bytes(Vec<u8>),
}

/// Writes a field with a value; `None` if the field cannot have it.
pub(crate) fn write(out: &mut Vec<u8>, field: u32, kind: &Kind, given: Given<'_>) -> Option<()> {
    if let (Kind::String, Given::Text(text)) = (kind, given) {
        // Texts are the bulk of a request, so they are not copied first.
        write_bytes(out, field, text.as_bytes());
        return Some(());
    }
    match binary(kind, given)? {
        Binary::Varint(value) => {
            encode_key(field, WireType::Varint, out);
            encode_varint(value, out);
        }
        Binary::Fixed32(value) => {
            encode_key(field, WireType::ThirtyTwoBit, out);
            out.extend(value.to_le_bytes());
        }
        Binary::Fixed64(value) => {
            encode_key(field, WireType::SixtyFourBit, out);
            out.extend(value.to_le_bytes());
        }
        Binary::Bytes(bytes) => write_bytes(out, field, &bytes),
    }
    Some(())
}

/// What a value must be, as the end of a sentence that begins with the field's name.
pub(crate) fn rule(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "must be true or false".to_owned(),
        Kind::String => "must be a text".to_owned(),
        Kind::Bytes => "must be bytes in Base64".to_owned(),
        Kind::Double | Kind::Float => "must be a number".to_owned(),
        Kind::Enum(names) => {
            let count = names.values().len();
            let known = names.values().take(MOST_NAMES).map(|value| value.name().to_owned());
            let known = known.collect::<Vec<_>>().join(", ");
            let more = if count > MOST_NAMES { ", or another of the contract" } else { "" };
            format!("must be one of {known}{more}")
        }
        Kind::Message(message) => match message.full_name() {
            "google.protobuf.Timestamp" => {
                "must be a time, as in \"2027-01-31T12:00:00Z\"".to_owned()
            }
            "google.protobuf.Duration" => "must be a duration, as in \"1.5s\"".to_owned(),
            name if name.starts_with("google.protobuf.") => format!("must be a {name} in JSON"),
            _ => "must be an object".to_owned(),
        },
        number => match range(number) {
            Some(range) => {
                format!("must be a whole number from {} to {}", range.start(), range.end())
            }
            None => "must be a whole number".to_owned(),
        },
    }
}

fn write_bytes(out: &mut Vec<u8>, field: u32, bytes: &[u8]) {
    encode_key(field, WireType::LengthDelimited, out);
    encode_varint(bytes.len() as u64, out);
    out.extend(bytes);
}

fn binary(kind: &Kind, given: Given<'_>) -> Option<Binary> {
    match (kind, given) {
        (Kind::Bool, Given::Bool(value)) => Some(Binary::Varint(value.into())),
        (Kind::Bytes, Given::Text(text)) => from_base64(text).map(Binary::Bytes),
        (Kind::Double, given) => float(given).map(|value| Binary::Fixed64(value.to_bits())),
        (Kind::Float, given) => single(float(given)?).map(|value| Binary::Fixed32(value.to_bits())),
        (Kind::Enum(names), given) => {
            let value = i64::from(named(names, given)?);
            Some(Binary::Varint(value.cast_unsigned()))
        }
        (kind, Given::Number(number)) => whole(kind, number.whole()?),
        (kind, Given::Text(text)) => whole(kind, Number::parse(text)?.whole()?),
        (_, Given::Bool(_)) => None,
    }
}

fn named(names: &EnumDescriptor, given: Given<'_>) -> Option<i32> {
    match given {
        Given::Text(name) => names.get_value_by_name(name).map(|value| value.number()),
        Given::Number(number) => number.whole()?.try_into().ok(),
        Given::Bool(_) => None,
    }
}

/// The numbers that a field can have; `None` if it has no whole numbers.
fn range(kind: &Kind) -> Option<RangeInclusive<i128>> {
    Some(match kind {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => i32::MIN.into()..=i32::MAX.into(),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => i64::MIN.into()..=i64::MAX.into(),
        Kind::Uint32 | Kind::Fixed32 => 0..=u32::MAX.into(),
        Kind::Uint64 | Kind::Fixed64 => 0..=u64::MAX.into(),
        _ => return None,
    })
}

fn whole(kind: &Kind, number: i128) -> Option<Binary> {
    range(kind).filter(|range| range.contains(&number))?;
    let signed = || i64::try_from(number).ok();
    Some(match kind {
        Kind::Int32 | Kind::Int64 => Binary::Varint(signed()?.cast_unsigned()),
        Kind::Sint32 | Kind::Sint64 => {
            let signed = signed()?;
            Binary::Varint(((signed << 1) ^ (signed >> 63)).cast_unsigned())
        }
        Kind::Sfixed32 => Binary::Fixed32(i32::try_from(number).ok()?.cast_unsigned()),
        Kind::Sfixed64 => Binary::Fixed64(signed()?.cast_unsigned()),
        Kind::Fixed32 => Binary::Fixed32(number.try_into().ok()?),
        Kind::Fixed64 => Binary::Fixed64(number.try_into().ok()?),
        _ => Binary::Varint(number.try_into().ok()?),
    })
}

fn float(given: Given<'_>) -> Option<f64> {
    match given {
        Given::Number(number) => Some(number.float()),
        Given::Text("NaN") => Some(f64::NAN),
        Given::Text("Infinity") => Some(f64::INFINITY),
        Given::Text("-Infinity") => Some(f64::NEG_INFINITY),
        Given::Text(text) => Number::parse(text).map(Number::float),
        Given::Bool(_) => None,
    }
}

/// The nearest number with single precision; `None` if it is too large for one.
fn single(number: f64) -> Option<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "the rest is checked below")]
    let single = number as f32;
    (single.is_finite() || !number.is_finite()).then_some(single)
}

/// Decodes Base64 in either alphabet, with padding or without.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    ENGINE.decode(text.replace('-', "+").replace('_', "/")).ok()
}
