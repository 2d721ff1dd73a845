//! JSON for scripts: one document on standard output, `"version": 1` on top. Messages of the wire
//! contract are written by their descriptors, so that a field added to the contract is a field of
//! the document: keys are the names in the proto files, enums go by their names.

use std::sync::LazyLock;

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use serde::{Serialize, Serializer, ser::Error as _};
use viva_proto::v1;

use super::{Failure, paper};

/// The version of all documents. It changes when a key goes or changes its meaning, not when one
/// is added.
const VERSION: u32 = 1;

/// A message that goes into documents.
pub(super) trait Wire: Message {
    /// Its full name in the contract.
    const NAME: &'static str;
}

impl Wire for v1::CreateInterviewResponse {
    const NAME: &'static str = "viva.v1.CreateInterviewResponse";
}

impl Wire for v1::GetInterviewResponse {
    const NAME: &'static str = "viva.v1.GetInterviewResponse";
}

impl Wire for v1::ListInterviewsResponse {
    const NAME: &'static str = "viva.v1.ListInterviewsResponse";
}

impl Wire for v1::DeleteInterviewResponse {
    const NAME: &'static str = "viva.v1.DeleteInterviewResponse";
}

impl Wire for v1::GetAnswerStatusResponse {
    const NAME: &'static str = "viva.v1.GetAnswerStatusResponse";
}

impl Wire for v1::GetReportResponse {
    const NAME: &'static str = "viva.v1.GetReportResponse";
}

impl Wire for v1::GetProgressResponse {
    const NAME: &'static str = "viva.v1.GetProgressResponse";
}

impl Wire for v1::GetMeResponse {
    const NAME: &'static str = "viva.v1.GetMeResponse";
}

impl Wire for v1::LogoutResponse {
    const NAME: &'static str = "viva.v1.LogoutResponse";
}

impl Wire for v1::CreateApiKeyResponse {
    const NAME: &'static str = "viva.v1.CreateApiKeyResponse";
}

impl Wire for v1::ListApiKeysResponse {
    const NAME: &'static str = "viva.v1.ListApiKeysResponse";
}

impl Wire for v1::RevokeApiKeyResponse {
    const NAME: &'static str = "viva.v1.RevokeApiKeyResponse";
}

impl Wire for v1::ChangePasswordResponse {
    const NAME: &'static str = "viva.v1.ChangePasswordResponse";
}

impl Wire for v1::DeleteAccountResponse {
    const NAME: &'static str = "viva.v1.DeleteAccountResponse";
}

impl Wire for v1::Evaluation {
    const NAME: &'static str = "viva.v1.Evaluation";
}

/// A message as JSON.
struct OnWire<'a, M>(&'a M);

impl<M: Wire> Serialize for OnWire<'_, M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        static POOL: LazyLock<Option<DescriptorPool>> =
            LazyLock::new(|| DescriptorPool::decode(viva_proto::FILE_DESCRIPTOR_SET).ok());
        let descriptor = POOL
            .as_ref()
            .and_then(|pool| pool.get_message_by_name(M::NAME))
            .ok_or_else(|| S::Error::custom(format!("the contract has no {}", M::NAME)))?;
        let mut message = DynamicMessage::new(descriptor);
        message.transcode_from(self.0).map_err(S::Error::custom)?;
        let options = SerializeOptions::new()
            .stringify_64_bit_integers(false)
            .use_proto_field_name(true)
            .skip_default_fields(false);
        message.serialize_with_options(serializer, &options)
    }
}

#[derive(Serialize)]
struct Document<T> {
    version: u32,
    #[serde(flatten)]
    content: T,
}

/// Prints a reply of the server as a document.
pub(super) fn print_reply(reply: &impl Wire) -> Result<(), Failure> {
    print(&OnWire(reply))
}

/// Prints something of our own as a document.
pub(super) fn print(content: &impl Serialize) -> Result<(), Failure> {
    let document = Document { version: VERSION, content };
    let json = serde_json::to_string_pretty(&document).map_err(|error| unwritable(&error))?;
    paper::out(&format!("{}\n", viva_text::escaped_json(&json)))
}

/// A message as one line, for streams.
pub(super) fn line(message: &impl Wire) -> Result<String, Failure> {
    let json = serde_json::to_string(&OnWire(message)).map_err(|error| unwritable(&error))?;
    Ok(viva_text::escaped_json(&json))
}

fn unwritable(error: &serde_json::Error) -> Failure {
    Failure::failed(format!("The answer cannot be written as JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn value(message: &impl Wire) -> Value {
        serde_json::from_str(&line(message).unwrap()).unwrap()
    }

    #[test]
    fn names_enums_times_and_numbers_are_those_of_the_contract() {
        let answer = v1::Answer {
            id: 9_007_199_254_740_993,
            submitted_at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
            evaluation: Some(v1::Evaluation {
                status: v1::EvaluationStatus::Pending.into(),
                ..Default::default()
            }),
            ..Default::default()
        };
        let reply = v1::GetAnswerStatusResponse { answer: Some(answer) };
        let value = value(&reply);
        let answer = &value["answer"];
        assert_eq!(answer["id"], json!(9_007_199_254_740_993_i64));
        assert_eq!(answer["submitted_at"], "2023-11-14T22:13:20Z");
        assert_eq!(answer["evaluation"]["status"], "EVALUATION_STATUS_PENDING");
        assert_eq!(answer["attempt"], 0);
        assert_eq!(answer["evaluation"]["key_points"], json!([]));
        assert_eq!(answer["evaluation"].get("scores"), None);
    }

    #[test]
    fn every_message_that_is_printed_has_the_name_of_the_contract() {
        assert!(line(&v1::CreateInterviewResponse::default()).is_ok());
        assert!(line(&v1::GetInterviewResponse::default()).is_ok());
        assert!(line(&v1::ListInterviewsResponse::default()).is_ok());
        assert!(line(&v1::DeleteInterviewResponse::default()).is_ok());
        assert!(line(&v1::GetAnswerStatusResponse::default()).is_ok());
        assert!(line(&v1::GetReportResponse::default()).is_ok());
        assert!(line(&v1::GetProgressResponse::default()).is_ok());
        assert!(line(&v1::GetMeResponse::default()).is_ok());
        assert!(line(&v1::LogoutResponse::default()).is_ok());
        assert!(line(&v1::CreateApiKeyResponse::default()).is_ok());
        assert!(line(&v1::ListApiKeysResponse::default()).is_ok());
        assert!(line(&v1::RevokeApiKeyResponse::default()).is_ok());
        assert!(line(&v1::Evaluation::default()).is_ok());
    }

    #[test]
    fn what_would_steer_a_terminal_is_escaped_and_reads_the_same() {
        let feedback = "a\u{9b}2J \u{202e}b \u{e0041} \u{1b}[31m é";
        let evaluation = v1::Evaluation { feedback: feedback.into(), ..Default::default() };
        let line = line(&evaluation).unwrap();
        assert!(line.chars().all(viva_text::is_harmless), "{line}");
        let value: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["feedback"], feedback);
    }
}
