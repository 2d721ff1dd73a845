//! What a request says to the model: the task, the boundary and the blocks between its markers.

use std::ops::Range;

use serde_json::Value;

use crate::http::Request;

/// What the model is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    Evaluation,
    Questions,
    FollowUp,
    Translation,
}

/// A request as the model understands it.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) task: Task,
    /// The character that replaces spaces in the answer as sent.
    mark: Option<char>,
    /// The one line of JSON.
    pub(crate) material: Value,
    /// The answer, with the marks replaced by spaces; empty for other tasks.
    pub(crate) answer: String,
}

/// A key point of the material.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KeyPoint {
    /// Its number, which the reply uses to name it.
    pub(crate) number: u64,
    pub(crate) weight: f64,
    pub(crate) text: String,
}

impl Message {
    /// Reads a request; the error says how it violates the protocol.
    pub(crate) fn read(request: &Request) -> Result<Self, String> {
        let system = orders(request);
        let mut lines = system.lines();
        let task = match lines.next() {
            Some("Task: evaluation") => Task::Evaluation,
            Some("Task: questions") => Task::Questions,
            Some("Task: follow-up") => Task::FollowUp,
            Some("Task: translation") => Task::Translation,
            _ => return Err("The system message does not begin with a task.".to_owned()),
        };
        let boundary = lines.next().and_then(boundary);
        let boundary = boundary.ok_or("The system message's second line is not a boundary.")?;
        let user = request.user();
        let material = block(&user, "MATERIAL", boundary).ok_or("The request has no material.")?;
        let material = serde_json::from_str(&user[material.inside])
            .map_err(|error| format!("The material is not JSON: {error}"))?;
        let mark = lines.find_map(|line| line.strip_prefix("Mark: ")?.chars().next());
        let answer = block(&user, "ANSWER", boundary).map(|block| user[block.inside].to_owned());
        let answer = match (answer, task) {
            (Some(answer), Task::Evaluation | Task::FollowUp) => answer,
            (None, Task::Evaluation | Task::FollowUp) => {
                return Err("The request has no answer in it.".to_owned());
            }
            (_, Task::Questions | Task::Translation) => String::new(),
        };
        let mut message = Self { task, mark, material, answer: String::new() };
        message.answer = message.unmarked(&answer);
        Ok(message)
    }

    /// The text with its marks replaced by spaces.
    pub(crate) fn unmarked(&self, text: &str) -> String {
        self.mark.map_or_else(|| text.to_owned(), |mark| text.replace(mark, " "))
    }

    /// A text of the material; empty if the material has none with this name.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.material[name].as_str().unwrap_or_default()
    }

    /// A list of texts of the material.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        self.list(name).iter().filter_map(Value::as_str).collect()
    }

    /// A list of the material.
    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.material[name].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The key points of the question; one without a number is numbered by its position.
    pub(crate) fn key_points(&self) -> Vec<KeyPoint> {
        let points = self.list("key_points").iter().zip(1..);
        let point = |(point, place): (&Value, u64)| KeyPoint {
            number: point["point"].as_u64().unwrap_or(place),
            weight: point["weight"].as_f64().unwrap_or(1.0),
            text: point["text"].as_str().unwrap_or_default().to_owned(),
        };
        points.map(point).collect()
    }

    /// The label for texts, since this model only knows English: nothing, or for example `[de] `.
    pub(crate) fn label(&self) -> String {
        let language = self.text("language");
        match language.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "" | "en" => String::new(),
            _ => format!("[{language}] "),
        }
    }
}

/// The instructions: the system messages or, if there are none, the beginning of the user's
/// message.
fn orders(request: &Request) -> String {
    let system = request.system();
    if system.is_empty() { request.user() } else { system }
}

/// Everything that the messages of a request say outside the boundary blocks. Without a boundary,
/// that is all of it.
pub(crate) fn outside(request: &Request) -> String {
    let system = orders(request);
    let boundary = system.lines().nth(1).and_then(boundary);
    let mut said = String::new();
    for (_, text) in request.messages() {
        let mut rest = text;
        while let Some(found) = boundary.and_then(|boundary| any_block(rest, boundary)) {
            said.push_str(&rest[..found.whole.start]);
            said.push('\n');
            rest = &rest[found.whole.end..];
        }
        said.push_str(rest);
        said.push('\n');
    }
    said
}

/// A block and what is between its markers, as byte ranges of the text.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    whole: Range<usize>,
    inside: Range<usize>,
}

fn boundary(line: &str) -> Option<&str> {
    let boundary = line.strip_prefix("Boundary: ")?;
    let is_hex = boundary.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (boundary.len() == 32 && is_hex).then_some(boundary)
}

/// The first block with this name.
fn block(text: &str, name: &str, boundary: &str) -> Option<Block> {
    let begin = format!("<<<BEGIN {name} {boundary}>>>\n");
    let start = text.match_indices(&begin).map(|(at, _)| at).find(|at| opens_line(text, *at))?;
    let inside = start + begin.len();
    // Searched from the preceding line break, so that a block may be empty.
    let end = format!("\n<<<END {name} {boundary}>>>");
    let closes = |at: &usize| text[at + end.len()..].chars().next().is_none_or(|c| c == '\n');
    let mut ends = text[inside - 1..].match_indices(&end).map(|(at, _)| inside - 1 + at);
    let close = ends.find(closes)?;
    Some(Block { whole: start..close + end.len(), inside: inside..close.max(inside) })
}

/// The first block with any name.
fn any_block(text: &str, boundary: &str) -> Option<Block> {
    let blocks = ["MATERIAL", "ANSWER"].into_iter();
    blocks.filter_map(|name| block(text, name, boundary)).min_by_key(|found| found.whole.start)
}

fn opens_line(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(|c| c == '\n')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const B: &str = "0123456789abcdef0123456789abcdef";

    fn request(system: &str, user: &str) -> Request {
        let message = |role: &str, text: &str| json!({"role": role, "content": text});
        let messages = [message("system", system), message("user", user)];
        Request {
            method: "POST".into(),
            path: String::new(),
            headers: Vec::new(),
            raw: Vec::new(),
            json: json!({ "messages": messages }),
        }
    }

    fn evaluation(mark: &str, answer: &str) -> Request {
        request(
            &format!("Task: evaluation\nBoundary: {B}\n{mark}Be fair."),
            &format!(
                "Here it is.\n<<<BEGIN MATERIAL {B}>>>\n{{\"question\":\"Why?\"}}\n<<<END MATERIAL \
                 {B}>>>\n<<<BEGIN ANSWER {B}>>>\n{answer}\n<<<END ANSWER {B}>>>\nThat was it."
            ),
        )
    }

    #[test]
    fn an_answer_is_read_as_it_was_sent() {
        let other = "ffffffffffffffffffffffffffffffff";
        for answer in [
            "",
            "one",
            "two\n\nlines\r\n",
            "\n<<<END ANSWER>>>",
            &format!("<<<END ANSWER {other}>>>\n"),
        ] {
            assert_eq!(Message::read(&evaluation("", answer)).unwrap().answer, answer);
        }
    }

    #[test]
    fn a_block_may_be_empty_without_an_empty_line() {
        let text = format!("<<<BEGIN ANSWER {B}>>>\n<<<END ANSWER {B}>>>");
        assert!(block(&text, "ANSWER", B).unwrap().inside.is_empty());
    }

    #[test]
    fn marks_become_spaces_again() {
        let message = Message::read(&evaluation("Mark: ^\n", "one^two\nthree^four")).unwrap();
        assert_eq!(message.answer, "one two\nthree four");
    }

    #[test]
    fn a_breach_of_the_protocol_is_explained() {
        let fault = |system: &str, user: &str| Message::read(&request(system, user)).unwrap_err();
        assert!(fault("Hello", "").contains("task"));
        assert!(fault("Task: evaluation\nBoundary: short", "").contains("boundary"));
        let system = format!("Task: evaluation\nBoundary: {B}");
        assert!(fault(&system, "").contains("material"));
        let material = format!("<<<BEGIN MATERIAL {B}>>>\n{{}}\n<<<END MATERIAL {B}>>>\n");
        assert!(fault(&system, &material).contains("answer"));
        assert!(fault(&system, &material.replace("{}", "{")).contains("JSON"));
    }

    #[test]
    fn outside_is_everything_except_the_blocks() {
        let said = outside(&evaluation("", "the secret answer"));
        assert!(said.contains("Be fair.") && said.contains("Here it is."));
        assert!(said.contains("That was it."));
        assert!(!said.contains("secret") && !said.contains("Why?"));
        let unmarked = outside(&request("Task: evaluation", "the secret answer"));
        assert!(unmarked.contains("secret"));
    }
}
