//! A follow-up that quotes the words it is given and gives nothing away.

use serde_json::json;

use crate::message::Message;

/// The content of the reply. Each one is numbered, so that none repeats.
pub(crate) fn follow_up(message: &Message) -> String {
    let quote = message.text("words");
    let number = message.list("already_asked").len() + 1;
    let lead = if quote.is_empty() {
        "Let us stay with that for a moment.".to_owned()
    } else {
        format!("About \u{201c}{quote}\u{201d}:")
    };
    let label = message.label();
    let question =
        format!("{label}{lead} Which part of it would you put in another way, {number}?");
    json!({ "question": question, "quote": quote }).to_string()
}
