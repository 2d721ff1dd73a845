//! The forms in which a reply can be asked for, and the request that asks for it.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

use super::LlmRequest;

/// In which form a reply is asked for, the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReplyForm {
    /// The endpoint holds the model to the schema.
    Schema,
    /// The endpoint is asked for JSON and given the schema alongside.
    JsonWithSchema,
    /// The endpoint is asked for JSON.
    Json,
    /// The endpoint is not asked for a format; only the prompt asks for JSON.
    Text,
}

impl ReplyForm {
    const ALL: [Self; 4] = [Self::Schema, Self::JsonWithSchema, Self::Json, Self::Text];

    /// The next looser form, if there is one.
    pub(super) fn below(self) -> Option<Self> {
        Self::ALL.into_iter().find(|form| *form > self)
    }

    fn response_format(self, request: &LlmRequest) -> Option<Value> {
        match self {
            Self::Schema => Some(json!({
                "type": "json_schema",
                "json_schema": { "name": request.name, "strict": true, "schema": request.schema },
            })),
            Self::JsonWithSchema => {
                Some(json!({ "type": "json_object", "schema": request.schema }))
            }
            Self::Json => Some(json!({ "type": "json_object" })),
            Self::Text => None,
        }
    }

    /// The system message. If nothing holds the model to the schema, it contains the schema.
    fn system(self, request: &LlmRequest) -> String {
        match self {
            Self::Schema => request.system.clone(),
            _ => format!(
                "{}\nReply with one JSON object of this JSON Schema and nothing else:\n{}",
                request.system, request.schema
            ),
        }
    }
}

impl fmt::Display for ReplyForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Schema => "JSON by schema",
            Self::JsonWithSchema => "JSON with the schema beside it",
            Self::Json => "plain JSON",
            Self::Text => "text",
        })
    }
}

/// What an endpoint can do, as far as requests rely on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Capabilities {
    /// The form of reply that is asked for.
    pub(super) form: ReplyForm,
    /// Whether the instructions get a message of their own. Some endpoints only know users and
    /// assistants; there the instructions come before the user's text.
    pub(super) system_role: bool,
    /// Whether the temperature is set. Some models accept only their own.
    pub(super) temperature: bool,
}

impl Capabilities {
    /// Everything; with it, a reply is held to its schema.
    pub(super) const ALL: Self =
        Self { form: ReplyForm::Schema, system_role: true, temperature: true };

    /// Leaves out whatever either of the two leaves out.
    pub(super) fn common(self, other: Self) -> Self {
        Self {
            form: self.form.max(other.form),
            system_role: self.system_role && other.system_role,
            temperature: self.temperature && other.temperature,
        }
    }
}

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    messages: &'a [Message<'a>],
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Value>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'a str,
    content: &'a str,
}

/// The body of a request, as JSON.
pub(super) fn request_body(
    model: &str,
    request: &LlmRequest,
    capabilities: Capabilities,
) -> serde_json::Result<Vec<u8>> {
    let system = capabilities.form.system(request);
    let user = if capabilities.system_role {
        request.user.clone()
    } else {
        format!("{system}\n{}", request.user)
    };
    let messages =
        [Message { role: "system", content: &system }, Message { role: "user", content: &user }];
    serde_json::to_vec(&Request {
        model,
        messages: if capabilities.system_role { &messages } else { &messages[1..] },
        stream: false,
        temperature: capabilities.temperature.then_some(0),
        response_format: capabilities.form.response_format(request),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(form: ReplyForm, temperature: bool) -> Value {
        put(Capabilities { form, temperature, ..Capabilities::ALL })
    }

    fn put(capabilities: Capabilities) -> Value {
        let request = LlmRequest {
            name: "evaluation",
            system: "Task: evaluation".to_owned(),
            user: "an answer".to_owned(),
            schema: json!({ "type": "object" }),
        };
        let body = request_body("m", &request, capabilities).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    #[test]
    fn each_form_asks_in_its_own_way() {
        let formats = ReplyForm::ALL.map(|form| request(form, true)["response_format"].clone());
        let schema = json!({ "type": "object" });
        assert_eq!(
            formats,
            [
                json!({ "type": "json_schema", "json_schema":
                    { "name": "evaluation", "strict": true, "schema": schema } }),
                json!({ "type": "json_object", "schema": schema }),
                json!({ "type": "json_object" }),
                Value::Null,
            ]
        );
    }

    #[test]
    fn the_prompt_has_the_schema_if_the_endpoint_does_not_enforce_it() {
        let system = |form| request(form, true)["messages"][0]["content"].clone();
        assert_eq!(system(ReplyForm::Schema), "Task: evaluation");
        for form in [ReplyForm::JsonWithSchema, ReplyForm::Json, ReplyForm::Text] {
            assert_eq!(
                system(form),
                "Task: evaluation\nReply with one JSON object of this JSON Schema and nothing \
                 else:\n{\"type\":\"object\"}"
            );
        }
    }

    #[test]
    fn a_request_names_the_model_and_the_temperature_unless_it_must_not() {
        let with = request(ReplyForm::Text, true);
        assert_eq!(with["model"], "m");
        assert_eq!(with["stream"], false);
        assert_eq!(with["temperature"], 0);
        assert_eq!(with["messages"][1], json!({ "role": "user", "content": "an answer" }));
        assert!(request(ReplyForm::Text, false).get("temperature").is_none());
    }

    #[test]
    fn without_a_system_role_the_instructions_come_before_the_users_text() {
        let request = put(Capabilities { system_role: false, ..Capabilities::ALL });
        let content = "Task: evaluation\nan answer";
        assert_eq!(request["messages"], json!([{ "role": "user", "content": content }]));
    }

    #[test]
    fn each_form_has_the_next_looser_one_below_it() {
        let mut form = ReplyForm::Schema;
        for next in &ReplyForm::ALL[1..] {
            form = form.below().unwrap();
            assert_eq!(form, *next);
        }
        assert_eq!(form.below(), None);
    }
}
