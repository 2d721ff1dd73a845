//! Whole interviews by script, on the embedded server.

use serde_json::json;

use crate::support::{ANSWER, Viva};

#[test]
fn a_whole_interview_works_by_script() {
    let viva = Viva::new();
    let created = viva.interview(2);
    assert_eq!(created["version"], 1);
    let interview = &created["interview"];
    assert_eq!(interview["role"], "Backend engineer");
    assert_eq!(interview["level"], "LEVEL_MID");
    assert_eq!(interview["questions"].as_array().unwrap().len(), 2);
    assert_eq!(interview["questions"][0]["source"], "QUESTION_SOURCE_BANK");

    let listed = viva.json(&["interview", "list"]);
    assert_eq!(listed["interviews"][0]["id"], interview["id"]);
    assert_eq!(listed["interviews"][0]["progress"]["answered"], 0);
    let shown = viva.json(&["interview", "show", "latest"]);
    assert_eq!(shown["interview"]["questions"], interview["questions"]);

    let answer = ["interview", "answer", "latest", "--question", "2"];
    let answered = viva.json(&[&answer[..], &["--text", ANSWER, "--wait"]].concat());
    let evaluation = &answered["answer"]["evaluation"];
    assert_eq!(evaluation["status"], "EVALUATION_STATUS_COMPLETED");
    assert_eq!(answered["answer"]["answer_text"], ANSWER);
    assert!(evaluation["scores"]["correctness"].is_f64());
    assert_eq!(evaluation["grader"]["kind"], "GRADER_KIND_OFFLINE");

    let reported = viva.json(&["report", "latest"]);
    let questions = reported["report"]["questions"].as_array().unwrap();
    assert_eq!(questions[0].get("answer"), None, "not answered");
    assert_eq!(questions[1]["answer"], answered["answer"]);
    assert!(reported["report"]["overall_score"].is_f64());

    assert_eq!(viva.json(&["interview", "delete", "latest", "--yes"]), json!({"version": 1}));
    assert_eq!(viva.json(&["interview", "list"])["interviews"], json!([]));
}

#[test]
fn a_real_interview_by_script_withholds_feedback_until_its_end() {
    let viva = Viva::new();
    let new = ["interview", "new", "--role", "Backend engineer", "--count", "2"];
    let ran = viva.run(&[&new[..], &["--mode", "real", "--minutes", "45"]].concat());
    assert!(ran.out.contains(", 2 questions, real mode, 4"), "{ran:?}");
    assert!(ran.err.contains("End it with: viva interview end 1"), "{ran:?}");
    let answer = ["interview", "answer", "latest", "--question", "1", "--text", ANSWER, "--wait"];
    let ran = viva.run(&answer);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "Stored. Its feedback comes once the interview has ended.\n")
    );
    let ran = viva.run(&["report", "latest", "--wait"]);
    assert!(ran.out.contains("Scores and feedback come once the interview has ended."), "{ran:?}");
    assert!(!ran.out.contains("What to"), "{ran:?}");
    assert!(viva.run(&["interview", "list"]).out.contains("real mode, 4"));
    let hint = viva.json(&["interview", "show", "1"])["interview"]["questions"][0]["id"].clone();
    let ran = viva.run(&["question", "hint", &hint.to_string()]);
    assert!(ran.code == 1 && ran.err.contains("once the interview has ended"), "{ran:?}");
    let ran = viva.run(&["interview", "end", "latest"]);
    assert!(ran.out.starts_with("Interview 1 has ended."), "{ran:?}");
    let report = viva.run(&["report", "1", "--wait"]).out;
    assert!(report.contains("real mode, ended") && report.contains("overall  "), "{report}");
    let study = viva.interview(1);
    assert_eq!(study["interview"]["mode"], "INTERVIEW_MODE_STUDY");
    let ran = viva.run(&["interview", "end", "latest"]);
    assert!(ran.err.contains("Only an interview in real mode can be ended"), "{ran:?}");
}

#[test]
fn people_read_titles_questions_scores_and_quotations() {
    let viva = Viva::new();
    let none = viva.run(&["interview", "list"]);
    assert!(none.out.is_empty() && none.err.starts_with("No interviews yet."), "{none:?}");
    let topics = ["--topic", "rust", "--level", "senior", "--count", "1"];
    let new = [&["interview", "new", "--role", "Rust engineer"], &topics[..]].concat();
    let out = viva.run(&new).out;
    assert!(out.starts_with("Interview 1: Rust engineer · senior, 1 question\n"), "{out}");
    assert!(viva.run(&["interview", "show", "1"]).out.contains("not answered yet"));
    assert!(viva.run(&["report", "1"]).out.contains("Not answered yet."));
    let question = viva.json(&["interview", "show", "1"])["interview"]["questions"][0].clone();
    let bank = viva.json(&["bank", "list"])["questions"].clone();
    let mut bank = bank.as_array().unwrap().iter();
    let id = bank.find(|q| q["question"] == question["text"]).unwrap()["id"].clone();
    let shown = viva.json(&["bank", "show", id.as_str().unwrap()]);
    let good = viva.file("good.md", shown["question"]["reference"].as_str().unwrap());

    let good = ["--question", "1", "--file", good.to_str().unwrap(), "--wait"];
    let ran = viva.run(&[&["interview", "answer", "1"], &good[..]].concat());
    assert!(ran.out.contains("this answer     ━━━━"), "{ran:?}");
    assert!(ran.out.contains("offline estimate"), "{ran:?}");
    let report = viva.run(&["report", "1"]).out;
    for part in ["overall  ", "correctness  ", "What went well", "Question 1, rust", "✓ ", "“"]
    {
        assert!(report.contains(part), "{part} in {report}");
    }
    assert!(viva.run(&["interview", "list"]).out.contains("1 of 1"));
}

#[test]
fn an_answer_comes_from_an_argument_a_file_or_standard_input() {
    let viva = Viva::new();
    viva.interview(1);
    let answer = ["interview", "answer", "latest", "--question", "1", "--json"];
    let file = viva.file("answer.md", "From a file, with enough characters.\n");
    let file = viva.run(&[&answer[..], &["--file", file.to_str().unwrap()]].concat());
    let piped = viva.run_with(&[&answer[..], &["-"]].concat(), "From a pipe, long enough.");
    let text = |ran: &crate::support::Ran| ran.json()["answer"]["answer_text"].clone();
    assert_eq!(text(&file), "From a file, with enough characters.\n");
    assert_eq!(text(&piped), "From a pipe, long enough.");
    assert_eq!(piped.json()["answer"]["attempt"], 2);
}

#[test]
fn standard_input_is_saved_whenever_the_answer_was_not_stored() {
    let viva = Viva::new();
    let wrong = ["interview", "answer", "latest", "-", "--question"];
    let saved = |name: &str| std::fs::read(viva.home.path().join(name)).unwrap();
    let ran = viva.run_with(&[&wrong[..], &["1"]].concat(), "No interview to answer in.");
    assert_ne!(ran.code, 0);
    assert!(ran.err.contains("viva-answer.md"), "{ran:?}");
    assert_eq!(saved("viva-answer.md"), b"No interview to answer in.");
    viva.interview(1);
    let ran = viva.run_with(&[&wrong[..], &["9"]].concat(), "Five hundred words.");
    assert_eq!(ran.code, 3);
    assert_eq!(saved("viva-answer-2.md"), b"Five hundred words.");
    let advert = ["interview", "new", "--template", "no-such", "--job-file", "-"];
    let ran = viva.run_with(&advert, "We look for an engineer.");
    assert!(ran.code == 3 && ran.err.contains("Standard input is saved in "), "{ran:?}");
    assert_eq!(saved("viva-job-advert.md"), b"We look for an engineer.");
    let ran = viva
        .run_with(&["interview", "new", "--role", "SRE", "--job-file", "-"], "We look for an SRE.");
    assert!(ran.code == 0 && !ran.err.contains("saved"), "{ran:?}");
    let long = "x".repeat(20_001);
    let ran = viva.run_with(&[&wrong[..], &["1"]].concat(), &long);
    assert_eq!(ran.code, 2);
    assert_eq!(saved("viva-answer-3.md").len(), 20_001);
    let ran = viva.run_with(&[&wrong[..], &["1"]].concat(), b"caf\xe9 and more words");
    assert!(ran.code != 0 && ran.err.contains("Standard input"), "{ran:?}");
    assert_eq!(saved("viva-answer-4.md"), b"caf\xe9 and more words");
    // Also when the server is away; a stored answer leaves no file.
    let away = Viva::on("http://127.0.0.1:1");
    let ran = away.run_with(&[&wrong[..], &["1"]].concat(), "The server is away.");
    assert_eq!(ran.code, 5, "{ran:?}");
    let kept = std::fs::read(away.home.path().join("viva-answer.md")).unwrap();
    assert_eq!(kept, b"The server is away.");
    assert_eq!(viva.run_with(&[&wrong[..], &["1"]].concat(), ANSWER).code, 0);
    assert!(!viva.home.path().join("viva-answer-5.md").exists());
}

#[test]
fn a_repeated_command_with_the_same_key_has_one_effect() {
    let viva = Viva::new();
    let new = ["interview", "new", "--role", "SRE", "--count", "1", "--idempotency-key", "k1"];
    let first = viva.json(&new);
    assert_eq!(viva.json(&new)["interview"]["id"], first["interview"]["id"]);
    let answer = ["interview", "answer", "latest", "--question", "1", "--idempotency-key", "k2"];
    let first = viva.json(&[&answer[..], &["--text", ANSWER]].concat());
    let again = viva.json(&[&answer[..], &["--text", ANSWER]].concat());
    assert_eq!(again["answer"]["id"], first["answer"]["id"]);
    let other = viva.run(&[&answer[..], &["--text", "Another text under the same key."]].concat());
    assert_eq!(other.code, 1);
    assert!(other.err.contains("--idempotency-key"), "{other:?}");
}

#[test]
fn a_missing_thing_ends_a_command_with_3() {
    let viva = Viva::new();
    for arguments in [
        &["interview", "show", "latest"][..],
        &["interview", "show", "99"],
        &["interview", "delete", "99", "--yes"],
        &["report", "99"],
        &["interview", "retry", "99"],
        &["interview", "new", "--template", "nope"],
        &["bank", "list", "--topic", "nope"],
        &["bank", "show", "nope"],
        &["bank", "keep", "99"],
        &["template", "show", "nope"],
        &["template", "use", "nope"],
        &["template", "save", "99", "mine"],
    ] {
        let ran = viva.run(arguments);
        assert_eq!(ran.code, 3, "{arguments:?} {ran:?}");
        assert!(ran.out.is_empty() && ran.err.starts_with("viva: "), "{ran:?}");
    }
    viva.interview(2);
    let third = ["interview", "answer", "latest", "--question", "3", "--text", ANSWER];
    let ran = viva.run(&third);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("its questions are 1 to 2"), "{ran:?}");
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_right() {
    let viva = Viva::new();
    viva.interview(1);
    let answer = ["interview", "answer", "latest", "--question", "1"];
    let cases = [
        (vec!["--nonsense"], "unexpected argument"),
        (vec!["interview", "show", "newest"], "number of an interview, or `latest`"),
        (vec!["interview", "new"], "--role"),
        (vec!["interview", "new", "--role", "x", "--count", "11"], "1..=10"),
        (vec!["interview", "new", "--role", "x", "--level", "boss"], "junior, mid"),
        (answer.to_vec(), "--text"),
        ([&answer[..], &["--text", "short"]].concat(), "at least 10 characters"),
        ([&answer[..], &["--text", ANSWER, "-"]].concat(), "cannot be used with"),
        ([&answer[..], &["--text", ANSWER, "--timeout", "1"]].concat(), "--wait"),
        (vec!["--server", "ftp://x", "whoami"], "not an http or https address"),
    ];
    for (arguments, right) in cases {
        let ran = viva.run(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?} {ran:?}");
        assert!(ran.out.is_empty() && ran.err.contains(right), "{arguments:?} {ran:?}");
    }
}

#[test]
fn progress_is_shown_once_an_answer_has_a_score() {
    let viva = Viva::new();
    viva.interview(1);
    assert_eq!(viva.run(&["progress"]).out, "No interview has a score yet.\n");
    let answer = ["interview", "answer", "latest", "--question", "1", "--text", ANSWER, "--wait"];
    assert_eq!(viva.run(&answer).code, 0);
    let progress = viva.run(&["progress"]).out;
    for words in ["Interviews, oldest first", "Backend engineer", "1 answer", "by viva-offline "] {
        assert!(progress.contains(words), "{words}: {progress}");
    }
    let told = viva.json(&["progress", "--last", "1"]);
    let report = viva.json(&["report", "latest"]);
    assert_eq!(told["points"][0]["overall_score"], report["report"]["overall_score"]);
}

#[test]
fn a_report_is_printed_or_saved_as_a_file() {
    let viva = Viva::new();
    viva.interview(1);
    let printed = viva.run(&["report", "latest", "--export", "markdown"]);
    assert_eq!(printed.code, 0, "{printed:?}");
    assert!(
        printed.out.starts_with("# ") && printed.out.contains("\nNot answered.\n"),
        "{printed:?}"
    );
    let file = viva.home.path().join("report.md");
    let saved =
        viva.run(&["report", "1", "--export", "markdown", "--output", file.to_str().unwrap()]);
    assert_eq!((saved.code, saved.out.as_str()), (0, ""), "{saved:?}");
    assert!(saved.err.starts_with("Saved in ") && saved.err.contains("report.md"), "{saved:?}");
    assert_eq!(std::fs::read_to_string(file).unwrap(), printed.out);
    let json = viva.run(&["report", "1", "--export", "json"]);
    assert_eq!(json.out, viva.run(&["report", "1", "--json"]).out, "one schema, one form");
    let nowhere =
        viva.run(&["report", "1", "--export", "markdown", "--output", "no/such/folder/x"]);
    assert_eq!(nowhere.code, 1, "{nowhere:?}");
    let pdf = viva.run(&["report", "1", "--export", "pdf", "--output", "report.pdf"]);
    if pdf.code != 0 {
        assert!(pdf.err.starts_with("viva: This server was built without PDF export. "), "{pdf:?}");
    }
}

#[test]
fn a_dry_run_says_what_an_interview_will_contain_and_creates_none() {
    let viva = Viva::new();
    let role = ["interview", "new", "--dry-run", "--role"];
    let ran = viva.run(&[&role[..], &["Senior Rust engineer"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(ran.out.contains(" questions fit: Rust, "), "{ran:?}");
    assert!(ran.out.contains("\nLevel: senior\n") && ran.out.contains("\n  Rust: "), "{ran:?}");
    let ran = viva.run(&[&role[..], &["registered nurse"]].concat());
    assert!(ran.out.contains(" general software questions: "), "{ran:?}");
    assert!(ran.err.contains("nothing for the role registered nurse"), "{ran:?}");
    let json = viva.json(&[&role[..], &["Haskell developer", "--level", "staff"]].concat());
    assert_eq!(json["notice"], "The question bank has nothing on Haskell.");
    assert_eq!(
        (&json["level"], &json["source"]),
        (&json!("LEVEL_STAFF"), &json!("QUESTION_SOURCE_BANK"))
    );
    assert_eq!(json["fitting_questions"], json["new_questions"]);
    let none = viva.run(&["interview", "new", "--dry-run", "--template", "no-such"]);
    assert_eq!(none.code, 3, "{none:?}");
    assert_eq!(viva.json(&["interview", "list"])["interviews"], json!([]));
}

#[test]
fn an_empty_or_unreadable_advert_is_named_and_nothing_is_created() {
    let viva = Viva::new();
    let empty = viva.file("empty.txt", "\n");
    let page = viva.file("advert.txt", "\u{feff}{\\rtf1 Engineer}");
    for (file, words) in [(empty, "is empty"), (page, "is an RTF document; copy its text")] {
        let file = file.to_str().unwrap();
        let ran = viva.run(&["interview", "new", "--role", "SRE", "--job-file", file]);
        assert!(ran.code == 1 && ran.err.contains(words), "{ran:?}");
    }
    assert_eq!(viva.json(&["interview", "list"])["interviews"], json!([]));
}

#[test]
fn without_a_terminal_an_interview_is_deleted_only_with_yes() {
    let viva = Viva::new();
    viva.interview(1);
    let ran = viva.run(&["interview", "delete", "latest"]);
    assert!(ran.code == 2 && ran.err.contains("Add --yes to delete it."), "{ran:?}");
    assert_eq!(viva.json(&["interview", "list"])["interviews"].as_array().unwrap().len(), 1);
}
