//! The report as JSON: one document, with `"version": 1` first. The report in it is the message of
//! the wire; only `grpc` knows its type, so it is passed in as something serialisable.

use serde::Serialize;

/// Changes when a key is removed or changes its meaning, not when one is added.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<T> {
    version: u32,
    #[serde(flatten)]
    content: T,
}

/// Makes a file of a reply to `GetReport`. Characters that could control a terminal are escaped, so
/// that decoding gives what was stored.
pub fn json(reply: &impl Serialize) -> Result<String, serde_json::Error> {
    let document = Document { version: VERSION, content: reply };
    let json = serde_json::to_string_pretty(&document)?;
    Ok(format!("{}\n", viva_text::escaped_json(&json)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn decoding_gives_what_was_stored_and_nothing_controls_a_terminal() {
        let stored = json!({ "report": { "role": "a\u{9b}2J \u{202e}b \u{e0041} \u{1b}[31m é" } });
        let file = super::json(&stored).unwrap();
        assert!(file.chars().all(viva_text::is_harmless), "{file}");
        let read: Value = serde_json::from_str(&file).unwrap();
        assert_eq!(read["report"], stored["report"]);
        assert_eq!(read["version"], 1);
    }
}
