//! Recorded replies: the files of `server/tests/corpora/llm-responses`, whose README says what each
//! field means.

use std::{fs, io, path::Path, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use crate::{http::Request, reply::Reply, tokens::Addresses};

/// The file whose reply is served after a counted fault has been used up.
const HEALTHY: &str = include_str!("../../server/tests/corpora/llm-responses/01-ok-plain.json");

/// A recorded reply and what goes wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The case's name, for messages.
    pub name: String,
    /// The reply, tokens such as `@@SELF@@` not yet replaced.
    pub reply: Reply,
    /// How the reply is sent, or not.
    pub behaviour: Behaviour,
    /// How often the fault is served before a healthy reply; `None` means always.
    pub times: Option<u32>,
    /// The expected outcome: the file's `expect`, unchanged.
    pub expect: Value,
}

/// How a reply is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// As it should be. A redirect is a normal reply with a `location`.
    Normal,
    /// Late, or little by little.
    Slow {
        /// How long to wait before the first byte.
        first_byte_delay: Duration,
        /// How fast the body is sent; `None` means all at once. 0 counts as 1.
        bytes_per_second: Option<u64>,
    },
    /// Nothing is sent; the connection stays open.
    Hang,
    /// The connection is reset.
    Reset {
        /// How many bytes of the body are sent first; 0 means not even the status line.
        after_bytes: usize,
    },
    /// The body is sent and the connection closed, although a longer body was announced.
    Truncate {
        /// The announced length in bytes.
        declared_length: u64,
    },
    /// The body is sent, followed by something else forever.
    Endless {
        /// What is sent over and over. If empty, nothing follows and the connection stays open.
        repeat: Vec<u8>,
    },
}

impl Case {
    /// The reply of `01-ok-plain.json`, every time.
    pub fn healthy() -> Self {
        // The file is compiled in, and a test reads it. If it were broken, the resulting reply,
        // which every client refuses, would show it.
        let file = serde_json::from_str(HEALTHY).unwrap_or_default();
        Self::from_json(&file).unwrap_or_else(|fault| Self {
            name: "ok-plain".to_owned(),
            reply: Reply::new(500, "text/plain", fault),
            behaviour: Behaviour::Normal,
            times: None,
            expect: Value::Null,
        })
    }

    /// Loads the case in a file.
    pub fn load(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let broken = |fault: String| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{}: {fault}", path.display()))
        };
        let text = fs::read_to_string(path).map_err(|error| {
            io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        })?;
        let file = serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
        Self::from_json(&file).map_err(broken)
    }

    /// Loads the cases in a folder's `.json` files, ordered by file name.
    pub fn folder(path: impl AsRef<Path>) -> io::Result<Vec<Self>> {
        let mut files = fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<_>>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        files.sort();
        files.iter().map(Self::load).collect()
    }

    /// The case that a JSON object describes; the error names the field at fault.
    pub fn from_json(file: &Value) -> Result<Self, String> {
        let http = &file["http"];
        let mut headers = headers(&http["headers"])?;
        if let Some(location) = http["location"].as_str() {
            headers.push(("location".to_owned(), location.to_owned()));
        }
        Ok(Self {
            name: file["name"].as_str().ok_or("`name` is missing")?.to_owned(),
            reply: Reply { status: status(http)?, headers, body: body(http)? },
            behaviour: behaviour(http)?,
            times: times(http)?,
            expect: file["expect"].clone(),
        })
    }

    /// The same case with the key points of recorded evaluations numbered 1, 2, 3 where the files
    /// name them by text, since Viva asks for numbers. Compressed bodies stay as they are.
    #[must_use]
    pub fn numbered(mut self) -> Self {
        if let Ok(body) = std::str::from_utf8(&self.reply.body) {
            self.reply.body = numbered(body).into_bytes();
        }
        self
    }

    /// What to send for one more request; a counted fault then has one fewer time left.
    pub(crate) fn play(&mut self, request: &Request, addresses: &Addresses) -> (Reply, Behaviour) {
        if self.times == Some(0) {
            return (Self::healthy().reply, Behaviour::Normal);
        }
        self.times = self.times.map(|left| left - 1);
        (addresses.fill(&self.reply, request), self.behaviour.clone())
    }
}

fn status(http: &Value) -> Result<u16, String> {
    let status = http["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    status.filter(|status| (100..1000).contains(status)).ok_or_else(|| missing("status"))
}

fn headers(headers: &Value) -> Result<Vec<(String, String)>, String> {
    let Some(headers) = headers.as_object() else { return Ok(Vec::new()) };
    let header = |(name, value): (&String, &Value)| {
        let value = value.as_str().ok_or_else(|| missing(&format!("headers.{name}")))?;
        Ok((name.clone(), value.to_owned()))
    };
    headers.iter().map(header).collect()
}

/// The body; a reply without one, such as a redirect, may leave it out.
fn body(http: &Value) -> Result<Vec<u8>, String> {
    match (&http["body"], &http["body_base64"]) {
        (Value::String(body), Value::Null) => Ok(body.as_bytes().to_vec()),
        (Value::Null, Value::String(encoded)) => {
            BASE64_STANDARD.decode(encoded).map_err(|error| format!("`http.body_base64`: {error}"))
        }
        (Value::Null, Value::Null) => Ok(Vec::new()),
        _ => {
            Err("`http.body` or `http.body_base64` must be a string, and only one of them present"
                .to_owned())
        }
    }
}

fn behaviour(http: &Value) -> Result<Behaviour, String> {
    let number = |field: &str| http[field].as_u64();
    match http["behaviour"].as_str() {
        Some("normal") => Ok(Behaviour::Normal),
        Some("slow") => Ok(Behaviour::Slow {
            first_byte_delay: Duration::from_millis(number("first_byte_delay_ms").unwrap_or(0)),
            bytes_per_second: number("bytes_per_second"),
        }),
        Some("hang") => Ok(Behaviour::Hang),
        Some("reset") => {
            let after_bytes = number("after_bytes").and_then(|bytes| usize::try_from(bytes).ok());
            Ok(Behaviour::Reset { after_bytes: after_bytes.ok_or_else(|| missing("after_bytes"))? })
        }
        Some("truncate") => {
            let declared_length = number("declared_length");
            Ok(Behaviour::Truncate {
                declared_length: declared_length.ok_or_else(|| missing("declared_length"))?,
            })
        }
        Some("redirect") => {
            let in_headers = http["headers"].get("location").is_some();
            let has = in_headers || http["location"].is_string();
            has.then_some(Behaviour::Normal).ok_or_else(|| missing("location"))
        }
        Some("endless") => {
            let repeat = http["repeat"].as_str().ok_or_else(|| missing("repeat"))?;
            Ok(Behaviour::Endless { repeat: repeat.as_bytes().to_vec() })
        }
        other => Err(format!("`http.behaviour` is {other:?}, which is unknown")),
    }
}

fn times(http: &Value) -> Result<Option<u32>, String> {
    if http["times"].is_null() {
        return Ok(None);
    }
    let times = http["times"].as_u64().and_then(|times| u32::try_from(times).ok());
    times.map(Some).ok_or_else(|| missing("times"))
}

fn missing(field: &str) -> String {
    format!("`http.{field}` is missing or of the wrong kind")
}

/// Replaces each `\"point\": \"text\"` inside a JSON string with its number.
fn numbered(body: &str) -> String {
    const KEY: &str = r#"\"point\": "#;
    const QUOTE: &str = r#"\""#;
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    for number in 1.. {
        let Some(at) = rest.find(KEY) else { break };
        let (before, after) = rest.split_at(at + KEY.len());
        out.push_str(before);
        let text = after.strip_prefix(QUOTE).and_then(|text| text.split_once(QUOTE));
        rest = match text {
            Some((_, behind)) => {
                out.push_str(&number.to_string());
                behind
            }
            None => after,
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn case(http: &Value) -> Result<Case, String> {
        Case::from_json(&json!({"name": "mine", "http": http}))
    }

    fn with(fields: &Value) -> Value {
        let mut http = json!({"status": 200, "body": "x"});
        for (name, value) in fields.as_object().unwrap() {
            http[name] = value.clone();
        }
        http
    }

    #[test]
    fn every_behaviour_of_the_readme_is_known() {
        let known = [
            (json!({"behaviour": "normal"}), Behaviour::Normal),
            (
                json!({"behaviour": "slow", "first_byte_delay_ms": 20, "bytes_per_second": 5}),
                Behaviour::Slow {
                    first_byte_delay: Duration::from_millis(20),
                    bytes_per_second: Some(5),
                },
            ),
            (json!({"behaviour": "hang"}), Behaviour::Hang),
            (json!({"behaviour": "reset", "after_bytes": 3}), Behaviour::Reset { after_bytes: 3 }),
            (
                json!({"behaviour": "truncate", "declared_length": 9}),
                Behaviour::Truncate { declared_length: 9 },
            ),
            (
                json!({"behaviour": "endless", "repeat": " "}),
                Behaviour::Endless { repeat: b" ".to_vec() },
            ),
        ];
        for (fields, behaviour) in known {
            assert_eq!(case(&with(&fields)).unwrap().behaviour, behaviour, "{fields}");
        }
        let redirect = case(&with(&json!({"behaviour": "redirect", "location": "/x"}))).unwrap();
        assert_eq!(redirect.reply.headers, [("location".to_owned(), "/x".to_owned())]);
    }

    #[test]
    fn a_broken_case_says_which_field_is_at_fault() {
        for (fields, field) in [
            (json!({"behaviour": "explode"}), "behaviour"),
            (json!({"behaviour": "truncate"}), "declared_length"),
            (json!({"behaviour": "redirect"}), "location"),
            (json!({"behaviour": "normal", "times": -1}), "times"),
            (json!({"behaviour": "normal", "status": 99999}), "status"),
            (json!({"behaviour": "normal", "body": 7}), "body"),
            (json!({"behaviour": "normal", "body": null, "body_base64": "*"}), "body_base64"),
        ] {
            let fault = case(&with(&fields)).unwrap_err();
            assert!(fault.contains(field), "{fault}");
        }
        assert!(Case::from_json(&json!([])).is_err());
    }

    #[test]
    fn numbered_key_points_are_numbers_inside_the_content() {
        let healthy = Case::healthy().numbered();
        let body: Value = serde_json::from_slice(&healthy.reply.body).unwrap();
        let content = body["choices"][0]["message"]["content"].as_str().unwrap();
        let content: Value = serde_json::from_str(content).unwrap();
        for (at, point) in content["key_points"].as_array().unwrap().iter().enumerate() {
            assert_eq!(point["point"], at + 1);
        }
        assert_eq!(content["key_points"][2]["evidence"], "it takes disk space");
    }
}
