//! `viva bank`.

use serde_json::json;

use crate::support::{ANSWER, Viva};

fn topic_file(topic: &str, id: &str, level: &str) -> String {
    let reference = "word ".repeat(60);
    let point =
        "[[question.key_points]]\npoint = \"A lock lets one thread in at a time.\"\nweight = 3\n";
    format!(
        "topic = \"{topic}\"\ntitle = \"Locks\"\nroles = [\"Backend engineer\"]\n[[question]]\nid = \"{id}\"\n\
         level = \"{level}\"\nquestion = \"What is a lock?\"\nreference = \"{reference}\"\n{point}{point}"
    )
}

#[test]
fn a_valid_folder_is_reported_as_correct() {
    let viva = Viva::new();
    viva.file("bank/locks.toml", &topic_file("locks", "locks-what", "mid"));
    let ran = viva.run(&["bank", "check", "bank"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out, "bank is correct: 1 question in 1 topic.\n");
}

#[test]
fn a_broken_folder_ends_with_1_and_names_file_entry_and_field() {
    let viva = Viva::new();
    viva.file("bank/locks.toml", &topic_file("locks", "locks-what", "boss"));
    viva.file("bank/other.toml", &topic_file("others", "Locks", "mid"));
    let ran = viva.run(&["bank", "check", "bank"]);
    assert_eq!(ran.code, 1);
    for fault in [
        "locks.toml: locks-what: level: must be junior, mid, senior or staff",
        "other.toml: topic: must be the file's name",
        "other.toml: Locks: id: must be kebab-case",
    ] {
        assert!(ran.out.contains(fault), "{fault} in {ran:?}");
    }
    let ran = viva.run(&["bank", "check", "bank", "--json"]);
    assert_eq!(ran.code, 1);
    let faults = ran.json()["faults"].clone();
    let level = faults.as_array().unwrap().iter().find(|fault| fault["field"] == "level");
    let place = level.map(|fault| (fault["file"].clone(), fault["entry"].clone()));
    assert_eq!(place, Some((json!("locks.toml"), json!("locks-what"))));
    assert_eq!(viva.run(&["bank", "check", "nowhere"]).code, 1);
}

#[test]
fn the_built_in_bank_is_listed_by_topic() {
    let viva = Viva::new();
    let all = viva.json(&["bank", "list"])["questions"].clone();
    assert!(all.as_array().unwrap().len() >= 100);
    let rust = viva.json(&["bank", "list", "--topic", "rust"])["questions"].clone();
    assert!(rust.as_array().unwrap().iter().all(|question| question["topic"] == "rust"));
    let listed = viva.run(&["bank", "list", "--topic", "rust"]).out;
    assert!(listed.starts_with("Rust (rust), "), "{listed}");
    for question in rust.as_array().unwrap() {
        assert!(listed.contains(question["id"].as_str().unwrap()));
        assert!(listed.contains(question["question"].as_str().unwrap()), "uncut in a pipe");
    }
}

#[test]
fn bank_show_prints_everything_that_grading_needs() {
    let viva = Viva::new();
    let shown = viva.json(&["bank", "show", "rust-send-sync"]);
    let mut row = shown["question"].clone();
    assert_eq!(row["level"], "LEVEL_SENIOR");
    row["answer"] = row["reference"].clone();
    let ran = viva.run_with(&["grade"], &format!("{row}\n"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let scores = ran.json_lines()[0]["scores"].clone();
    assert!(scores["completeness"].as_f64().unwrap() > 7.0, "{scores}");
    let text = viva.run(&["bank", "show", "rust-send-sync"]).out;
    for part in ["Reference", "Key points", "weight 3", "or: ", "Mistakes", "Hints", "Follow-ups"] {
        assert!(text.contains(part), "{part}");
    }
}

/// A question file on a topic that the built-in bank does not have.
fn quantum(level: &str) -> String {
    topic_file("quantum", "quantum-qubit", level)
        .replace("Backend", "Quantum")
        .replace("Locks", "Quantum")
}

#[test]
fn a_custom_folder_is_listed_shown_and_asked_from() {
    let viva = Viva::new();
    viva.file("bank/quantum.toml", &quantum("mid"));
    let listed = viva.json(&["bank", "list", "--bank", "bank", "--topic", "quantum"]);
    assert_eq!(listed["questions"][0]["id"], "quantum-qubit");
    let all = viva.json(&["bank", "list", "--bank", "bank"])["questions"].clone();
    let built_in = viva.json(&["bank", "list"])["questions"].clone();
    assert_eq!(all.as_array().unwrap().len(), built_in.as_array().unwrap().len() + 1);
    viva.file(".config/viva/config.toml", "viva_bank_dir = \"bank\"\n");
    assert_eq!(viva.run(&["bank", "show", "quantum-qubit"]).code, 0);
    assert!(viva.run(&["config", "show"]).out.contains("viva_bank_dir = \"bank\""));
    let made = viva.json(&["interview", "new", "--role", "Quantum engineer", "--count", "1"]);
    assert_eq!(made["interview"]["questions"][0]["text"], "What is a lock?");
}

#[test]
fn errors_in_a_custom_folder_are_reported_before_anything_starts() {
    let viva = Viva::new();
    viva.file("bank/quantum.toml", &quantum("boss"));
    viva.file("bank/sql.toml", &topic_file("sql", "sql-mine", "mid"));
    for command in [
        &["--bank", "bank", "interview", "list"][..],
        &["--bank", "bank", "bank", "list"],
        &["--bank", "bank", "--plain"],
    ] {
        let ran = viva.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{command:?} {ran:?}");
        for fault in [
            "quantum.toml: quantum-qubit: level: must be junior, mid, senior or staff",
            "sql.toml: topic: sql is a topic of the built-in bank",
        ] {
            assert!(ran.err.contains(fault), "{command:?} {ran:?}");
        }
    }
    assert!(!viva.data().exists(), "no server was started");
    let doctor = viva.run(&["--bank", "bank", "doctor"]);
    assert!(doctor.out.contains("bank"), "{doctor:?}");
    assert!(doctor.out.contains("level: must be junior"), "{doctor:?}");
    let ran = viva.run(&["--bank", "bank", "--server", "http://127.0.0.1:9", "interview", "list"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("--bank: the server that --server names"), "{ran:?}");
}

#[test]
fn a_new_file_has_placeholders_and_is_never_overwritten() {
    let viva = Viva::new();
    let ran = viva.run(&["bank", "new", "quantum", "--role", "Quantum engineer", "--bank", "bank"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "bank/quantum.toml\n"), "{ran:?}");
    let checked = viva.run(&["bank", "check", "bank"]);
    assert_eq!(checked.code, 1);
    let fault =
        "quantum.toml: question 1: question: is still a placeholder (FILL IN): write your own text";
    assert!(checked.out.contains(fault), "{checked:?}");
    assert!(checked.out.lines().all(|line| line.contains("placeholder")), "{checked:?}");
    // An unfinished file does not prevent practising.
    assert_eq!(viva.run(&["interview", "list", "--bank", "bank"]).code, 0);
    let again = viva.run(&["bank", "new", "quantum", "--bank", "bank"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("already exists and was left as it is"), "{again:?}");
    let sql = viva.run(&["bank", "new", "sql", "--bank", "bank"]);
    assert_eq!(sql.code, 0);
    let text = std::fs::read_to_string(viva.home.path().join("bank/sql.toml")).unwrap();
    assert!(text.contains("extends = true") && !text.contains("title ="), "{text}");
    let wrong = viva.run(&["bank", "new", "My Topic"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("for instance my-topic"), "{wrong:?}");
    let ran = viva.run(&["bank", "new"]);
    assert!(ran.out.ends_with(".config/viva/bank/my-questions.toml\n"), "{ran:?}");
    assert!(ran.err.contains("Use it with --bank "), "{ran:?}");
}

#[test]
fn points_that_the_grader_has_not_learnt_cause_warnings_in_the_json_too() {
    let viva = Viva::new();
    viva.file("bank/quantum.toml", &quantum("mid"));
    let checked = viva.json(&["bank", "check", "bank"]);
    let warnings = checked["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 2, "{checked}");
    assert_eq!(warnings[0]["entry"], "quantum-qubit");
    assert_eq!(warnings[0]["field"], "key_points 1");
}

#[test]
fn grading_a_folder_lists_what_is_wrong_and_ends_with_how_many_questions_pass() {
    let viva = Viva::new();
    viva.file("bank/locks.toml", &topic_file("locks", "locks-what", "mid"));
    let ran = viva.run(&["bank", "check", "bank", "--grade"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let lines: Vec<_> = ran.out.lines().collect();
    assert_eq!(lines[0], "bank is correct: 1 question in 1 topic.");
    let declined = "locks-what: reference: the built-in grader declines to judge it";
    assert!(lines.contains(&declined), "{ran:?}");
    let at = lines.iter().position(|line| *line == "Of 1 question, this many pass:").unwrap();
    assert_eq!(lines[at + 1], "     0  the reference scores 8.5 or more");
    assert_eq!(
        lines[at + 3],
        "     1  each mistake scores below 4.5 in correctness, or is declined"
    );
    assert_eq!(lines[at + 6..], ["     0  all of these"]);

    let checked = viva.json(&["bank", "check", "bank", "--grade"]);
    let passing = &checked["grading"]["passing"];
    assert_eq!((&passing["reference"], &passing["all"]), (&json!(0), &json!(0)), "{checked}");
    let warnings = checked["warnings"].as_array().unwrap();
    assert!(warnings.iter().any(|warning| warning["field"] == "reference"), "{checked}");
    assert!(viva.json(&["bank", "check", "bank"])["grading"].is_null());
}

#[test]
fn a_bank_question_is_not_kept_again_and_no_question_before_it_is_answered() {
    let viva = Viva::new();
    let made = viva.interview(1);
    let id = made["interview"]["questions"][0]["id"].to_string();
    let early = viva.run(&["bank", "keep", &id]);
    assert_eq!((early.code, early.out.as_str()), (1, ""));
    assert!(early.err.contains("would give the answer away"), "{early:?}");
    assert!(early.err.contains(&format!("after `viva question reveal {id}`")), "{early:?}");
    let answer = ["interview", "answer", "latest", "--question", "1", "--text", ANSWER, "--wait"];
    assert_eq!(viva.run(&answer).code, 0);
    let ran = viva.run(&["bank", "keep", &id]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("The question is in the bank already, as "), "{ran:?}");
    assert!(!viva.home.path().join(".config/viva/bank").exists());
}

#[test]
fn nothing_in_a_bank_file_controls_the_terminal() {
    let viva = Viva::new();
    let text = quantum("mid").replace("\"Quantum\"", "\"Q \\u001b[2J \\u202etnauq\"");
    viva.file("bank/quantum.toml", &text);
    for command in [&["bank", "list", "--topic", "quantum"][..], &["bank", "show", "quantum-qubit"]]
    {
        let ran = viva.run(&[command, &["--bank", "bank"]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(!ran.out.contains(['\u{202e}', '\u{1b}']), "{ran:?}");
    }
    viva.file("bank/quantum.toml", &text.replace("mid", "\\u001b[2J"));
    viva.file("bank/other.toml", "topic = \"\u{1b}[2J\"");
    for command in [&["bank", "check", "bank"][..], &["interview", "list", "--bank", "bank"]] {
        let ran = viva.run(command);
        assert!(ran.code == 1 && !(ran.out + &ran.err).contains('\u{1b}'), "{command:?}");
    }
}

#[test]
fn the_table_of_roles_is_the_one_in_the_document() {
    let viva = Viva::new();
    let printed = viva.run(&["bank", "roles"]).out;
    let document = include_str!("../../../docs/bank.md");
    let chapter = document.split("## Roles and levels").nth(1).unwrap_or_default();
    let table = chapter.split("```\n").nth(1).unwrap_or_default();
    assert_eq!(printed, table, "put what viva bank roles prints into docs/bank.md");
    let roles = viva.json(&["bank", "roles"])["roles"].clone();
    let roles = roles.as_array().unwrap();
    assert!(roles.len() >= 40);
    let rust = roles.iter().find(|row| row["role"] == "Rust engineer").unwrap();
    for level in ["junior", "mid", "senior", "staff"] {
        assert!(rust[level].as_u64().unwrap() >= 30, "{rust}");
    }
}
