//! `viva --plain`: an interview as a conversation, line by line.

use crate::support::{Ran, Viva};

fn talk(viva: &Viva, lines: &[&str]) -> Ran {
    let input = lines.join("\n") + "\n";
    let ran = viva.run_with(&["--plain"], &input);
    assert_eq!(ran.code, 0, "{ran:?}");
    // On a slow machine it may say that it is still waiting, and nothing else.
    let is_waiting = |line: &str| line.contains("evaluated, ") || line.starts_with("Choosing ");
    assert!(ran.err.lines().all(is_waiting), "{ran:?}");
    ran
}

/// Everything up to the first question: a new interview, role, level and count.
const NEW: [&str; 5] = ["", "Rust engineer", "3", "1", ""];

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
    assert!(!ran.out.contains(['\u{1b}', '\r', '━', '✓']), "{}", ran.out);
    let report = viva.json(&["report", "latest"]);
    assert_eq!(
        report["report"]["questions"][0]["answer"]["answer_text"],
        "First I would measure it.\nThen I would change one thing."
    );
}

#[test]
fn text_typed_before_the_input_ended_is_offered_again() {
    let viva = Viva::new();
    let input = [&NEW[..], &["Half an answer,"]].concat().join("\n");
    let ran = viva.run_with(&["--plain"], &input);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("The input ended before the interview did."), "{ran:?}");
    let ran = talk(&viva, &["", "2", "and the other half.", ".", "1"]);
    assert!(ran.out.contains("Continue Rust engineer, senior, 0 of 1 answered"), "{ran:?}");
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
fn starting_over_saves_the_old_text_in_a_file() {
    let viva = Viva::new();
    let written = ["A first answer.", ".", "3", "A second answer.", ".", "1"];
    let ran = talk(&viva, &[&NEW[..], &written].concat());
    let file = viva.data().join("viva-answer-1-1.md");
    assert!(
        ran.out.contains(&format!("What you wrote so far is in {}.", file.display())),
        "{ran:?}"
    );
    assert_eq!(std::fs::read_to_string(file).unwrap(), "A first answer.");
    let report = viva.json(&["report", "latest"]);
    assert_eq!(report["report"]["questions"][0]["answer"]["answer_text"], "A second answer.");
}

#[test]
fn input_that_is_not_text_ends_the_interview_and_its_line_is_named() {
    let viva = Viva::new();
    let mut input = [&NEW[..], &["A good line,"]].concat().join("\n").into_bytes();
    input.extend_from_slice(b"\ncaf\xe9\n.\n1\n");
    let ran = viva.run_with(&["--plain"], &input);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("Line 7 is not UTF-8 text."), "{ran:?}");
    let ran = talk(&viva, &["", "2", "and the other half.", ".", "1"]);
    assert!(ran.out.contains("There is a draft:\nA good line,"), "{ran:?}");
}

#[test]
fn a_wrong_choice_and_a_short_answer_are_asked_for_again() {
    let viva = Viva::new();
    let wrong = ["9", "1", "0", "Rust engineer", "x", "", "11", "1", "9", "1"];
    let ran = talk(
        &viva,
        &[&wrong[..], &["short", ".", "7", "1", "3"], &["long enough now", ".", "1"]].concat(),
    );
    for part in [
        "Please type a number from 1 to 2.",
        "Please type a number from 1 to 4.",
        "Please type a number from 1 to 6.",
        "Please type a number from 1 to 10.",
        "Answer must be at least 10 characters.",
        "Stored. It is being evaluated.",
    ] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
}

#[test]
fn the_plain_interview_starts_if_accessible_is_set_or_the_terminal_is_dumb() {
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
    let ran = talk(&viva, &["", "t", "1", "", "An index makes reads faster.", ".", "1"]);
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
fn the_fitting_questions_are_counted_once_first_and_the_role_sets_the_level() {
    let viva = Viva::new();
    let ran = talk(
        &viva,
        &["", "Senior Haskell developer", "", "1", "", "First I would measure it.", ".", "1"],
    );
    assert!(ran.out.contains(" questions fit: "), "{ran:?}");
    assert_eq!(ran.out.matches("nothing on Haskell").count(), 1, "{ran:?}");
    let interview = viva.json(&["interview", "show", "latest"])["interview"].clone();
    assert_eq!(interview["level"], "LEVEL_SENIOR");
}

#[test]
fn a_hint_and_the_answer_come_while_you_type_and_your_text_is_kept() {
    let viva = Viva::new();
    let lines = ["/help", "/hint", "Half an idea,", "/show", "1", "6", "2", "6"];
    let ran = talk(&viva, &[&NEW[..], &lines].concat());
    for part in [
        "/show   I don't know: shows a good answer",
        "Hint 1 of ",
        "1. Keep writing\n2. Show me a good answer",
        "Your answer has 3 words.",
        "A good answer says:",
        "What you typed is kept as a draft.",
        "No score: the answer was shown.",
    ] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    let question = viva.json(&["interview", "show", "latest"])["interview"]["questions"][0].clone();
    assert_eq!(question["hints_given"], 1);
    let draft = std::fs::read_dir(viva.data().join("drafts/local")).unwrap().count();
    assert_eq!(draft, 1);
}

#[test]
fn an_answer_is_followed_up_answered_again_and_compared() {
    let viva = Viva::new();
    let first = ["First I would measure it.", ".", "1"];
    // The practice of question 1: a follow-up and its answer, another attempt, and the comparison.
    let practice = ["3", "1", "2", "Then I would change one thing.", ".", "1"];
    let again = ["1", "1", "2", "2", "and then measure again.", ".", "1", "1", "3", "1", "4", "3"];
    let ran = talk(&viva, &[&NEW[..], &first, &practice, &again].concat());
    for part in [
        "Practise the answers of Rust engineer, senior, 1 of 1 answered",
        "2. Be asked a follow-up about your answer",
        "Question 2 of 2, ",
        "2. Your last answer",
        "Attempt 1: ",
        "Attempt 2: ",
    ] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    let report = viva.json(&["report", "latest"])["report"]["questions"].clone();
    assert_eq!(report.as_array().unwrap().len(), 2);
    assert_eq!(
        report[0]["answer"]["answer_text"],
        "First I would measure it.\nand then measure again."
    );
}

#[test]
fn topics_and_a_job_advert_are_added_before_an_interview_is_started() {
    let viva = Viva::new();
    let file = viva.file("advert.txt", "We look for somebody who knows Kafka and PostgreSQL.\n");
    let start = &NEW[..4];
    let advert = ["3", "We use Kafka.", "And SQL.", ".", "4", "nowhere.txt", "4"];
    let more = ["2", "x", "1 2", file.to_str().unwrap(), "1", "My whole answer.", ".", "1"];
    let lines = [start, &more[..3], &advert, &more[3..]].concat();
    let ran = talk(&viva, &lines);
    for part in [
        "Which topics?\n1. ",
        "Please type numbers from 1 to ",
        "Type or paste a job advert (5 words)",
        "nowhere.txt",
    ] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    assert!(ran.out.contains("Report 1: "), "{}", ran.out);
}

#[test]
fn a_job_advert_that_was_typed_when_the_input_ended_is_used_for_the_next_interview() {
    let viva = Viva::new();
    let input = [&NEW[..4], &["3", "We use Kafka.", "And SQL"]].concat().join("\n");
    let ran = viva.run_with(&["--plain"], &input);
    assert!(ran.code == 1 && ran.err.contains("What you typed is kept as a draft."), "{ran:?}");
    let ran = talk(&viva, &[&NEW[..], &["My whole answer.", ".", "1"]].concat());
    for part in ["There is a job advert from before:\nWe use Kafka.\nAnd SQL\n", "advert (5 words)"]
    {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    let ran = talk(&viva, &[&NEW[..], &["Another whole answer.", ".", "1"]].concat());
    assert!(!ran.out.contains("job advert from before"), "{}", ran.out);
}

#[test]
fn an_interview_is_deleted_only_when_chosen_twice() {
    let viva = Viva::new();
    viva.interview(1);
    let ran = talk(&viva, &["3", "", "3", "2", "", "3", "2", "2"]);
    assert!(ran.out.contains("Nothing was deleted."), "{}", ran.out);
    assert!(ran.out.contains("The interview is deleted."), "{}", ran.out);
    assert_eq!(viva.json(&["interview", "list"])["interviews"], serde_json::json!([]));
}

#[test]
fn a_real_interview_says_how_much_time_is_left_and_gives_feedback_at_the_end() {
    let viva = Viva::new();
    let new = ["", "Rust engineer", "3", "2", "5", "2", "x", "30", ""];
    let answers = ["First I would measure it.", ".", "1", ".", "2", "1"];
    let ran = talk(&viva, &[&new[..], &answers].concat());
    for part in [
        "Please type a number from 1 to 480.",
        "Stored.\n",
        "Questions are left. What next?",
        "Report 1: Rust engineer, senior, real mode, ended.",
        "This answer: ",
        "Time taken: ",
    ] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    let left = ["Time left: 30 min 0 s.", "Time left: 29 min 5"];
    assert!(left.iter().any(|left| ran.out.contains(left)), "{}", ran.out);
    let stored = ran.out.find("Stored.").unwrap();
    let end = ran.out.find("Report 1: ").unwrap();
    assert!(!ran.out[stored..end].contains("This answer: "), "{}", ran.out);
}
