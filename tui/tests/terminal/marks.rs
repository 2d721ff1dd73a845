//! Stars and notes, from the interview to the list, and a note that outlives the program's end.

use crate::support::{Terminal, answer, begin_interview, key};

const F6: &str = "\x1b[17~";
const F7: &str = "\x1b[18~";

#[test]
fn a_note_made_in_an_interview_is_in_the_report_and_in_the_list() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.send(F6);
    terminal.see(&["★ starred", "Starred."]);
    terminal.send(F7);
    terminal.see(&["your note", "0 words"]);
    terminal.send("Say what it costs.");
    terminal.see(&["4 words"]);
    terminal.send(key::ESC);
    terminal.see(&["note  Say what it costs.", "Note saved."]);
    answer(&mut terminal);
    terminal.see(&["1 of 1 evaluated"]);
    terminal.send(key::RIGHT);
    terminal.see(&["★ starred", "note  Say what it costs."]);
    terminal.send("x");
    terminal.see(&["★ starred · not again"]);
    terminal.send("q");
    terminal.see(&["> Rust backend engineer"]);
    terminal.send(":");
    terminal.see(&["All commands"]);
    terminal.send("starred");
    terminal.see(&["> Go to starred and noted questions"]);
    terminal.send(key::ENTER);
    terminal.see(&["Starred and noted questions", "> ★", "not again", "note  Say what it costs."]);
    terminal.send(key::ENTER);
    terminal.see(&["Report · Rust backend engineer", "this answer", "note  Say what it costs."]);
    terminal.send("q");
    terminal.see(&["Starred and noted questions"]);
}

#[test]
fn an_unsaved_note_outlives_kill_9() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.send(F7);
    terminal.see(&["your note"]);
    terminal.send("This must not be lost.");
    terminal.see(&["5 words", "saved here"]);
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["Continue"]);
    terminal.send(key::ENTER);
    terminal.see(&["your answer", "note  This must not be lost."]);
    let left = home.path().join(".local/share/viva/drafts/local/notes");
    while std::fs::read_dir(&left).unwrap().count() > 0 {
        std::thread::yield_now();
    }
}
