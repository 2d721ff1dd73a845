use prost_reflect::{DynamicMessage, MapKey, Value};
use tonic::Code;
use tonic_types::StatusExt;

use super::*;
use crate::{contract, to_json};

const BATCH: &str = "viva.v1.GradeAnswersRequest";
const SUBMIT: &str = "viva.v1.SubmitAnswerRequest";

fn named(name: &str) -> MessageDescriptor {
    contract::message(name).unwrap()
}

/// A message with every field set, one of each that exclude each other, and lists of two.
fn filled(message: &MessageDescriptor) -> DynamicMessage {
    let mut filled = DynamicMessage::new(message.clone());
    for field in message.fields() {
        let oneof = field.containing_oneof();
        if oneof.is_some_and(|oneof| oneof.fields().any(|other| filled.has_field(&other))) {
            continue;
        }
        let value = value(&field.kind());
        let value = if field.is_list() {
            Value::List(vec![value.clone(), value])
        } else if field.is_map() {
            Value::Map([(MapKey::String("key".into()), Value::String("value".into()))].into())
        } else {
            value
        };
        filled.set_field(&field, value);
    }
    filled
}

fn value(kind: &Kind) -> Value {
    match kind {
        Kind::Double => Value::F64(-0.25),
        Kind::Float => Value::F32(1.5),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(7),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(1 << 60),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(u32::MAX),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(u64::MAX),
        Kind::Bool => Value::Bool(true),
        Kind::String => Value::String("\"quoted\" \u{1F600} ü\n".into()),
        Kind::Bytes => Value::Bytes(vec![0xfb, 0xff, 0].into()),
        // Not every number of seconds is a time.
        Kind::Message(message) if message.package_name() == "google.protobuf" => {
            Value::Message(DynamicMessage::new(message.clone()))
        }
        Kind::Message(message) => Value::Message(filled(message)),
        Kind::Enum(names) => Value::EnumNumber(names.values().last().unwrap().number()),
    }
}

#[test]
fn every_message_of_the_contract_is_the_same_after_a_way_through_json() {
    let pool = named("viva.v1.GradeAnswerRequest").parent_pool().clone();
    let ours = pool.all_messages().filter(|message| message.package_name() == "viva.v1");
    let others = ["google.rpc.ErrorInfo", "google.rpc.RetryInfo", "google.rpc.BadRequest"];
    let all: Vec<_> = ours.chain(others.map(named)).collect();
    assert!(all.len() > 100, "{}", all.len());
    for message in all {
        let sent = filled(&message);
        let json = to_json::json(&sent.encode_to_vec(), &message).unwrap();
        let frame = frame(&json, &message).unwrap();
        let (head, read) = frame.split_at(envelope::HEAD);
        assert_eq!(u32::from_be_bytes(head[1..].try_into().unwrap()) as usize, read.len());
        let read = DynamicMessage::decode(message.clone(), read).unwrap();
        assert_eq!(read, sent, "{}", message.full_name());
    }
}

/// What a request becomes.
fn read(name: &str, json: &str) -> DynamicMessage {
    let message = named(name);
    let frame = frame(json.as_bytes(), &message).unwrap();
    DynamicMessage::decode(message, &frame[envelope::HEAD..]).unwrap()
}

#[test]
fn names_and_numbers_may_be_written_in_each_way_that_json_allows() {
    let name = "viva.v1.SubmitAnswerRequest";
    let camel = read(name, r#"{"interviewId": "7", "questionId": 8, "answerText": "x"}"#);
    let snake = read(name, r#"{"interview_id": 7.0, "question_id": "8", "answer_text": "x"}"#);
    assert_eq!(camel, snake);
    let name = "viva.v1.CreateApiKeyRequest";
    let words = read(name, r#"{"scopes": ["SCOPE_READ"], "expiresAt": "2027-01-31T12:00:00Z"}"#);
    let numbers = read(name, r#"{"scopes": [1], "expires_at": "2027-01-31T13:00:00+01:00"}"#);
    assert_eq!(words, numbers);
    let nulls = r#"{"name": null, "scopes": null, "expiresAt": null}"#;
    assert_eq!(read(name, nulls), DynamicMessage::new(named(name)), "null is not set");
}

/// The field that a request is refused for, or none, and the words.
fn refused(name: &str, json: &str) -> (Option<String>, String) {
    let status = frame(json.as_bytes(), &named(name)).unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.get_details_error_info().unwrap().reason, "VALIDATION_FAILED");
    let violations = status.get_details_bad_request().map(|bad| bad.field_violations);
    let field = violations.unwrap_or_default().first().map(|first| first.field.clone());
    (field, status.message().to_owned())
}

#[test]
fn a_wrong_value_is_refused_with_the_way_to_it_and_what_it_must_be() {
    for (json, field, words) in [
        (r#"{"items": {}}"#, "items", "must be a list"),
        (r#"{"items": [{}, 7]}"#, "items[1]", "must be an object"),
        (r#"{"items": [null]}"#, "items[0]", "must be an object"),
        (r#"{"items": [{"item_id": 7}]}"#, "items[0].item_id", "must be a text"),
        (
            r#"{"items": [{"request": {"answer": ["x"]}}]}"#,
            "items[0].request.answer",
            "must be a text",
        ),
        (
            r#"{"shared": {"keyPoints": [{"weight": "much"}]}}"#,
            "shared.key_points[0].weight",
            "must be a number",
        ),
        (
            r#"{"shared": {"keyPoints": [{"weight": true}]}}"#,
            "shared.key_points[0].weight",
            "must be a number",
        ),
        (
            r#"{"shared": {"level": "LEVEL_9"}}"#,
            "shared.level",
            "must be one of LEVEL_UNSPECIFIED, ",
        ),
        (r#"{"items": [{"requst": {}}]}"#, "items[0].requst", "is not a field of the contract"),
        (r#"{"shared": {}, "shared": {}}"#, "shared", "is there twice"),
    ] {
        let (named, said) = refused(BATCH, json);
        assert_eq!(named.as_deref(), Some(field), "{json}: {said}");
        assert!(said.starts_with(&format!("Invalid request: {field} {words}")), "{said}");
    }
    for number in ["1.5", "9223372036854775808", "\"x\"", "true", "{}"] {
        let (field, said) = refused(SUBMIT, &format!(r#"{{"interviewId": {number}}}"#));
        assert_eq!(field.as_deref(), Some("interview_id"), "{number}");
        assert!(said.contains("must be a whole number from -9223372036854775808 to "), "{said}");
    }
    let (field, said) = refused("viva.v1.CreateApiKeyRequest", r#"{"expiresAt": "tomorrow"}"#);
    assert_eq!(field.as_deref(), Some("expires_at"));
    assert!(said.contains("must be a time, as in"), "{said}");
    let both = r#"{"itemId": "1", "error": {}, "evaluation": {}}"#;
    let (field, said) = refused("viva.v1.GradeAnswersResponse", both);
    assert!(field.is_some() && said.contains("cannot be set together with"), "{said}");
}

#[test]
fn what_is_not_an_object_is_refused_without_repeating_it() {
    for (json, words) in [
        ("", "The request is not valid JSON: EOF while parsing a value at line 1 column 0"),
        ("{\"answerText\": \"secret", "The request is not valid JSON: EOF while parsing a string"),
        ("{} {}", "The request is not valid JSON: trailing characters"),
        ("\"secret\"", "The request must be a JSON object"),
        ("[]", "The request must be a JSON object"),
        ("{\"se cret\": 1}", "The request has a field that is not in the contract"),
        ("{\"answerText\": \"\\ud800\"}", "The request is not valid JSON: "),
    ] {
        let (field, said) = refused(SUBMIT, json);
        assert!(field.is_none() && said.starts_with(words), "{json}: {said}");
    }
    let wrong = format!(r#"{{"interviewId": "{}"}}"#, "secret".repeat(1000));
    assert!(!refused(SUBMIT, &wrong).1.contains("secret"));
    let deep = format!("{{\"answerText\": {}", "[".repeat(100_000));
    assert!(frame(deep.as_bytes(), &named(SUBMIT)).is_err(), "and nothing overflows");
}

#[test]
fn a_list_whose_binary_form_is_too_large_is_refused() {
    let scopes = vec!["-1"; 300_000].join(",");
    let json = format!(r#"{{"scopes": [{scopes}]}}"#);
    assert!(json.len() < MAX_MESSAGE_BYTES);
    let status = frame(json.as_bytes(), &named("viva.v1.CreateApiKeyRequest")).unwrap_err();
    assert_eq!(status.get_details_error_info().unwrap().reason, "REQUEST_TOO_LARGE");
}
