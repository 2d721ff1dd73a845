//! Weighs requests before they are decoded. A message on the wire can be many times smaller than in
//! memory: an item of two bytes becomes a struct of nearly two hundred, so the largest message that
//! is read would become a hundred megabytes. The contract says what each field becomes, so the
//! weight of a message is calculated from its bytes, and a message that is too heavy is refused
//! with the name of the field at fault. Replies are not weighed, because they come from a server.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    error::Error,
    fmt,
    marker::PhantomData,
    sync::LazyLock,
};

use prost::{
    Message, Name,
    encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field},
};
use prost_types::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};
use tonic::{
    Code, Status,
    codec::{Codec, DecodeBuf, Decoder},
};
use tonic_prost::{ProstDecoder, ProstEncoder};

/// The most that a request may weigh: an upper bound of the bytes of memory that it takes once
/// decoded. A message of 1 MiB whose texts have at least 45 characters each never weighs as much.
pub const MOST_WEIGHT: usize = 8 * 1024 * 1024;

/// What a text costs in addition to its bytes, since the allocator rounds up.
const ALLOCATION: usize = 32;

/// The size of a `String`, `Vec` or `Vec<u8>` itself, without its content.
const HANDLE: usize = 24;

/// How many times the size of an element a list takes at most: a list has room for at least four,
/// and while it grows there are two copies, one with double the room.
const ROOM: usize = 4;

/// How deep messages may nest. Those of the contract nest far less; only a recursive contract,
/// whose structs would be boxed, would nest more.
const DEEPEST: usize = 16;

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooHeavy {
    /// The field of the request in which the weight was exceeded, by its name in the contract.
    pub field: &'static str,
}

impl fmt::Display for TooHeavy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has too many parts", self.field)
    }
}

impl Error for TooHeavy {}

/// The codec of every RPC: prost's, after weighing requests. The status for one that is too heavy
/// has [`TooHeavy`] as its source.
#[derive(Debug)]
pub struct BoundedCodec<T, U>(PhantomData<fn(T) -> U>);

impl<T, U> Default for BoundedCodec<T, U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T, U> Codec for BoundedCodec<T, U>
where
    T: Message + Send + 'static,
    U: Message + Name + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = ProstEncoder<T>;
    type Decoder = BoundedDecoder<U>;

    fn encoder(&mut self) -> Self::Encoder {
        ProstEncoder::default()
    }

    fn decoder(&mut self) -> Self::Decoder {
        BoundedDecoder(ProstDecoder::default())
    }
}

/// Weighs requests, then decodes them.
#[derive(Debug)]
pub struct BoundedDecoder<U>(ProstDecoder<U>);

impl<U: Message + Name + Default> Decoder for BoundedDecoder<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        // A whole message is in one piece.
        let bytes = prost::bytes::Buf::chunk(buffer);
        weigh(&U::full_name(), bytes).map_err(|heavy| {
            let mut status = Status::new(Code::InvalidArgument, heavy.to_string());
            status.set_source(std::sync::Arc::new(heavy));
            status
        })?;
        self.0.decode(buffer)
    }
}

/// Checks whether the bytes may be decoded as the request with this name. Invalid bytes are weighed
/// as far as they can be read, since they are not decoded any further.
pub fn weigh(name: &str, bytes: &[u8]) -> Result<(), TooHeavy> {
    let contract: &'static Contract = &CONTRACT;
    if !contract.requests.contains(name) {
        return Ok(());
    }
    let Some(shape) = contract.shapes.get(name) else { return Ok(()) };
    let mut left = MOST_WEIGHT.saturating_sub(shape.size);
    contract.spend(shape, bytes, None, &mut left)
}

/// What weighing needs to know of the contract.
struct Contract {
    /// The messages by their full names.
    shapes: HashMap<String, Shape>,
    /// The names of messages that are requests.
    requests: HashSet<String>,
}

/// A message: its size without the content of its texts and lists, and its fields by number.
#[derive(Default)]
struct Shape {
    size: usize,
    fields: BTreeMap<u32, Field>,
}

struct Field {
    name: String,
    is_repeated: bool,
    kind: Kind,
}

enum Kind {
    /// A number, a boolean or an enum.
    Scalar,
    /// A text or bytes.
    Text,
    /// The message with this name.
    Message(String),
}

/// The contract, read from the compiled-in descriptor set.
static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    // A broken set would also prevent reflection from starting, and no test would pass.
    let files = FileDescriptorSet::decode(crate::FILE_DESCRIPTOR_SET).unwrap_or_default().file;
    let mut contract = Contract { shapes: HashMap::new(), requests: HashSet::new() };
    for file in &files {
        for message in &file.message_type {
            contract.add(file.package(), message);
        }
        for method in file.service.iter().flat_map(|service| &service.method) {
            contract.requests.insert(method.input_type().trim_start_matches('.').to_owned());
        }
    }
    let names: Vec<String> = contract.shapes.keys().cloned().collect();
    for name in names {
        let size = contract.size(&name, 0);
        if let Some(shape) = contract.shapes.get_mut(&name) {
            shape.size = size;
        }
    }
    contract
});

impl Contract {
    fn add(&mut self, within: &str, message: &DescriptorProto) {
        let name = format!("{within}.{}", message.name());
        for nested in &message.nested_type {
            self.add(&name, nested);
        }
        let number = |field: &FieldDescriptorProto| u32::try_from(field.number()).unwrap_or(0);
        let fields = message.field.iter().map(|field| (number(field), Field::of(field)));
        self.shapes.insert(name, Shape { size: 0, fields: fields.collect() });
    }

    /// Returns the size of a message without the content of its texts and lists. Each number counts
    /// as an optional one of eight bytes.
    fn size(&self, name: &str, depth: usize) -> usize {
        let Some(shape) = self.shapes.get(name).filter(|_| depth < DEEPEST) else { return 0 };
        let size = |field: &Field| match &field.kind {
            _ if field.is_repeated => HANDLE,
            Kind::Scalar => 16,
            Kind::Text => HANDLE,
            Kind::Message(name) => 8 + self.size(name, depth + 1),
        };
        shape.fields.values().map(size).sum()
    }

    /// Subtracts the weight of a message's fields from `left`.
    fn spend(
        &'static self,
        shape: &'static Shape,
        mut bytes: &[u8],
        within: Option<&'static str>,
        left: &mut usize,
    ) -> Result<(), TooHeavy> {
        while !bytes.is_empty() {
            let Ok((number, wire)) = decode_key(&mut bytes) else { return Ok(()) };
            let field = shape.fields.get(&number);
            let named = within.or(field.map(|field| field.name.as_str()));
            let mut pay = |weight: usize| match (left.checked_sub(weight), named) {
                (Some(rest), _) => {
                    *left = rest;
                    Ok(())
                }
                (None, field) => Err(TooHeavy { field: field.unwrap_or_default() }),
            };
            let (Some(field), WireType::LengthDelimited) = (field, wire) else {
                // A number of a list, or a field that the decoder skips or refuses.
                if let Some(Field { is_repeated: true, kind: Kind::Scalar, .. }) = field {
                    pay(ROOM * 8)?;
                }
                if skip_field(wire, number, &mut bytes, DecodeContext::default()).is_err() {
                    return Ok(());
                }
                continue;
            };
            let length = decode_varint(&mut bytes).ok().and_then(|long| usize::try_from(long).ok());
            let inner = length.and_then(|length| bytes.split_at_checked(length));
            let Some((inner, rest)) = inner else { return Ok(()) };
            bytes = rest;
            match &field.kind {
                // A packed list, whose numbers have at least a byte each.
                Kind::Scalar => pay(ROOM * 8 * inner.len())?,
                Kind::Text => {
                    let place = if field.is_repeated { ROOM * HANDLE } else { 0 };
                    pay(place + inner.len() + ALLOCATION)?;
                }
                Kind::Message(name) => {
                    let Some(shape) = self.shapes.get(name) else { continue };
                    if field.is_repeated {
                        pay(ROOM * shape.size)?;
                    }
                    self.spend(shape, inner, named, left)?;
                }
            }
        }
        Ok(())
    }
}

impl Field {
    fn of(field: &FieldDescriptorProto) -> Self {
        let kind = match field.r#type() {
            Type::String | Type::Bytes => Kind::Text,
            Type::Message | Type::Group => {
                Kind::Message(field.type_name().trim_start_matches('.').to_owned())
            }
            _ => Kind::Scalar,
        };
        let is_repeated = field.label() == Label::Repeated;
        Self { name: field.name().to_owned(), is_repeated, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::*;

    const BATCH: &str = "viva.v1.GradeAnswersRequest";

    fn weighed<M: Message + Name>(message: &M) -> Result<(), TooHeavy> {
        weigh(&M::full_name(), &message.encode_to_vec())
    }

    fn refused<M: Message + Name>(message: &M) -> &'static str {
        weighed(message).unwrap_err().field
    }

    /// An answer with a rubric of the most points, and texts of this many letters.
    fn answer(letters: usize) -> GradeAnswerRequest {
        let text = || "x".repeat(letters);
        let point = RubricPoint {
            point: text(),
            weight: Some(2.0),
            phrasings: vec![text(), text()],
            ..Default::default()
        };
        let mistake = RubricMistake { claim: text(), why_wrong: text(), ..Default::default() };
        GradeAnswerRequest {
            question: text(),
            reference: text(),
            key_points: vec![point; 50],
            mistakes: vec![mistake; 50],
            answer: text(),
            ..GradeAnswerRequest::default()
        }
    }

    #[test]
    fn ordinary_requests_are_light_enough_up_to_the_largest_message() {
        let item = GradeAnswersItem { item_id: "1".into(), request: Some(answer(40)) };
        let mut batch = GradeAnswersRequest::default();
        while batch.encoded_len() + item.encoded_len() < 1024 * 1024 {
            batch.items.push(item.clone());
        }
        assert_eq!(weighed(&batch), Ok(()));
        let bare = GradeAnswerRequest { question: "Why?".into(), ..Default::default() };
        let item = GradeAnswersItem { item_id: "1".into(), request: Some(bare) };
        assert_eq!(weighed(&GradeAnswersRequest { items: vec![item; 1000], shared: None }), Ok(()));
        let topics = vec!["sql".to_owned(); 10];
        assert_eq!(weighed(&CreateInterviewRequest { topics, ..Default::default() }), Ok(()));
    }

    #[test]
    fn very_many_empty_elements_are_refused_with_the_name_of_their_field() {
        let half_a_million = 512 * 1024 - 8;
        assert_eq!(weigh(BATCH, &[0x0a, 0].repeat(half_a_million)).unwrap_err().field, "items");
        let points = vec![RubricPoint::default(); half_a_million];
        let many = GradeAnswerRequest { key_points: points, ..Default::default() };
        assert_eq!(refused(&many), "key_points");
        let mistakes = vec![RubricMistake::default(); half_a_million];
        assert_eq!(refused(&GradeAnswerRequest { mistakes, ..Default::default() }), "mistakes");
        let point =
            RubricPoint { phrasings: vec![String::new(); half_a_million], ..Default::default() };
        let deep = GradeAnswerRequest { key_points: vec![point], ..Default::default() };
        assert_eq!(refused(&deep), "key_points");
        let item = GradeAnswersItem { item_id: String::new(), request: Some(deep) };
        assert_eq!(refused(&GradeAnswersRequest { items: vec![item], shared: None }), "items");
        let topics = vec![String::new(); half_a_million];
        assert_eq!(refused(&CreateInterviewRequest { topics, ..Default::default() }), "topics");
        let scopes = vec![1; half_a_million];
        assert_eq!(refused(&CreateApiKeyRequest { scopes, ..Default::default() }), "scopes");
        let unpacked = [0x18, 1].repeat(half_a_million);
        let heavy = weigh("viva.v1.CreateApiKeyRequest", &unpacked).unwrap_err();
        assert_eq!(heavy.field, "scopes");
    }

    #[test]
    fn a_request_in_several_parts_is_weighed_as_a_whole() {
        // One request in very many parts, as the encoding allows.
        let part = [0x12, 2, 0x1a, 0].repeat(256 * 1024);
        let mut item = vec![0x0a];
        prost::encoding::encode_varint(part.len() as u64, &mut item);
        item.extend(part);
        assert_eq!(weigh(BATCH, &item).unwrap_err().field, "items");
    }

    #[test]
    fn invalid_bytes_are_left_to_the_decoder_and_replies_are_not_weighed() {
        for bytes in [&[0x0a, 9, 1][..], &[0xff; 20], &[0x0b, 0x0b], &[0x0a], &[0x08, 1], &[0x0c]] {
            assert_eq!(weigh(BATCH, bytes), Ok(()), "{bytes:?}");
        }
        let unknown = [0x7a, 0].repeat(512 * 1024);
        assert_eq!(weigh(BATCH, &unknown), Ok(()), "skipped fields take no memory");
        let templates = vec![Template::default(); 100_000];
        assert_eq!(weighed(&ListTemplatesResponse { templates, ..Default::default() }), Ok(()));
    }

    #[test]
    fn a_struct_is_no_larger_than_its_calculated_size() {
        let said = |name: &str| CONTRACT.shapes[name].size;
        assert!(said("viva.v1.GradeAnswersItem") >= size_of::<GradeAnswersItem>());
        assert!(said("viva.v1.RubricPoint") >= size_of::<RubricPoint>());
        assert!(said("viva.v1.RubricMistake") >= size_of::<RubricMistake>());
        assert!(said("viva.v1.CreateInterviewRequest") >= size_of::<CreateInterviewRequest>());
    }
}
