//! Other programs stop the app, continue it, write over its screen and end it.

use std::{fs, path::Path, thread, time::Duration};

use crate::support::{ANSWER, Terminal, begin_interview, key};

/// The process whose id is in this file.
fn number(file: &Path) -> String {
    loop {
        match fs::read_to_string(file) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            _ => thread::sleep(Duration::from_millis(10)),
        }
    }
}

fn send(signal: &str, process: &str) {
    let done = std::process::Command::new("kill").args(["-s", signal, process]).status().unwrap();
    assert!(done.success());
}

/// A shell with job control that runs the app, prints a line when it is stopped, and continues it
/// when a line is entered; three times.
fn under_a_shell(home: &Path) -> (Terminal, String) {
    let script = format!(
        "set -m; {} & echo $! > \"$HOME/number\"; \
         for stop in 1 2 3; do fg > /dev/null; echo the shell has it; read line; done; fg > /dev/null",
        env!("CARGO_BIN_EXE_viva")
    );
    let terminal = Terminal::start_shell(home, &script, &[]);
    let number = number(&home.join("number"));
    (terminal, number)
}

#[test]
fn a_stop_from_outside_returns_the_terminal_to_the_shell_and_then_to_the_app() {
    let home = tempfile::tempdir().unwrap();
    let (mut terminal, app) = under_a_shell(home.path());
    terminal.see(&["starts your first interview"]);
    for stop in ["TSTP", "STOP", "key"] {
        match stop {
            "key" => terminal.send("\x1a"),
            signal => send(signal, &app),
        }
        terminal.see(&["the shell has it"]);
        if stop != "STOP" {
            terminal.see_it_given_back();
        }
        terminal.resize(90, 24);
        terminal.resize(80, 24);
        // Not every shell changes the terminal's mode itself.
        terminal.send("\n");
        terminal.see(&["starts your first interview"]);
        terminal.see_no_more("the shell has it");
        // The terminal is in raw mode again, so a key needs no Enter.
        terminal.send("?");
        terminal.see(&["Start a new interview"]);
        terminal.send(key::ESC);
        terminal.see(&["starts your first interview", "n new"]);
        // If it was stopped in the middle of a frame, it would draw the rest later.
        terminal.see_no_more("To the bottom");
    }
    send("TERM", &app);
    terminal.see_it_given_back();
}

#[test]
fn a_stop_and_a_continue_without_a_shell_leave_the_screen_intact() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.send("still here");
    terminal.see(&["still here", "saved"]);
    for stop in ["TSTP", "STOP"] {
        terminal.signal(stop);
        if stop == "TSTP" {
            terminal.see_it_given_back();
        }
        terminal.see_it_stopped();
        terminal.scribble();
        terminal.signal("CONT");
        terminal.see_no_scribble();
        terminal.see(&["still here", "Ctrl+D submit", "your answer"]);
    }
    terminal.send("!");
    terminal.see(&["still here!"]);
    // The app was not stopped this time.
    terminal.scribble();
    terminal.signal("CONT");
    terminal.see_no_scribble();
    terminal.see(&["still here!", "Ctrl+D submit"]);
}

/// Presses Ctrl+L after another program has written over the screen.
fn draws_again(terminal: &mut Terminal) {
    // The screen may change meanwhile for other reasons.
    for _ in 0..5 {
        let before = terminal.picture();
        terminal.scribble();
        terminal.send("\x0c");
        terminal.see_no_scribble();
        terminal.see_line("a header", |line| !line.trim().is_empty());
        if terminal.picture() == before {
            return;
        }
    }
    panic!("the screen is not restored:\n{}", terminal.contents());
}

#[test]
fn ctrl_l_draws_every_cell_again_on_every_screen() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["starts your first interview"]);
    draws_again(&mut terminal);
    for (keys, seen) in [(",", "Settings"), (key::ESC, "first interview"), (":", "All commands")] {
        terminal.send(keys);
        terminal.see(&[seen]);
        draws_again(&mut terminal);
    }
    terminal.send(key::ESC);
    terminal.see_no_more("All commands");
    terminal.send("?");
    terminal.see(&["First steps"]);
    draws_again(&mut terminal);
    terminal.send(key::ESC);
    terminal.see_no_more("First steps");
    begin_interview(&mut terminal, 1);
    terminal.send(ANSWER);
    terminal.see(&["11 words", "saved"]);
    draws_again(&mut terminal);
    terminal.send(key::CTRL_D);
    terminal.see(&["Submit 11 words?"]);
    draws_again(&mut terminal);
    terminal.send(key::ENTER);
    terminal.see(&["Report · Rust backend engineer", "1 of 1 evaluated"]);
    draws_again(&mut terminal);
    terminal.resize(40, 10);
    terminal.see(&["Viva needs"]);
    draws_again(&mut terminal);
}

#[test]
fn a_signal_while_the_editor_is_open_ends_the_app_as_usual() {
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let home = tempfile::tempdir().unwrap();
        let editor = "sh -c 'echo saved there >> \"$0\"; echo it is open; exec sleep 60'";
        let mut terminal = Terminal::start_with(home.path(), &[], &[("EDITOR", editor)]);
        begin_interview(&mut terminal, 1);
        terminal.send("Typed right before.");
        terminal.see(&["Typed right before."]);
        terminal.send(key::CTRL_E);
        terminal.see(&["it is open"]);
        terminal.signal(signal);
        assert_eq!(terminal.end(), code, "{signal}");
        terminal.see_it_given_back();
        terminal.see(&["What was saved in the editor is in "]);
        let mut terminal = Terminal::start(home.path(), &[]);
        terminal.see(&["Continue", "draft saved"]);
        terminal.send(key::ENTER);
        terminal.see(&["Typed right before."]);
    }
}

#[test]
fn an_editor_that_stops_takes_the_app_along_to_the_shell() {
    let home = tempfile::tempdir().unwrap();
    // As vi does at Ctrl+Z: it stops its whole process group.
    let editor = home.path().join("editor");
    fs::write(&editor, "kill -s TSTP 0\nprintf 'after the stop' >> \"$1\"\n").unwrap();
    let script = format!(
        "set -m; {}; echo the shell has it; read line; fg > /dev/null; echo it ended",
        env!("CARGO_BIN_EXE_viva")
    );
    let editor = format!("sh {}", editor.display());
    let mut terminal = Terminal::start_shell(home.path(), &script, &[("EDITOR", &editor)]);
    begin_interview(&mut terminal, 1);
    terminal.send(key::CTRL_E);
    terminal.see(&["the shell has it"]);
    terminal.send("\r");
    terminal.see(&["after the stop", "3 words"]);
}

#[test]
fn ctrl_z_does_nothing_without_a_shell_that_could_continue_the_app() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["starts your first interview"]);
    terminal.send("\x1a");
    terminal.see_sent("\x1b[?1049l");
    terminal.send("n");
    terminal.see(&["New interview", "Role"]);
}

#[test]
fn an_app_terminated_while_stopped_ends_by_that_signal_once_continued() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.send("Typed right before.");
    terminal.see(&["Typed right before."]);
    terminal.signal("STOP");
    terminal.see_it_stopped();
    terminal.signal("QUIT");
    terminal.signal("CONT");
    assert_eq!(terminal.end(), 131);
    terminal.see_it_given_back();
    Terminal::start(home.path(), &[]).see(&["Continue", "draft saved"]);
}
