//! Two windows on the same data, and all other ways to lose the only copy of a text: none is lost
//! for good.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::support::{ANSWER, Terminal, begin_interview, key};

fn drafts(home: &Path) -> PathBuf {
    home.join(".local/share/viva/drafts/local")
}

/// Waits until exactly these texts are on disk.
#[track_caller]
fn see_drafts(home: &Path, wanted: &[&str]) {
    wait_for(home, |texts| texts == wanted);
}

/// Waits until the texts on disk satisfy the condition.
#[track_caller]
fn wait_for(home: &Path, is_it: impl Fn(&[String]) -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let mut texts = texts(home);
        texts.sort();
        if is_it(&texts) {
            return;
        }
        assert!(Instant::now() < deadline, "the drafts are {texts:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

fn texts(home: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(drafts(home)) else { return Vec::new() };
    // A draft that is being written has another name until it is completely on disk.
    let files = entries.map(|entry| entry.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|e| e == "json")).map(fs::read);
    // A file may disappear between listing and reading.
    let drafts = files.filter_map(|bytes| serde_json::from_slice(&bytes.ok()?).ok());
    drafts.map(|draft: serde_json::Value| draft["text"].as_str().unwrap().to_owned()).collect()
}

/// A command in the same home.
fn run(home: &Path, arguments: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_viva"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("VIVA_LOCAL_MODEL_PORTS", "off")
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}

/// Opens the interview that the dashboard offers to continue.
fn open(home: &Path) -> Terminal {
    let mut terminal = Terminal::start(home, &[]);
    terminal.see(&["Continue"]);
    terminal.send(key::ENTER);
    terminal.see(&["your answer"]);
    terminal
}

#[test]
fn two_windows_on_one_question_keep_both_texts_and_say_so() {
    let home = tempfile::tempdir().unwrap();
    let mut one = Terminal::start(home.path(), &[]);
    begin_interview(&mut one, 1);
    one.send("Begun");
    see_drafts(home.path(), &["Begun"]);
    let mut other = open(home.path());
    other.see(&["Begun"]);
    one.send(" by one.");
    see_drafts(home.path(), &["Begun by one."]);
    other.send(" by the other.");
    other.see(&["Another window has saved a different text here"]);
    see_drafts(home.path(), &["Begun by one.", "Begun by the other."]);
    other.send(key::ESC);
    other.see_no_more("Another window");
    other.see(&["another text is kept: Ctrl+O"]);
    other.send(key::CTRL_O);
    other.see(&["Begun by one.", "another text is kept: Ctrl+O"]);
    other.send(key::CTRL_O);
    other.see(&["Begun by the other."]);
    // Neither window removes the other's draft when it ends, however it ends.
    one.send(key::ESC);
    one.see(&["Interviews"]);
    one.signal("KILL");
    one.end();
    other.signal("TERM");
    other.end();
    see_drafts(home.path(), &["Begun by one.", "Begun by the other."]);
    open(home.path()).see(&["Begun by ", "another text is kept: Ctrl+O"]);
}

#[test]
fn an_answer_from_another_window_is_reported_where_a_different_text_is_typed() {
    let home = tempfile::tempdir().unwrap();
    let mut one = Terminal::start(home.path(), &[]);
    begin_interview(&mut one, 1);
    one.send("This is what one window says.");
    see_drafts(home.path(), &["This is what one window says."]);
    run(home.path(), &["interview", "answer", "latest", "--question", "1", "--text", ANSWER]);
    one.see(&["Question 1 was answered in another window", "This is what one window says."]);
    one.send(key::ESC);
    one.see_no_more("Question 1 was");
    one.send(key::CTRL_D);
    one.see(&["Answered in another window. Submit 6 words as the next answer?"]);
    one.send(key::ENTER);
    one.see(&["Report ·"]);
    see_drafts(home.path(), &[]);
}

#[test]
fn a_submission_after_another_windows_says_what_happened_and_what_you_can_do() {
    let home = tempfile::tempdir().unwrap();
    let mut one = Terminal::start(home.path(), &[]);
    begin_interview(&mut one, 1);
    one.send("This is an answer");
    see_drafts(home.path(), &["This is an answer"]);
    let mut other = open(home.path());
    other.see(&["This is an answer"]);
    // The other window submits the shared text and leaves; its answer has the draft's key.
    other.send(key::CTRL_D);
    other.see(&["Submit 4 words?"]);
    one.send(", with more to it.");
    one.send(key::CTRL_D);
    one.see(&["Submit 8 words?"]);
    other.send(key::ENTER);
    other.see_no_more("Submit 4 words?");
    other.see(&["1 of 1 evaluated"]);
    one.send(key::ENTER);
    // It may already know of the other's answer, or learn of it by submitting.
    one.see_no_more("Submit 8 words");
    one.see_one_of(&["from another window. Yours is kept here", "2 attempts", "overall"]);
    assert!(!one.contents().contains("dempotency"), "{}", one.contents());
    // Its text is then the next answer, or still a draft.
    wait_for(home.path(), |kept| {
        kept.is_empty() || kept == ["This is an answer, with more to it."]
    });
}

#[test]
fn an_answer_whose_interview_is_deleted_elsewhere_is_saved_as_a_file() {
    let home = tempfile::tempdir().unwrap();
    let mut one = Terminal::start(home.path(), &[]);
    begin_interview(&mut one, 1);
    one.send(ANSWER);
    see_drafts(home.path(), &[ANSWER]);
    run(home.path(), &["interview", "delete", "latest", "--yes"]);
    one.send(key::CTRL_D);
    one.see(&["Submit 11 words?"]);
    one.send(key::ENTER);
    one.see(&["was deleted, so this answer cannot be sent", "viva-answer-1-"]);
    see_drafts(home.path(), &[]);
    let saved = |folder: &Path| {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|file| file.extension().is_some_and(|e| e == "md")).collect::<Vec<_>>()
    };
    let files = saved(home.path());
    assert_eq!(fs::read_to_string(&files[0]).unwrap(), ANSWER);
}

#[test]
fn the_advert_in_the_form_outlives_esc_and_kill_9() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["starts your first interview"]);
    terminal.send("n");
    terminal.see(&["New interview", "Role"]);
    terminal.send("Rust engineer");
    for _ in 0..6 {
        terminal.send(key::TAB);
    }
    terminal.see(&["paste the advert"]);
    terminal.paste("We look for somebody who measures first.");
    terminal.see(&["7 words"]);
    terminal.send(key::ESC);
    terminal.see(&["starts your first interview"]);
    see_drafts(home.path(), &["We look for somebody who measures first."]);
    terminal.send("n");
    terminal.see(&["Rust engineer", "7 words"]);
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["starts your first interview"]);
    terminal.send("n");
    terminal.see(&["Job advert", "7 words"]);
    terminal.send("Rust engineer");
    terminal.send(key::ENTER);
    terminal.see(&["1 of 5", "your answer"]);
    see_drafts(home.path(), &[]);
}

#[test]
fn a_draft_that_cannot_be_saved_is_saved_elsewhere_at_the_end() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    // A folder cannot be created where a file is.
    let folder = home.path().join(".local/share/viva/drafts");
    let _ = fs::remove_dir_all(&folder);
    fs::write(&folder, "").unwrap();
    terminal.send("Nowhere to keep this.");
    terminal.see(&["Drafts cannot be saved"]);
    terminal.send(key::CTRL_C);
    terminal.see(&["Press Ctrl+C again to quit"]);
    terminal.send(key::CTRL_C);
    assert_eq!(terminal.end(), 1);
    terminal.see(&["A draft could not be kept; its text is in"]);
    let data = home.path().join(".local/share/viva");
    let mut files = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|file| file.extension().is_some_and(|e| e == "md")).unwrap();
    assert_eq!(fs::read_to_string(file).unwrap(), "Nowhere to keep this.");
}

#[test]
fn a_plain_interview_reports_a_line_that_the_terminal_may_have_cut() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &["--plain"]);
    terminal.see(&["Your choice [1]:"]);
    for line in ["1", "Rust engineer", "1", "1", "1"] {
        terminal.send(&format!("{line}\n"));
    }
    terminal.see(&["Type your answer"]);
    terminal.send("and a line of usual length\n");
    see_drafts(home.path(), &["and a line of usual length"]);
    terminal.send(&"long ".repeat(1000));
    terminal.send("\n");
    terminal.see(&["its end may be missing"]);
    // Ctrl+C keeps the typed text.
    terminal.send(key::CTRL_C);
    assert_eq!(terminal.end(), 130);
    assert!(texts(home.path())[0].starts_with("and a line of usual length\nlong long"));
}
