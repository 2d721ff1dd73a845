//! `viva bank`.

use serde_json::json;

use crate::support::Viva;

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
fn a_sound_folder_is_right() {
    let viva = Viva::new();
    viva.file("bank/locks.toml", &topic_file("locks", "locks-what", "mid"));
    let ran = viva.run(&["bank", "check", "bank"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out, "bank is right: 1 question in 1 topic.\n");
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
fn what_is_shown_of_a_question_can_be_graded_by() {
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
