//! Answers and feedback that would control the terminal, deceive the reader or hide something:
//! stored as sent, and harmless wherever they are shown.

use std::{path::Path, process::Command};

use tokio::runtime::Runtime;
use viva_fake_model::{FakeModel, Script};

use crate::support::{Terminal, key};

/// What would control the terminal: a cleared screen, a title, the clipboard, a link, a device
/// query, 8-bit forms, a string that never ends, and backspaces.
const STEERING: [&str; 9] = [
    "\u{1b}[2J\u{1b}[31;1mHIRED",
    "\u{1b}]0;pwned\u{7}",
    "\u{1b}]52;c;cm0gLXJmIH4=\u{7}",
    "\u{1b}]8;;http://evil.example\u{1b}\\",
    "\u{1b}[>c",
    "\u{9b}31mred",
    "\u{9d}0;pwned\u{9c}",
    "\u{1b}P+q544e",
    "\u{8}\u{8}\u{8}10/10",
];

/// What would deceive or hide: reversed text, zero-width characters, tags.
const HIDING: [char; 7] =
    ['\u{202e}', '\u{2066}', '\u{2069}', '\u{200b}', '\u{2060}', '\u{feff}', '\u{e0041}'];

/// `between` separates the sequences: feedback that repeats much of the answer would be replaced.
fn hostile(words: &str, between: &str) -> String {
    format!("{words} {} {}", STEERING.join(between), String::from_iter(HIDING))
}

/// Checks that the program never sent the terminal any of the bytes that would do harm.
fn assert_harmless(sent: &[u8], where_: &str) {
    let sent = String::from_utf8_lossy(sent);
    for text in STEERING {
        assert!(!sent.contains(text), "{where_}: {text:?}");
    }
    let bytes = sent.chars().find(|c| HIDING.contains(c) || ('\u{80}'..='\u{9f}').contains(c));
    assert_eq!(bytes, None, "{where_}");
    // The program itself sends only SGR, cursor moves, modes and queries, and none of these.
    for start in ["\u{1b}]0;", "\u{1b}]8;", "\u{1b}]52;", "\u{1b}P"] {
        assert!(!sent.contains(start), "{where_}: {start:?}");
    }
}

fn run(home: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_viva"));
    command.args(arguments).env_clear().env("HOME", home).envs(settings.iter().copied());
    let done = command.output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// The first key point of the bank's question with this text.
fn first_point(home: &Path, text: &str) -> String {
    let read = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&run(home, arguments, &[])).unwrap()
    };
    let listed = read(&["bank", "list", "--json"]);
    let asked = listed["questions"].as_array().unwrap().iter().find(|q| q["question"] == text);
    let shown = read(&["bank", "show", asked.unwrap()["id"].as_str().unwrap(), "--json"]);
    shown["question"]["key_points"][0]["point"].as_str().unwrap().to_owned()
}

#[test]
fn hostile_text_of_a_candidate_and_a_model_is_stored_as_sent_and_shown_harmless() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let new = ["interview", "new", "--role", "Backend engineer", "--count", "1", "--json"];
    let made: serde_json::Value = serde_json::from_str(&run(home, &new, &[])).unwrap();
    // The words of a point in the question's rubric, so that the quotation counts.
    let quoted = first_point(home, made["interview"]["questions"][0]["text"].as_str().unwrap());
    let answer = hostile(&format!("Candidate answer. {quoted} I would measure it first."), " x ");
    let reply = serde_json::json!({
        "scores": {"correctness": 4, "completeness": 4, "quality": 4, "communication": 4},
        "key_points": [{"point": 1, "coverage": 1, "evidence": quoted}], "mistakes": [],
        "feedback": hostile("Model feedback", " so well said "),
        "suggestions": [hostile("Model suggestion", " so well done ")],
    });
    let runtime = Runtime::new().unwrap();
    let model = runtime.block_on(FakeModel::start(Script::Fixed(reply.to_string()))).unwrap();
    let url = model.url();
    let settings = [("LLM_API_URL", url.as_str()), ("LLM_MODEL", "hostile-1")];
    let submit = ["interview", "answer", "latest", "--question", "1", "--wait", "--text", &answer];
    run(home, &submit, &settings);

    let report: serde_json::Value =
        serde_json::from_str(&run(home, &["report", "latest", "--json"], &settings)).unwrap();
    let kept = &report["report"]["questions"][0]["answer"];
    assert_eq!(kept["answer_text"], answer, "the answer is stored as sent");
    let feedback = kept["evaluation"]["feedback"].as_str().unwrap();
    assert!(feedback.contains("Model feedback"), "{feedback}");

    for (command, last) in [
        (&["report", "latest"][..], "Evaluated by hostile-1"),
        (&["report", "latest", "--plain"], "Evaluated by hostile-1"),
        (&["interview", "show", "latest"], "Interview 1"),
    ] {
        let terminal = Terminal::start_with(home, command, &settings);
        terminal.see(&[last]);
        assert_harmless(&terminal.sent(), &command.join(" "));
    }

    let mut terminal = Terminal::start_with(home, &[], &settings);
    terminal.see(&["Backend engineer"]);
    terminal.send("r");
    terminal.see(&["What went well"]);
    terminal.send(key::RIGHT);
    terminal.see(&["this answer"]);
    // High enough to show all of it.
    terminal.resize(80, 100);
    terminal.see(&["Model feedback", "Model suggestion", "^[[2J"]);
    terminal.send(key::TAB);
    terminal.see(&["Candidate answer", "^[[2J"]);
    assert_harmless(&terminal.sent(), "the app");
}
