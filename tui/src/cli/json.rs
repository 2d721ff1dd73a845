//! JSON for scripts: one document on standard output, with `"version": 1` first. Messages of the
//! wire contract keep its names and forms.

use prost::Name;
use serde::Serialize;
use viva_proto::json::Json;

use super::{Failure, paper};

/// The version of all documents. It changes if a key is removed or changes its meaning, not if one
/// is added.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<T> {
    version: u32,
    #[serde(flatten)]
    content: T,
}

/// Prints a reply of the server as a document.
pub(super) fn print_reply(reply: &impl Name) -> Result<(), Failure> {
    print(&Json(reply))
}

/// Prints the program's own data as a document.
pub(super) fn print(content: &impl Serialize) -> Result<(), Failure> {
    let document = Document { version: VERSION, content };
    let json = serde_json::to_string_pretty(&document).map_err(|error| unwritable(&error))?;
    paper::out(&format!("{}\n", viva_text::escaped_json(&json)))
}

/// A message as one line, for streams.
pub(super) fn line(message: &impl Name) -> Result<String, Failure> {
    let json = serde_json::to_string(&Json(message)).map_err(|error| unwritable(&error))?;
    Ok(viva_text::escaped_json(&json))
}

fn unwritable(error: &serde_json::Error) -> Failure {
    Failure::failed(format!("The answer cannot be written as JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use viva_proto::v1;

    use super::*;

    fn value(message: &impl Name) -> Value {
        serde_json::from_str(&line(message).unwrap()).unwrap()
    }

    #[test]
    fn names_enums_times_and_numbers_follow_the_wire_contract() {
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
    fn control_characters_are_escaped_and_parse_back_unchanged() {
        let feedback = "a\u{9b}2J \u{202e}b \u{e0041} \u{1b}[31m é";
        let evaluation = v1::Evaluation { feedback: feedback.into(), ..Default::default() };
        let line = line(&evaluation).unwrap();
        assert!(line.chars().all(viva_text::is_harmless), "{line}");
        let value: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["feedback"], feedback);
    }
}
