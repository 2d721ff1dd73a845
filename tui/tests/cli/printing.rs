//! Output to a terminal or a pipe: styles, escapes, ASCII, closed pipes.

use crate::support::{ANSWER, Viva};

/// Text that controls a terminal, reverses the direction, and hides characters.
const HOSTILE: &str =
    "Lock.\u{1b}[2J\u{1b}]52;c;cm0=\u{7} \u{9b}31m \u{202e}gnorw\u{202c} \u{e0041}";

/// A home with an interview that has one evaluated answer.
fn answered(text: &str) -> Viva {
    let viva = Viva::new();
    let role = format!("Engineer {text}").replace(['\u{1b}', '\u{7}', '\u{9b}'], "");
    viva.json(&["interview", "new", "--role", &role, "--count", "1"]);
    let answer = ["interview", "answer", "latest", "--question", "1", "--wait"];
    viva.json(&[&answer[..], &["--text", text]].concat());
    viva
}

#[test]
fn no_escape_reaches_a_pipe_unless_requested() {
    let viva = answered(ANSWER);
    let commands = [
        &["report", "latest"][..],
        &["interview", "list"],
        &["interview", "show", "latest"],
        &["bank", "list"],
        &["bank", "show", "rust-send-sync"],
        &["doctor"],
        &["keys"],
        &["help", "interview", "answer"],
    ];
    for command in commands {
        for colour in [&[][..], &["--color", "never"], &["--color", "auto"]] {
            let ran = viva.run(&[colour, command].concat());
            assert_eq!(ran.code, 0, "{command:?}");
            assert!(!ran.out.contains('\u{1b}'), "{command:?} {colour:?}");
        }
    }
    let coloured = viva.run(&["report", "latest", "--color", "always"]).out;
    assert!(coloured.contains("\u{1b}[1m"), "{coloured}");
    let plain = viva.run(&["report", "latest", "--color", "always", "--plain"]).out;
    assert!(!plain.contains('\u{1b}'), "{plain}");
}

#[test]
fn text_from_people_controls_no_terminal() {
    let viva = answered(HOSTILE);
    let is_hostile = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{e0000}'..='\u{e007f}')
    };
    let commands = [
        &["report", "latest"][..],
        &["report", "latest", "--plain"],
        &["report", "latest", "--json"],
        &["interview", "list"],
        &["interview", "show", "latest"],
    ];
    for command in commands {
        let ran = viva.run(command);
        assert_eq!(ran.code, 0, "{command:?} {ran:?}");
        assert!(!ran.out.contains(is_hostile), "{command:?} {:?}", ran.out);
    }
    let report = viva.json(&["report", "latest"]);
    let kept = &report["report"]["questions"][0]["answer"]["answer_text"];
    assert_eq!(kept, HOSTILE, "JSON contains the stored text");
}

#[test]
fn with_ascii_the_output_is_only_ascii() {
    let viva = answered("Naïve locks — “taken” in one order — avoid deadlocks entirely.");
    for (command, part) in [
        (&["report", "latest"][..], "correctness     "),
        (&["interview", "list"], "Engineer Na"),
        (&["keys"], "Start a new interview"),
    ] {
        let ran = viva.run(&[command, &["--ascii"]].concat());
        assert!(ran.out.is_ascii() && ran.out.contains(part), "{command:?} {}", ran.out);
    }
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let viva = Viva::new();
    for command in [&["bank", "list"][..], &["keys"], &["completions", "bash"], &["man"]] {
        let mut child = viva.command(command).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{command:?}");
        assert!(output.stderr.is_empty(), "{command:?} {output:?}");
    }
    let row = "{\"question\":\"Why?\",\"reference\":\"So.\",\"answer\":\"So.\"}\n".repeat(20);
    let mut child = viva.command(&["grade"]).spawn().unwrap();
    drop(child.stdout.take());
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), row.as_bytes());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn plain_output_is_sentences_without_bars_or_marks() {
    let viva = answered(ANSWER);
    let report = viva.run(&["report", "latest", "--plain"]).out;
    assert!(report.contains(" of 10, "), "{report}");
    assert!(!report.contains(['━', '╍', '✓', '✗', '─', '•']), "{report}");
    let listed = viva.run(&["interview", "list", "--plain"]).out;
    assert!(listed.starts_with("1. Engineer "), "{listed}");
}
