//! Typed text outlives any end of the program, and the terminal is restored.

use crate::support::{Terminal, answer, begin_interview, key};

/// Starts again in the same home and opens the interview at its last question.
fn start_again(home: &std::path::Path) -> Terminal {
    let mut terminal = Terminal::start(home, &[]);
    terminal.see(&["Continue", "draft saved"]);
    terminal.send(key::ENTER);
    terminal.see(&["your answer"]);
    terminal
}

#[test]
fn a_draft_outlives_kill_9() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.send("This must not be lost.");
    terminal.see(&["5 words", "saved"]);
    terminal.signal("KILL");
    terminal.end();
    start_again(home.path()).see(&["This must not be lost."]);
}

#[test]
fn an_answer_to_a_point_outlives_kill_9_too() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    answer(&mut terminal);
    terminal.see(&["To work on"]);
    terminal.send(key::ESC);
    terminal.see(&["d review"]);
    terminal.send("d");
    terminal.see(&["your answer, a sentence or two"]);
    terminal.send("It returns early.");
    terminal.see(&["3 words", "saved"]);
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["d review"]);
    terminal.send("d");
    terminal.see(&["It returns early.", "3 words"]);
}

#[test]
fn a_signal_saves_the_last_key_and_restores_the_terminal() {
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = Terminal::start(home.path(), &[]);
        begin_interview(&mut terminal, 1);
        terminal.send("Typed right before.");
        terminal.see(&["Typed right before."]);
        terminal.signal(signal);
        assert_eq!(terminal.end(), code);
        terminal.see_it_given_back();
        start_again(home.path()).see(&["Typed right before."]);
    }
}

#[test]
fn ctrl_c_asks_to_be_pressed_again() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.send("Typed right before.");
    terminal.send(key::CTRL_C);
    terminal.see(&["Press Ctrl+C again to quit"]);
    terminal.send(key::CTRL_C);
    assert_eq!(terminal.end(), 0);
    terminal.see_it_given_back();
    start_again(home.path()).see(&["Typed right before."]);
}

#[test]
fn an_app_that_could_not_start_says_why_and_does_not_end_with_0() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".local/share/viva");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("viva.db"), "Dear diary").unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["is not a Viva database"]);
    terminal.send("q");
    assert_eq!(terminal.end(), 1);
    assert_eq!(std::fs::read_to_string(folder.join("viva.db")).unwrap(), "Dear diary");
}
