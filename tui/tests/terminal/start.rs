//! What a new user sees: the real program with an empty home.

use crate::support::{Terminal, answer, key};

#[test]
fn enter_on_the_first_ready_made_start_reaches_the_first_question() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["> 1  Rust", "2 questions", "10 minutes", "stays on this machine"]);
    terminal.send(key::ENTER);
    terminal.see(&["Rust engineer · mid", "1 of 2", "your answer"]);
    answer(&mut terminal);
    terminal.see(&["2 of 2"]);
    terminal.send(key::ESC);
    terminal.see(&["Continue", "Rust engineer"]);
}

#[test]
fn the_sample_report_is_graded_here_and_is_not_one_of_your_interviews() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["starts your first interview"]);
    terminal.send("4");
    terminal.see(&["Sample report · Rust engineer · mid", "3 of 3 evaluated", "offline estimate"]);
    terminal.send("2");
    terminal.see(&["this answer", "not said"]);
    terminal.send(key::ESC);
    terminal.see(&["starts your first interview"]);
    terminal.send("5");
    terminal.see(&["New interview", "Role"]);
}

#[test]
fn a_job_advert_is_read_from_the_file_at_the_given_path() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("ad.txt"), "We look for somebody who knows Rust.").unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["starts your first interview"]);
    terminal.send("n");
    terminal.see(&["New interview", "Role"]);
    terminal.send("\x1b[Z");
    terminal.see(&["or write the path of its file"]);
    terminal.send("~/ad.txt");
    terminal.see(&["~/ad.txt"]);
    terminal.send("\x12");
    terminal.see(&["We look for somebody who knows Rust.", "7 words"]);
}
