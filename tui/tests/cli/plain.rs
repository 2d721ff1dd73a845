//! `viva --plain`: an interview as a conversation, line by line.

use crate::support::{Ran, Viva};

fn talk(viva: &Viva, lines: &[&str]) -> Ran {
    let input = lines.join("\n") + "\n";
    let ran = viva.run_with(&["--plain"], &input);
    assert_eq!(ran.code, 0, "{ran:?}");
    // On a machine that is slow today it may say that it still waits, and nothing else.
    let is_waiting = |line: &str| line.contains("evaluated, ") || line.starts_with("Choosing ");
    assert!(ran.err.lines().all(is_waiting), "{ran:?}");
    ran
}

/// Everything up to the first question: a new interview, role, level and count.
const NEW: [&str; 4] = ["", "Rust engineer", "3", "1"];

#[test]
fn an_interview_is_held_line_by_line_and_ends_with_its_report() {
    let viva = Viva::new();
    let answer = ["First I would measure it.", "Then I would change one thing.", "."];
    let ran = talk(&viva, &[&NEW[..], &answer, &["1"]].concat());
    let interview = viva.json(&["interview", "show", "latest"])["interview"].clone();
    assert_eq!(interview["role"], "Rust engineer");
    assert_eq!(interview["level"], "LEVEL_SENIOR");
    let question = interview["questions"][0]["text"].as_str().unwrap();
    for part in [question, "Your answer has 11 words.", "This answer: ", "Report 1: "] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    assert!(!ran.out.contains(['\u{1b}', '\r', '█', '✓']), "{}", ran.out);
    let report = viva.json(&["report", "latest"]);
    assert_eq!(
        report["report"]["questions"][0]["answer"]["answer_text"],
        "First I would measure it.\nThen I would change one thing."
    );
}

#[test]
fn what_was_typed_when_the_input_ended_is_offered_again() {
    let viva = Viva::new();
    let input = [&NEW[..], &["Half an answer,"]].concat().join("\n");
    let ran = viva.run_with(&["--plain"], &input);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("The input ended before the interview did."), "{ran:?}");
    let ran = talk(&viva, &["", "2", "and the other half.", ".", "1"]);
    assert!(ran.out.contains("Go on with Rust engineer, senior, 0 of 1 answered"), "{ran:?}");
    assert!(ran.out.contains("There is a draft:\nHalf an answer,"), "{ran:?}");
    let report = viva.json(&["report", "latest"]);
    assert_eq!(
        report["report"]["questions"][0]["answer"]["answer_text"],
        "Half an answer,\nand the other half."
    );
    let drafts = std::fs::read_dir(viva.data().join("drafts/local")).unwrap();
    assert_eq!(drafts.count(), 0, "a stored answer has no draft");
}

#[test]
fn input_that_is_no_text_ends_the_interview_with_the_line_that_is_none() {
    let viva = Viva::new();
    let mut input = [&NEW[..], &["A good line,"]].concat().join("\n").into_bytes();
    input.extend_from_slice(b"\ncaf\xe9\n.\n1\n");
    let ran = viva.run_with(&["--plain"], &input);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("Line 6 is not UTF-8 text."), "{ran:?}");
    let ran = talk(&viva, &["", "2", "and the other half.", ".", "1"]);
    assert!(ran.out.contains("There is a draft:\nA good line,"), "{ran:?}");
}

#[test]
fn a_wrong_choice_and_a_short_answer_are_asked_for_again() {
    let viva = Viva::new();
    let wrong = ["9", "1", "0", "Rust engineer", "x", "", "11", "1"];
    let ran = talk(
        &viva,
        &[&wrong[..], &["short", ".", "1", "3"], &["long enough now", ".", "1"]].concat(),
    );
    for part in [
        "Please type a number from 1 to 2.",
        "Please type a number from 1 to 4.",
        "Please type a number from 1 to 10.",
        "Answer must be at least 10 characters.",
        "Stored. It is being evaluated.",
    ] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
}

#[test]
fn who_asks_for_accessible_programs_or_has_a_dumb_terminal_is_talked_to() {
    for (name, value) in [("ACCESSIBLE", "1"), ("TERM", "dumb")] {
        let viva = Viva::new();
        let output = viva.command(&[]).env(name, value).stdin(std::process::Stdio::null()).output();
        let ran: Ran = output.unwrap().into();
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.contains("1. Start a new interview"), "{ran:?}");
    }
}

#[test]
fn without_a_terminal_the_app_points_to_what_works_without_one() {
    let ran = Viva::new().run(&[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("viva --plain"), "{ran:?}");
}

#[test]
fn a_ready_made_interview_is_chosen_by_its_number() {
    let viva = Viva::new();
    let template = "[[template]]\nid = \"friday\"\ntitle = \"Friday practice\"\ndescription = \"Short.\"\n\
        role = \"Backend engineer\"\nlevel = \"mid\"\nminutes = 12\nparts = [{ topic = \"sql\", minutes = 9 }]\n";
    viva.file(".config/viva/templates/friday.toml", template);
    let ran = talk(&viva, &["", "t", "1", "An index makes reads faster.", ".", "1"]);
    for part in [
        "T lists ready-made interviews.",
        "Which ready-made interview?\n1. Friday practice. 1 question, 12 min: Short.\n2. ",
        "Report 1: ",
    ] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    let made = viva.json(&["interview", "show", "latest"]);
    assert_eq!(made["interview"]["questions"][0]["topic"], "sql");
}

#[test]
fn what_fits_is_said_once_before_the_first_question_and_the_role_gives_the_level() {
    let viva = Viva::new();
    let ran = talk(
        &viva,
        &["", "Senior Haskell developer", "", "1", "First I would measure it.", ".", "1"],
    );
    assert!(ran.out.contains(" questions fit: "), "{ran:?}");
    assert_eq!(ran.out.matches("nothing on Haskell").count(), 1, "{ran:?}");
    let interview = viva.json(&["interview", "show", "latest"])["interview"].clone();
    assert_eq!(interview["level"], "LEVEL_SENIOR");
}
