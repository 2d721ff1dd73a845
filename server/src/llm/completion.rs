//! Reads a chat completion: its content, or why there is none.

use serde::Deserialize;
use serde_json::Value;

use super::error::LlmError;
use crate::domain::provenance::Tokens;

/// The reason given for anything that is not a chat completion.
pub(super) const NO_COMPLETION: &str = "LLM_API_URL answered with something that is not a chat \
                                        completion. It must be the whole address, such as \
                                        http://localhost:11434/v1/chat/completions.";

/// Every part that is used, of any type: a reply with an unexpected part must be distinguished from
/// one that is not a completion at all.
#[derive(Deserialize)]
struct Envelope {
    error: Option<Value>,
    choices: Option<Vec<Choice>>,
    usage: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    finish_reason: Option<Value>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<Value>,
    reasoning_content: Option<Value>,
    reasoning: Option<Value>,
    refusal: Option<Value>,
    tool_calls: Option<Value>,
}

/// The content of the first choice, and what it cost.
pub(super) fn read(text: &str) -> Result<(String, Option<Tokens>), LlmError> {
    let envelope: Envelope =
        serde_json::from_str(text).map_err(|_| LlmError::fail(NO_COMPLETION))?;
    if envelope.error.is_some() {
        return Err(LlmError::fail(
            "The language model returned an error instead of a reply; the server's log has it.",
        ));
    }
    let choices = envelope.choices.ok_or_else(|| LlmError::fail(NO_COMPLETION))?;
    let first = choices
        .into_iter()
        .next()
        .ok_or_else(|| LlmError::fail("The language model's reply is empty: it has no choices."))?;
    let content = first.content()?;
    Ok((content, envelope.usage.as_ref().and_then(tokens)))
}

impl Choice {
    /// Checks first why the model stopped: a text that was cut off or filtered can look complete.
    fn content(self) -> Result<String, LlmError> {
        if let Some(reason) = self.finish_reason.as_ref().and_then(Value::as_str)
            && let Some(reason) = unfinished(reason)
        {
            return Err(LlmError::fail(reason));
        }
        let message = self.message.ok_or_else(|| LlmError::fail(NO_COMPLETION))?;
        if is_there(message.refusal.as_ref()) {
            return Err(LlmError::fail("The language model refused to reply."));
        }
        if is_there(message.tool_calls.as_ref()) {
            return Err(LlmError::fail(CALLED_A_TOOL));
        }
        let has_thought =
            is_there(message.reasoning_content.as_ref()) || is_there(message.reasoning.as_ref());
        match message.content.map(text).filter(|content| !content.trim().is_empty()) {
            Some(content) => Ok(content),
            None if has_thought => Err(LlmError::fail(ONLY_THOUGHT)),
            None => {
                Err(LlmError::fail("The language model's reply is empty: it contains no text."))
            }
        }
    }
}

/// The text of a content: the content itself, or its text parts joined. Parts of another kind, such
/// as thinking, are ignored.
fn text(content: Value) -> String {
    match content {
        Value::String(text) => text,
        Value::Array(parts) => parts.into_iter().map(text).collect(),
        Value::Object(mut part) => {
            let kind = part.get("type").and_then(Value::as_str).unwrap_or("text");
            // `output_text` is one too.
            let is_text = kind == "text" || kind.ends_with("_text");
            match part.remove("text") {
                Some(Value::String(text)) if is_text => text,
                _ => String::new(),
            }
        }
        _ => String::new(),
    }
}

const CALLED_A_TOOL: &str =
    "The language model called a tool instead of replying; set LLM_MODEL to a model that replies.";

const ONLY_THOUGHT: &str = "The language model's reply is empty: everything that it wrote came as thinking. Turn \
                            its thinking off, allow longer replies, or set LLM_MODEL to another model.";

fn unfinished(finish_reason: &str) -> Option<&'static str> {
    match finish_reason.to_lowercase().as_str() {
        "length" | "max_tokens" | "model_length" => Some(
            "The language model's reply was cut off at its maximum length; allow longer replies, \
             or set LLM_MODEL to a model that allows them.",
        ),
        "content_filter" | "content-filter" | "safety" => {
            Some("The language model's content filter blocked its reply.")
        }
        "tool_calls" | "function_call" => Some(CALLED_A_TOOL),
        "error" => Some("The language model stopped with an error of its own."),
        _ => None,
    }
}

/// Whether a part says anything. Many endpoints send an empty one instead of none.
fn is_there(part: Option<&Value>) -> bool {
    match part {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    }
}

fn tokens(usage: &Value) -> Option<Tokens> {
    let count = |name| u32::try_from(usage.get(name)?.as_u64()?).ok();
    Some(Tokens { prompt: count("prompt_tokens")?, completion: count("completion_tokens")? })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reason(body: &str) -> String {
        match read(body).unwrap_err() {
            LlmError::Fail { reason } | LlmError::Spent { reason, .. } => reason,
            LlmError::Retry { reason, .. } => panic!("{body} would be tried again: {reason}"),
        }
    }

    fn of_choice(choice: &Value) -> String {
        json!({ "choices": [choice] }).to_string()
    }

    #[test]
    fn content_and_cost_are_read() {
        let body = json!({
            "choices": [{ "finish_reason": "stop",
                "message": { "content": "hello", "refusal": "", "tool_calls": [] } }],
            "usage": { "prompt_tokens": 3, "completion_tokens": 4 }, "error": null,
        });
        let (content, tokens) = read(&body.to_string()).unwrap();
        assert_eq!(content, "hello");
        assert_eq!(tokens, Some(Tokens { prompt: 3, completion: 4 }));
    }

    #[test]
    fn content_in_parts_is_the_text_of_its_parts() {
        for content in [
            json!([{ "type": "text", "text": "{\"a\":" }, { "type": "text", "text": "1}" }]),
            json!([{ "text": "{\"a\":1}" }]),
            json!(["{\"a\":1}"]),
            json!({ "type": "output_text", "text": "{\"a\":1}" }),
            json!([
                { "type": "thinking", "thinking": [{ "type": "text", "text": "{" }] },
                { "type": "text", "text": "{\"a\":1}", "annotations": [] },
            ]),
        ] {
            let body = of_choice(&json!({ "message": { "content": content } }));
            assert_eq!(read(&body).unwrap().0, "{\"a\":1}", "{content}");
        }
    }

    #[test]
    fn a_cost_that_is_not_a_number_is_ignored() {
        for usage in [
            json!(null),
            json!({}),
            json!({ "prompt_tokens": -1, "completion_tokens": 4 }),
            json!({ "prompt_tokens": 1.5, "completion_tokens": 4 }),
            json!({ "prompt_tokens": 1e300, "completion_tokens": 4 }),
            json!({ "prompt_tokens": "3", "completion_tokens": 4 }),
            json!({ "prompt_tokens": 3 }),
            json!({ "prompt_tokens": 4_294_967_296_u64, "completion_tokens": 4 }),
        ] {
            let body = json!({ "choices": [{ "message": { "content": "x" } }], "usage": usage });
            assert_eq!(read(&body.to_string()).unwrap().1, None, "{usage}");
        }
    }

    #[test]
    fn what_is_not_a_chat_completion_names_the_address() {
        let deep = format!("{{\"error\":{}", "[".repeat(200_000));
        let deep_choice =
            format!("{{\"choices\":[{{\"message\":{}", "{\"content\":".repeat(200_000));
        for body in [
            "",
            "<!doctype html><title>Sign in</title>",
            "data: {\"choices\":[]}\n\ndata: [DONE]\n",
            "{\"choices\":",
            "[]",
            "null",
            "{}",
            "{\"choices\":{}}",
            "{\"choices\":[1]}",
            "{\"choices\":[{}]}",
            "{\"choices\":[{\"message\":\"hello\"}]}",
            "{\"choices\":[],\"choices\":[]}",
            deep.as_str(),
            deep_choice.as_str(),
        ] {
            assert!(reason(body).contains("LLM_API_URL"), "{body:.60}");
        }
    }

    #[test]
    fn an_error_in_a_success_is_an_error() {
        for error in [json!({ "message": "x", "code": 429 }), json!("model is loading")] {
            let body = json!({ "error": error, "choices": [{ "message": { "content": "x" } }] });
            assert!(reason(&body.to_string()).contains("returned an error"));
        }
    }

    #[test]
    fn why_the_model_stopped_counts_before_what_it_said() {
        for (finish, word) in [
            ("length", "length"),
            ("max_tokens", "length"),
            ("content_filter", "filter"),
            ("tool_calls", "tool"),
            ("function_call", "tool"),
        ] {
            let body =
                of_choice(&json!({ "finish_reason": finish, "message": { "content": "{}" } }));
            assert!(reason(&body).contains(word), "{finish}");
            let without = of_choice(&json!({ "finish_reason": finish }));
            assert!(reason(&without).contains(word), "{finish} without a message");
        }
    }

    #[test]
    fn a_reply_without_text_is_an_error() {
        let empty = "reply is empty";
        for (message, word) in [
            (json!({ "content": null, "refusal": "I'm sorry" }), "refused"),
            (json!({ "content": "{}", "refusal": "I'm sorry" }), "refused"),
            (json!({ "content": "{}", "tool_calls": [{ "id": "1" }] }), "tool"),
            (json!({ "content": null }), empty),
            (json!({}), empty),
            (json!({ "content": " \n" }), empty),
            (json!({ "content": [] }), empty),
            (json!({ "content": [{ "type": "image_url", "image_url": { "url": "{}" } }] }), empty),
            (json!({ "content": [{ "type": "thinking", "thinking": "{}", "text": "{}" }] }), empty),
            (json!({ "content": 7 }), empty),
            (json!({ "content": null, "reasoning_content": "Well, " }), "came as thinking"),
            (json!({ "content": "", "reasoning": "Well, " }), "came as thinking"),
            (json!({ "content": "", "reasoning": "" }), empty),
        ] {
            let body = of_choice(&json!({ "finish_reason": "stop", "message": message }));
            assert!(reason(&body).contains(word), "{message}");
        }
        assert!(reason(r#"{"choices":[]}"#).contains("no choices"));
    }
}
