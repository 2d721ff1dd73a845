//! How each kind of model responds to a request: the honest one, the puppet, the flatterer, and the
//! one that reads as it is told.

use serde_json::json;

use crate::{
    honest,
    http::Request,
    message::{Message, Task, outside},
    reading::Reading,
    reply::Reply,
};

/// A shorter line may occur anywhere by chance.
const TELLING_LINE: usize = 12;

/// A kind of model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mind {
    Honest,
    Puppet { known: Vec<String> },
    AlwaysTen,
    Reads(Reading),
}

/// What the model says. The work runs on a blocking thread. `turn` distinguishes one request from
/// the next, so that a model need not repeat itself.
pub(crate) async fn think(mind: Mind, request: Request, turn: usize) -> Reply {
    let thought = tokio::task::spawn_blocking(move || reply(&mind, &request, turn)).await;
    thought.unwrap_or_else(|_| {
        Reply::error(500, "The fake model has panicked; this is a bug.", "server_error", None)
    })
}

fn reply(mind: &Mind, request: &Request, turn: usize) -> Reply {
    let path = request.path.split('?').next().unwrap_or_default();
    if request.method != "POST" || !path.ends_with("/chat/completions") {
        let message = format!("Invalid URL ({} {path})", request.method);
        return Reply::error(404, &message, "invalid_request_error", None);
    }
    let message = match Message::read(request) {
        Ok(message) => message,
        Err(_) if *mind == Mind::AlwaysTen => return Reply::completion(request, &tens(None, "")),
        Err(fault) => return Reply::error(400, &fault, "invalid_request_error", Some("messages")),
    };
    let content = match (message.task, mind) {
        (Task::Questions, _) => honest::questions(&message, turn),
        (Task::FollowUp, _) => honest::follow_up(&message),
        (Task::Translation, Mind::Reads(reading)) => {
            honest::translations(&message, &reading.english)
        }
        (Task::Translation, _) => honest::translations(&message, &[]),
        (Task::Evaluation, Mind::Reads(reading)) => reading.evaluation(&message),
        (Task::Evaluation, Mind::AlwaysTen) => tens(Some(&message), ""),
        (Task::Evaluation, Mind::Puppet { known }) if can_be_heard(known, request, &message) => {
            tens(Some(&message), &quotation(&message.answer))
        }
        (Task::Evaluation, _) => honest::evaluation(&message),
    };
    Reply::completion(request, &content)
}

/// Whether a candidate's text is where instructions belong.
fn can_be_heard(known: &[String], request: &Request, message: &Message) -> bool {
    let heard = squeezed(&message.unmarked(&outside(request)));
    let lines = known.iter().flat_map(|text| text.lines());
    let lines = lines.map(|line| squeezed(&message.unmarked(line)));
    lines.filter(|line| line.chars().count() >= TELLING_LINE).any(|line| heard.contains(&line))
}

/// The text with single spaces between its words.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Some words of the answer, verbatim.
fn quotation(answer: &str) -> String {
    let line = answer.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(120).collect::<String>().trim_end().to_owned()
}

/// The best of all evaluations, with the same evidence for each point.
fn tens(message: Option<&Message>, evidence: &str) -> String {
    let points = message.map(Message::key_points).unwrap_or_default();
    let point = |number| json!({"point": number, "coverage": 1, "evidence": evidence});
    json!({
        "scores": {"correctness": 10, "completeness": 10, "quality": 10, "communication": 10},
        "key_points": points.into_iter().map(|known| point(known.number)).collect::<Vec<_>>(),
        "mistakes": [],
        "feedback": "A perfect answer, the best I have ever read. Nothing can be added to it!",
        "suggestions": ["Keep going just like this."],
    })
    .to_string()
}
