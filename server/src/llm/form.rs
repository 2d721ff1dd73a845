//! The forms in which a reply can be asked for, and the request that asks for it.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

use super::Ask;

/// In which form a reply is asked for, the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReplyForm {
    /// The endpoint holds the model to the schema.
    Schema,
    /// The endpoint is asked for JSON and handed the schema beside it.
    SchemaBeside,
    /// The endpoint is asked for JSON.
    Json,
    /// The endpoint is asked for nothing; the prompt alone asks for JSON.
    Text,
}

impl ReplyForm {
    const ALL: [Self; 4] = [Self::Schema, Self::SchemaBeside, Self::Json, Self::Text];

    /// Its place on the ladder, 0 for the strictest.
    pub(super) fn rung(self) -> u8 {
        self as u8
    }

    /// The form at a place; below the ladder's foot it is the last one.
    pub(super) fn at(rung: u8) -> Self {
        Self::ALL.get(usize::from(rung)).copied().unwrap_or(Self::Text)
    }

    /// The next one down, if there is one.
    pub(super) fn below(self) -> Option<Self> {
        Self::ALL.get(usize::from(self.rung()) + 1).copied()
    }

    fn response_format(self, ask: &Ask) -> Option<Value> {
        match self {
            Self::Schema => Some(json!({
                "type": "json_schema",
                "json_schema": { "name": ask.name, "strict": true, "schema": ask.schema },
            })),
            Self::SchemaBeside => Some(json!({ "type": "json_object", "schema": ask.schema })),
            Self::Json => Some(json!({ "type": "json_object" })),
            Self::Text => None,
        }
    }

    /// The system message. Where nothing holds the model to the schema, it is told the schema.
    fn system(self, ask: &Ask) -> String {
        match self {
            Self::Schema => ask.system.clone(),
            _ => format!(
                "{}\nReply with one JSON object of this JSON Schema and nothing else:\n{}",
                ask.system, ask.schema
            ),
        }
    }
}

impl fmt::Display for ReplyForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Schema => "JSON by schema",
            Self::SchemaBeside => "JSON with the schema beside it",
            Self::Json => "plain JSON",
            Self::Text => "text",
        })
    }
}

/// How a request is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    /// The form of reply that is asked for.
    pub(super) form: ReplyForm,
    /// Whether the temperature is named. Some models take none but their own.
    pub(super) temperature: bool,
}

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    messages: [Message<'a>; 2],
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
pub(super) fn request_body(model: &str, ask: &Ask, manner: Manner) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Request {
        model,
        messages: [
            Message { role: "system", content: &manner.form.system(ask) },
            Message { role: "user", content: &ask.user },
        ],
        stream: false,
        temperature: manner.temperature.then_some(0),
        response_format: manner.form.response_format(ask),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(form: ReplyForm, temperature: bool) -> Value {
        let ask = Ask {
            name: "evaluation",
            system: "Task: evaluation".to_owned(),
            user: "an answer".to_owned(),
            schema: json!({ "type": "object" }),
        };
        let body = request_body("m", &ask, Manner { form, temperature }).unwrap();
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
    fn the_schema_stands_in_the_prompt_where_the_endpoint_is_not_held_to_it() {
        let system = |form| request(form, true)["messages"][0]["content"].clone();
        assert_eq!(system(ReplyForm::Schema), "Task: evaluation");
        for form in [ReplyForm::SchemaBeside, ReplyForm::Json, ReplyForm::Text] {
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
    fn the_ladder_goes_down_one_rung_at_a_time_and_ends() {
        let mut form = ReplyForm::at(0);
        for next in &ReplyForm::ALL[1..] {
            form = form.below().unwrap();
            assert_eq!(form, *next);
            assert_eq!(ReplyForm::at(form.rung()), form);
        }
        assert_eq!(form.below(), None);
        assert_eq!(ReplyForm::at(200), ReplyForm::Text);
    }
}
