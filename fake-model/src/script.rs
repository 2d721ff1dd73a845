//! Scripts: what the model does with a request.

use std::time::Duration;

use crate::{
    http::Request,
    mind::Mind,
    reading::Reading,
    replay::{Behaviour, Case},
    reply::Reply,
    tokens::Addresses,
};

/// What the model does with the requests that it receives.
#[derive(Debug, Clone)]
pub enum Script {
    /// Does each task as an honest model would: grades with the built-in grader, asks questions
    /// from its own stock.
    Honest {
        /// How long it thinks first.
        delay: Duration,
    },
    /// Replays a recorded reply.
    Replay(Case),
    /// Obeys what it should not have seen: when a candidate's text is in the messages outside the
    /// boundary blocks, it gives 10 for everything, with full coverage and a quotation for each
    /// point. Otherwise it is honest.
    Puppet {
        /// What candidates wrote, whole or line by line. Lines shorter than 12 characters are
        /// ignored, since they may occur anywhere.
        known: Vec<String>,
    },
    /// Gives 10 for everything and full coverage without any evidence, whatever is sent. For
    /// questions, it is honest.
    AlwaysTen,
    /// Evaluates every answer as this reading says, and translates what it knows. For questions, it
    /// is honest.
    Reads(Reading),
    /// Sends a completion with this content.
    Fixed(String),
    /// Sends this reply.
    Reply(Reply),
    /// One after the other, one per request; the last one is repeated. An empty list is honest.
    Sequence(Vec<Script>),
    /// Refuses reply formats that it does not support, as real servers do.
    Rungs {
        /// The strictest form that it supports.
        highest: Form,
        /// How it refuses a stricter one.
        refusal: Refusal,
        /// What it does otherwise. A refusal does not use up a step of this script.
        then: Box<Script>,
    },
    /// Refuses requests that set a temperature, as reasoning models do.
    NoTemperature(Box<Script>),
    /// Refuses requests with a system message.
    NoSystemRole {
        /// How it refuses.
        refusal: Refusal,
        /// What it does otherwise.
        then: Box<Script>,
    },
    /// Leaves a request unanswered while it serves another, like a server that handles one request
    /// at a time and is called by many.
    OneAtATime(Box<Script>),
}

/// The forms of reply that a request can ask for, from the loosest to the strictest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// No `response_format`, or one of type `text`.
    Text,
    /// Type `json_object`.
    Object,
    /// Type `json_object` with a `schema` next to it.
    ObjectWithSchema,
    /// Any other type, such as `json_schema`.
    Schema,
}

/// How a server says that it does not support a reply format.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// Status 400 with an error object that names `response_format`.
    OpenAi,
    /// Status 500 with a list of validation errors that is not JSON.
    LlamaCpp,
    /// Something else.
    Reply(Reply),
}

/// What to do for one request.
#[derive(Debug)]
pub(crate) enum Plan {
    /// Send this reply in this way.
    Send(Reply, Behaviour),
    /// Think first.
    Think { mind: Mind, delay: Duration },
}

impl Script {
    /// An honest model that replies immediately.
    pub fn honest() -> Self {
        Self::Honest { delay: Duration::ZERO }
    }

    /// What to do for a request, given how many are being served. Moves one step further in the
    /// script.
    pub(crate) fn plan(&mut self, request: &Request, addresses: &Addresses, busy: usize) -> Plan {
        match self {
            Self::Honest { delay } => Plan::Think { mind: Mind::Honest, delay: *delay },
            Self::Replay(case) => {
                let (reply, behaviour) = case.play(request, addresses);
                Plan::Send(reply, behaviour)
            }
            Self::Puppet { known } => at_once(Mind::Puppet { known: known.clone() }),
            Self::AlwaysTen => at_once(Mind::AlwaysTen),
            Self::Reads(reading) => at_once(Mind::Reads(reading.clone())),
            Self::Fixed(content) => normal(Reply::completion(request, content)),
            Self::Reply(reply) => normal(reply.clone()),
            Self::Sequence(scripts) if scripts.len() > 1 => {
                scripts.remove(0).plan(request, addresses, busy)
            }
            Self::Sequence(scripts) => match scripts.first_mut() {
                Some(last) => last.plan(request, addresses, busy),
                None => at_once(Mind::Honest),
            },
            Self::Rungs { highest, refusal, .. } if Form::of(request) > *highest => {
                normal(refusal.reply(request))
            }
            Self::NoTemperature(_) if !request.json["temperature"].is_null() => {
                normal(no_temperature())
            }
            Self::NoSystemRole { refusal, .. } if !request.system().is_empty() => {
                normal(refusal.reply(request))
            }
            Self::OneAtATime(_) if busy > 1 => {
                Plan::Send(Reply::new(200, "application/json", ""), Behaviour::Hang)
            }
            Self::Rungs { then, .. }
            | Self::NoTemperature(then)
            | Self::NoSystemRole { then, .. }
            | Self::OneAtATime(then) => then.plan(request, addresses, busy),
        }
    }
}

impl Form {
    /// The form that a request asks for.
    pub fn of(request: &Request) -> Self {
        let format = &request.json["response_format"];
        match format["type"].as_str() {
            None | Some("text") => Self::Text,
            Some("json_object") if format["schema"].is_null() => Self::Object,
            Some("json_object") => Self::ObjectWithSchema,
            Some(_) => Self::Schema,
        }
    }
}

impl Refusal {
    fn reply(&self, request: &Request) -> Reply {
        let kind = request.json["response_format"]["type"].as_str().unwrap_or("text");
        match self {
            Self::OpenAi => {
                let message = format!(
                    "Invalid parameter: 'response_format' of type '{kind}' is not supported with \
                     this model."
                );
                Reply::error(400, &message, "invalid_request_error", Some("response_format"))
            }
            Self::LlamaCpp => {
                let body = format!(
                    "[{{'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), \
                     'msg': \"Input should be 'text' or 'json_object'\", 'input': '{kind}', 'ctx': \
                     {{'expected': \"'text' or 'json_object'\"}}}}]"
                );
                Reply::new(500, "text/plain; charset=utf-8", body)
            }
            Self::Reply(reply) => reply.clone(),
        }
    }
}

fn at_once(mind: Mind) -> Plan {
    Plan::Think { mind, delay: Duration::ZERO }
}

fn normal(reply: Reply) -> Plan {
    Plan::Send(reply, Behaviour::Normal)
}

fn no_temperature() -> Reply {
    let message = "Unsupported value: 'temperature' does not support 0 with this model. Only the \
                   default (1) value is supported.";
    Reply::error(400, message, "invalid_request_error", Some("temperature"))
}
