//! Input from other programs: byte order marks, UTF-16, bytes that are not text. It is read, or an
//! error names its place; it is never taken for the end of the input or for something else.

use std::{
    ffi::OsStr,
    fs,
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
};

use crate::support::{ANSWER, Ran, Viva};

/// A text as different programs encode it.
fn written(text: &str) -> [Vec<u8>; 4] {
    let wide = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
        mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
    };
    [
        format!("\u{feff}{text}").into_bytes(),
        text.replace('\n', "\r\n").into_bytes(),
        wide([0xff, 0xfe], u16::to_le_bytes),
        wide([0xfe, 0xff], u16::to_be_bytes),
    ]
}

/// Bytes that cannot be read, and what the error says about them.
fn unreadable(text: &str) -> [(Vec<u8>, &'static str); 4] {
    let unmarked = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = [0xff, 0xfe, 0, 0].into_iter().chain(text.bytes().flat_map(|b| [b, 0, 0, 0]));
    [
        ([text.as_bytes(), b"\ncaf\xe9\n"].concat(), "not UTF-8 text (line "),
        (unmarked, "UTF-16 without a byte order mark; save it as UTF-8"),
        (wide.collect(), "UTF-32 text; save it as UTF-8"),
        ([b"%PDF-1.7\n", text.as_bytes()].concat(), "a PDF; copy its text into a plain text file"),
    ]
}

fn run_latin(viva: &Viva, name: &str) -> Ran {
    let latin = OsStr::from_bytes(b"/tmp/caf\xe9");
    viva.command(&["keys"]).env(name, latin).output().unwrap().into()
}

const TOPIC: &str = "title = \"Quantum\"\nroles = [\"Quantum engineer\"]\n";

const TEMPLATE: &str = "[[template]]\nid = \"friday\"\ntitle = \"Friday\"\ndescription = \"Short.\"\n\
    role = \"Backend engineer\"\nlevel = \"mid\"\nminutes = 12\n\
    parts = [{ topic = \"sql\", minutes = 9 }]\n";

#[test]
fn settings_banks_and_templates_are_read_in_any_unicode_encoding() {
    let viva = Viva::new();
    let place = |name: &str| viva.file(name, "");
    let settings = place("mine.toml");
    let template = place(".config/viva/templates/friday.toml");
    let bank = place("bank/quantum.toml");
    for bytes in written("viva_theme = \"light\"\n") {
        fs::write(&settings, bytes).unwrap();
        let shown = viva.json(&["--config", "mine.toml", "config", "show"]);
        assert_eq!(shown["settings"]["viva_theme"], "light");
    }
    for bytes in written(TEMPLATE) {
        fs::write(&template, bytes).unwrap();
        let ran = viva.run(&["template", "list"]);
        assert!(ran.out.contains("own:friday") && !ran.err.contains("left out"), "{ran:?}");
    }
    for bytes in written(TOPIC) {
        fs::write(&bank, bytes).unwrap();
        let ran = viva.run(&["bank", "check", "bank"]);
        // It was read, so the error names what it lacks.
        assert!(ran.code == 1 && ran.out.contains("missing field `topic`"), "{ran:?}");
    }
}

#[test]
fn settings_banks_and_templates_that_cannot_be_read_are_named() {
    let viva = Viva::new();
    for (bytes, told) in unreadable("viva_theme = \"light\"") {
        fs::write(viva.file("mine.toml", ""), bytes).unwrap();
        let ran = viva.run(&["--config", "mine.toml", "keys"]);
        assert!(ran.code == 2 && ran.err.contains("mine.toml"), "{ran:?}");
        assert!(ran.err.contains(told), "{told}: {ran:?}");
    }
    for (bytes, told) in unreadable(TEMPLATE) {
        fs::write(viva.file(".config/viva/templates/friday.toml", ""), bytes).unwrap();
        let ran = viva.run(&["template", "list"]);
        assert!(ran.err.contains("friday.toml cannot be read: it is "), "{ran:?}");
        assert!(ran.err.contains(told), "{told}: {ran:?}");
    }
    for (bytes, told) in unreadable(TOPIC) {
        fs::write(viva.file("bank/quantum.toml", ""), bytes).unwrap();
        for arguments in [&["bank", "check", "bank"][..], &["--bank", "bank", "bank", "list"]] {
            let ran = viva.run(arguments);
            assert!(ran.code == 1 && ran.err.contains("quantum.toml: it is "), "{ran:?}");
            assert!(ran.err.contains(told), "{told}: {ran:?}");
        }
    }
}

#[test]
fn answers_notes_and_adverts_are_read_or_named_from_a_file_and_from_standard_input() {
    let viva = Viva::new();
    viva.interview(1);
    let answer = ["interview", "answer", "latest", "--question", "1"];
    for (at, bytes) in written(ANSWER).into_iter().enumerate() {
        fs::write(viva.file("text.txt", ""), &bytes).unwrap();
        // Each way of reading meets each encoding, though not in every command.
        let (from, other) = if at % 2 == 0 { ("--file", "-") } else { ("-", "--file") };
        let file = |from: &str| if from == "-" { vec!["-"] } else { vec!["--file", "text.txt"] };
        let ran = viva.run_with(&[&answer[..], &file(from)].concat(), &bytes);
        assert_eq!(ran.code, 0, "{ran:?}");
        let report = viva.json(&["report", "latest"]);
        assert_eq!(report["report"]["questions"][0]["answer"]["answer_text"], ANSWER);
        let note = [&["question", "note", "1"][..], &file(other)].concat();
        let ran = viva.run_with(&note, &bytes);
        assert!(ran.code == 0 && ran.out.contains(&format!("note: {ANSWER}\n")), "{ran:?}");
    }
    let advert = ["interview", "new", "--role", "SRE", "--job-file", "text.txt", "--dry-run"];
    assert_eq!(viva.run(&advert).code, 0, "the last is UTF-16");
    for (bytes, told) in unreadable(ANSWER) {
        fs::write(viva.file("text.txt", ""), &bytes).unwrap();
        for arguments in [
            &["interview", "answer", "latest", "--question", "1", "--file", "text.txt"][..],
            &["interview", "answer", "latest", "--question", "1", "-"],
            &["question", "note", "1", "--file", "text.txt"],
            &["question", "note", "1", "-"],
            &["interview", "new", "--role", "SRE", "--job-file", "text.txt"],
        ] {
            let ran = viva.run_with(arguments, &bytes);
            let name = if arguments.contains(&"-") { "Standard input is " } else { "text.txt is " };
            assert!(ran.code == 1 && ran.err.contains(name), "{arguments:?}: {ran:?}");
            assert!(ran.err.contains(told), "{told}: {ran:?}");
        }
    }
}

#[test]
fn an_answer_about_file_formats_is_accepted() {
    let viva = Viva::new();
    viva.interview(1);
    let answer = ["interview", "answer", "latest", "--question", "1", "--file", "text.txt"];
    for begins in ["GIF89a", "BZh9", "The ftyp box", "RIFF or WEBP"] {
        viva.file("text.txt", &format!("{begins} is how such a file begins. {ANSWER}"));
        let ran = viva.run(&answer);
        assert_eq!(ran.code, 0, "{begins}: {ran:?}");
    }
    // Of what is typed line by line, every line is an answer's.
    let viva = Viva::new();
    let begin = ["", "Rust engineer", "3", "1", ""];
    let written = ["MIME-Version: 1.0", "%PDF-1.7 and %!PS begin documents.", ".", "1"];
    let ran = viva.run_with(&["--plain"], &([&begin[..], &written].concat().join("\n") + "\n"));
    assert!(ran.code == 0 && !ran.err.contains("UTF-8"), "{ran:?}");
    let report = viva.json(&["report", "latest"]);
    let stored = report["report"]["questions"][0]["answer"]["answer_text"].as_str().unwrap();
    assert!(stored.starts_with("MIME-Version: 1.0\n%PDF-1.7"), "{stored}");
}

#[test]
fn a_variable_or_an_argument_that_is_not_text_is_named_and_not_ignored() {
    let viva = Viva::new();
    for name in
        ["VIVA_DATA_DIR", "VIVA_SERVER", "VIVA_CONFIG", "VIVA_API_KEY", "VIVA_THEME", "LLM_MODEL"]
    {
        let ran = run_latin(&viva, name);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(&format!("{name}: its bytes are not UTF-8 text")), "{ran:?}");
    }
    let ran = run_latin(&viva, "HOME");
    assert_eq!(ran.code, 0, "`viva keys` needs no file");
    let mut command = viva.command(&["interview", "list"]);
    let home = viva.home.path().join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(&home).unwrap();
    let ran: Ran = command.env("HOME", home).output().unwrap().into();
    assert!(ran.code == 1 && ran.err.contains("its path is not UTF-8 text"), "{ran:?}");
    let mut command = viva.command(&["interview", "new", "--role"]);
    let ran: Ran =
        command.arg(std::ffi::OsString::from_vec(b"caf\xe9".into())).output().unwrap().into();
    assert!(ran.code == 2 && ran.err.contains("invalid UTF-8"), "{ran:?}");
    assert!(!viva.data().exists(), "nothing was created");
}

#[test]
fn a_database_that_became_empty_is_reported_and_not_taken_for_a_new_one() {
    let viva = Viva::new();
    viva.interview(1);
    fs::write(viva.data().join("viva.db"), "").unwrap();
    for left in ["viva.db-wal", "viva.db-shm"] {
        let _ = fs::remove_file(viva.data().join(left));
    }
    let ran = viva.run(&["interview", "list"]);
    assert_ne!(ran.code, 0);
    assert!(ran.err.contains("the file is empty, though Viva has kept its data in it"), "{ran:?}");
    fs::remove_file(viva.data().join("viva.db")).unwrap();
    assert_eq!(viva.json(&["interview", "list"])["interviews"], serde_json::json!([]));
}
