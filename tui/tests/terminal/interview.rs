//! A whole interview on the embedded server, with nothing set up.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use crate::support::{Terminal, answer, begin_interview, key};

#[test]
fn from_an_empty_home_to_a_report() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 3);
    for next in ["2 of 3", "3 of 3"] {
        answer(&mut terminal);
        terminal.see(&[next]);
    }
    answer(&mut terminal);
    terminal.see(&["Report · Rust backend engineer", "3 of 3 evaluated", "offline estimate"]);
    terminal.send(key::RIGHT);
    terminal.see(&["this answer", "✗"]);
    terminal.send(key::TAB);
    terminal.see(&["Your answer, 11 words"]);
    terminal.send(key::TAB);
    terminal.see(&["Example of a good answer"]);
    terminal.send("e");
    terminal.see(&["Saved in ", "viva-report-1-rust-backend-engineer.md"]);
    let saved = fs::read_to_string(home.path().join("viva-report-1-rust-backend-engineer.md"));
    assert!(saved.unwrap().starts_with("# Rust backend engineer\n"));
    terminal.send(key::ESC);
    // Escape and a letter that arrive together are a different key.
    terminal.see_no_more("Saved in ");
    terminal.send("q");
    terminal.see(&["> Rust backend engineer", "3 of 3"]);
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    terminal.see_it_given_back();
    no_one_else_can_read(home.path());
}

/// Checks that only their owner can read Viva's files.
fn no_one_else_can_read(home: &Path) {
    let data = home.join(".local/share/viva");
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o077, 0);
    let key = fs::metadata(data.join("secret_key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    let drafts = fs::read_dir(data.join("drafts/local")).unwrap().count();
    assert_eq!(drafts, 0, "the server has every answer, so no draft is left");
}

#[test]
fn only_a_confirmed_submission_submits() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.paste("one line\rand another\r\nand a third\r");
    terminal.see(&["│ one line", "│ and another", "│ and a third", "7 words"]);
    terminal.send(key::ENTER);
    terminal.send(key::CTRL_J);
    terminal.send("after three line breaks");
    terminal.see(&["│ after three line breaks", "11 words"]);
    terminal.send(key::CTRL_D);
    terminal.see(&["Submit 11 words?"]);
    terminal.send(key::ESC);
    terminal.see(&["Ctrl+D submit"]);
    terminal.send(key::ESC);
    terminal.see(&["Continue", "draft saved", "11 words", "0 of 1"]);
}

#[test]
fn the_external_editor_takes_the_terminal_and_returns_it() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.send("typed here ");
    terminal.see(&["2 words"]);
    terminal.send(key::CTRL_E);
    terminal.see(&["and from the editor", "6 words"]);
    terminal.send("!");
    terminal.see(&["and from the editor!"]);
}

#[test]
fn no_terminal_size_breaks_the_screen() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.send("still here");
    for (columns, rows) in [(60, 16), (59, 15), (20, 5), (1, 1), (120, 40)] {
        terminal.resize(columns, rows);
    }
    terminal.see(&["still here", "2 words"]);
    terminal.resize(59, 15);
    terminal.see(&["Viva needs 60 columns and 16 rows; this terminal has 59 and"]);
    terminal.resize(80, 24);
    terminal.see(&["still here", "Ctrl+D submit"]);
}

#[test]
fn no_locale_means_ascii() {
    let home = tempfile::tempdir().unwrap();
    let terminal = Terminal::start_with(home.path(), &[], &[("LANG", "")]);
    terminal.see(&["starts your first interview"]);
    let contents = terminal.contents();
    assert!(contents.is_ascii(), "{contents}");
}
