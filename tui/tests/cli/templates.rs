//! `viva template`, and interviews from templates.

use std::fs;

use serde_json::Value;

use crate::support::{Viva, mode};

/// The folder of the user's own templates.
const FOLDER: &str = ".config/viva/templates";

const FRIDAY: &str = r#"[[template]]
id = "friday"
title = "Friday practice"
description = "Two subjects before the weekend."
role = "Backend engineer"
level = "mid"
minutes = 30
parts = [
    { topic = "sql", level = "staff", minutes = 15 },
    { topic = "rust", minutes = 10 },
]
"#;

fn topics(made: &Value) -> Vec<&str> {
    let questions = made["interview"]["questions"].as_array().unwrap();
    questions.iter().map(|question| question["topic"].as_str().unwrap()).collect()
}

#[test]
fn the_servers_templates_and_your_own_are_listed_with_their_content_and_length() {
    let viva = Viva::new();
    viva.file(&format!("{FOLDER}/friday.toml"), FRIDAY);
    viva.file(&format!("{FOLDER}/broken.toml"), "[[template]]\nid = 3\n");
    let ran = viva.run(&["template", "list"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for part in [
        "Your own",
        "own:friday",
        "Friday practice; 2 questions, 30 min: Two subjects before the weekend.",
        "Ready-made interviews",
        "first-job",
        "Roles",
        "Topics",
    ] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    assert!(ran.err.contains("left out: broken.toml: template 1: "), "{ran:?}");
    let all = viva.json(&["template", "list"])["templates"].clone();
    let with_parts = all.as_array().unwrap().iter().filter(|one| one["parts"][0].is_object());
    assert!(with_parts.count() >= 25);
    let shown = viva.run(&["template", "show", "friday"]).out;
    for part in [
        "Friday practice",
        "2 questions, 30 min",
        " 1. sql, staff, 15 min",
        " 2. rust, mid, 10 min",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}

#[test]
fn an_interview_is_created_from_the_servers_templates_your_own_and_a_file() {
    let viva = Viva::new();
    viva.file(&format!("{FOLDER}/friday.toml"), FRIDAY);
    viva.file("shared.toml", &FRIDAY.replace("friday", "shared"));
    for named in ["friday", "own:friday", "shared.toml"] {
        let made = viva.json(&["template", "use", named]);
        assert_eq!(topics(&made), ["sql", "rust"], "{named}");
        assert_eq!(made["interview"]["level"], "LEVEL_MID");
    }
    let made = viva.json(&["template", "use", "first-job"]);
    assert_eq!(topics(&made).len(), 5);
    assert_eq!(made["interview"]["role"], "Software engineer");
    let new = ["interview", "new", "--template", "friday"];
    let made =
        viva.json(&[&new[..], &["--count", "1", "--role", "SRE", "--level", "senior"]].concat());
    assert_eq!((topics(&made), &made["interview"]["role"]), (vec!["sql"], &Value::from("SRE")));
    let made = viva.json(&[&new[..], &["--topic", "security"]].concat());
    assert_eq!(topics(&made), ["security"; 2]);
    assert_eq!(topics(&viva.json(&["interview", "new", "--template", "topic-rust"])), ["rust"; 5]);
}

#[test]
fn a_copy_and_the_order_of_an_interview_are_saved_and_nothing_is_overwritten() {
    let viva = Viva::new();
    let ran = viva.run(&["template", "save", "first-job", "my-first-job"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let file = viva.home.path().join(FOLDER).join("my-first-job.toml");
    assert_eq!(mode(&file), 0o600);
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(viva.run(&["template", "show", "my-first-job", "--toml"]).out, text);
    let again = viva.run(&["template", "save", "first-job", "my-first-job"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("was left as it is"), "{again:?}");
    let made = viva.json(&["template", "use", "my-first-job"]);
    assert_eq!(viva.run(&["template", "save", "latest", "again"]).code, 0);
    assert_eq!(topics(&viva.json(&["template", "use", "again"])), topics(&made));
    let wrong = viva.run(&["template", "save", "first-job", "Not This"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("for instance not-this"), "{wrong:?}");
    let open = viva.run(&["template", "save", "topic-rust", "mine"]);
    assert_eq!(open.code, 2);
    assert!(open.err.contains("has no order of its own"), "{open:?}");
}

#[test]
fn everything_wrong_with_a_template_file_is_reported() {
    let viva = Viva::new();
    let wrong = FRIDAY.replace("friday", "Friday 13").replace("staff", "boss");
    viva.file("wrong.toml", &wrong);
    let ran = viva.run(&["template", "use", "wrong.toml"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for fault in [
        "wrong.toml: Friday 13: id: must be kebab-case",
        "wrong.toml: Friday 13: parts 1 level: must be junior, mid, senior or staff",
    ] {
        assert!(ran.err.contains(fault), "{ran:?}");
    }
    viva.file("two.toml", &format!("{FRIDAY}{}", FRIDAY.replace("friday", "monday")));
    let ran = viva.run(&["template", "use", "two.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("friday, monday"), "{ran:?}");
}

#[test]
fn nothing_in_a_template_file_controls_the_terminal() {
    let viva = Viva::new();
    let file = FRIDAY.replace("Friday practice", "A \\u202egnissor").replace("sql", "s\\u200eql");
    viva.file(&format!("{FOLDER}/friday.toml"), &file);
    for command in [&["template", "list"][..], &["template", "show", "friday"]] {
        let ran = viva.run(command);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(!ran.out.contains(['\u{202e}', '\u{200e}', '\u{1b}']), "{ran:?}");
    }
    viva.file("wrong.toml", "[[template]]\nid = \"\\u001b[2J\"\n");
    let ran = viva.run(&["template", "use", "wrong.toml"]);
    assert!(ran.code == 1 && !ran.err.contains('\u{1b}'), "{ran:?}");
}
