//! Requests are weighed before they are decoded. A message on the wire can be many times smaller than
//! what it becomes: an item of two bytes is a struct of nearly two hundred, so that the largest
//! message that is read would become a hundred megabytes. The contract says what each field becomes,
//! so the weight of a message is worked out from its bytes, and one that is too heavy is refused
//! with the name of the field that makes it so. Replies are not weighed: they come from a server.

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

/// The most that a request may weigh: bytes of memory that it has at the most once it is decoded. A
/// message of 1 MiB whose texts have 45 characters each, or more, never weighs as much.
pub const MOST_WEIGHT: usize = 8 * 1024 * 1024;

/// What a text costs beside its letters: the allocator rounds up.
const ALLOCATION: usize = 32;

/// What `String`, `Vec` and `Vec<u8>` take where they stand.
const HANDLE: usize = 24;

/// How often the place of an element is there at the most: a list has room for four at least, and
/// while it grows it is there twice, once with double the room.
const ROOM: usize = 4;

/// How deep messages may nest. The contract's nest far less; more would be a contract that goes
/// round, whose structs would be boxed.
const DEEPEST: usize = 16;

/// What a request is refused for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooHeavy {
    /// The field of the request in which the weight was exceeded, as the contract has it.
    pub field: &'static str,
}

impl fmt::Display for TooHeavy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has too many parts", self.field)
    }
}

impl Error for TooHeavy {}

/// The codec of every RPC: prost's, after requests have been weighed. The status of one that is too
/// heavy has [`TooHeavy`] for its source.
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

/// Weighs requests, and decodes.
#[derive(Debug)]
pub struct BoundedDecoder<U>(ProstDecoder<U>);

impl<U: Message + Name + Default> Decoder for BoundedDecoder<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        // A whole message lies in one piece.
        let bytes = prost::bytes::Buf::chunk(buffer);
        weigh(&U::full_name(), bytes).map_err(|heavy| {
            let mut status = Status::new(Code::InvalidArgument, heavy.to_string());
            status.set_source(std::sync::Arc::new(heavy));
            status
        })?;
        self.0.decode(buffer)
    }
}

/// Whether the request of that name may be decoded from these bytes. Bytes that are no such message
/// are weighed as far as they can be read, for they are decoded no further.
pub fn weigh(name: &str, bytes: &[u8]) -> Result<(), TooHeavy> {
    let contract: &'static Contract = &CONTRACT;
    if !contract.requests.contains(name) {
        return Ok(());
    }
    let Some(shape) = contract.shapes.get(name) else { return Ok(()) };
    let mut left = MOST_WEIGHT.saturating_sub(shape.size);
    contract.spend(shape, bytes, None, &mut left)
}

/// What of the contract is needed to weigh.
struct Contract {
    /// By the message's full name.
    shapes: HashMap<String, Shape>,
    /// Which messages are requests.
    requests: HashSet<String>,
}

/// A message: what it takes where it stands, without what its texts and lists hold.
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
    /// A number, a truth or an enum.
    Scalar,
    /// A text or bytes.
    Text,
    /// The message of that name.
    Message(String),
}

/// Of the descriptor set that is compiled in.
static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    // A broken set would also keep reflection from starting, and no test would pass.
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

    /// What a message takes where it stands. Each number counts as what an optional one of eight
    /// bytes takes.
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

    /// Takes what a message's fields hold from what is left.
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
                // One number of a list; or what the decoder skips or refuses.
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
                // A packed list, whose numbers have a byte each at the least.
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

    /// An answer with a rubric of as many points as may be, of texts with that many letters.
    fn answer(letters: usize) -> GradeAnswerRequest {
        let text = || "x".repeat(letters);
        let point =
            RubricPoint { point: text(), weight: Some(2.0), phrasings: vec![text(), text()] };
        let mistake = RubricMistake { claim: text(), why_wrong: text() };
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
    fn what_people_send_is_light_enough_up_to_the_largest_message() {
        let item = GradeAnswersItem { item_id: "1".into(), request: Some(answer(40)) };
        let mut batch = GradeAnswersRequest::default();
        while batch.encoded_len() + item.encoded_len() < 1024 * 1024 {
            batch.items.push(item.clone());
        }
        assert_eq!(weighed(&batch), Ok(()));
        let bare = GradeAnswerRequest { question: "Why?".into(), ..Default::default() };
        let item = GradeAnswersItem { item_id: "1".into(), request: Some(bare) };
        assert_eq!(weighed(&GradeAnswersRequest { items: vec![item; 1000] }), Ok(()));
        let topics = vec!["sql".to_owned(); 10];
        assert_eq!(weighed(&CreateInterviewRequest { topics, ..Default::default() }), Ok(()));
    }

    #[test]
    fn very_many_of_very_little_are_refused_by_the_name_of_their_field() {
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
        assert_eq!(refused(&GradeAnswersRequest { items: vec![item] }), "items");
        let topics = vec![String::new(); half_a_million];
        assert_eq!(refused(&CreateInterviewRequest { topics, ..Default::default() }), "topics");
        let scopes = vec![1; half_a_million];
        assert_eq!(refused(&CreateApiKeyRequest { scopes, ..Default::default() }), "scopes");
        let unpacked = [0x18, 1].repeat(half_a_million);
        let heavy = weigh("viva.v1.CreateApiKeyRequest", &unpacked).unwrap_err();
        assert_eq!(heavy.field, "scopes");
    }

    #[test]
    fn what_comes_in_parts_is_weighed_together() {
        // One request given in very many parts, as the encoding allows.
        let part = [0x12, 2, 0x1a, 0].repeat(256 * 1024);
        let mut item = vec![0x0a];
        prost::encoding::encode_varint(part.len() as u64, &mut item);
        item.extend(part);
        assert_eq!(weigh(BATCH, &item).unwrap_err().field, "items");
    }

    #[test]
    fn what_is_no_such_message_is_left_to_the_decoder_and_replies_are_not_weighed() {
        for bytes in [&[0x0a, 9, 1][..], &[0xff; 20], &[0x0b, 0x0b], &[0x0a], &[0x08, 1], &[0x0c]] {
            assert_eq!(weigh(BATCH, bytes), Ok(()), "{bytes:?}");
        }
        let unknown = [0x7a, 0].repeat(512 * 1024);
        assert_eq!(weigh(BATCH, &unknown), Ok(()), "what is skipped takes nothing");
        let templates = vec![Template::default(); 100_000];
        assert_eq!(weighed(&ListTemplatesResponse { templates }), Ok(()));
    }

    #[test]
    fn a_struct_is_no_larger_than_it_is_said_to_be() {
        let said = |name: &str| CONTRACT.shapes[name].size;
        assert!(said("viva.v1.GradeAnswersItem") >= size_of::<GradeAnswersItem>());
        assert!(said("viva.v1.RubricPoint") >= size_of::<RubricPoint>());
        assert!(said("viva.v1.RubricMistake") >= size_of::<RubricMistake>());
        assert!(said("viva.v1.CreateInterviewRequest") >= size_of::<CreateInterviewRequest>());
    }
}
