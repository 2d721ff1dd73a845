//! What people expect of a text field: undo, copying marked text, and an external editor that shows
//! the question.

use std::{fs, os::unix::fs::PermissionsExt as _};

use crate::support::{Terminal, begin_interview, key};

const CTRL_Z: &str = "\x1a";
const CTRL_X: &str = "\x18";
const CTRL_V: &str = "\x16";
const END: &str = "\x1b[F";
const CTRL_SHIFT_LEFT: &str = "\x1b[1;6D";

#[test]
fn undo_removes_a_word_and_the_editors_whole_change_at_once() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.send("one two three four");
    terminal.see(&["│ one two three four", "4 words"]);
    terminal.send(CTRL_Z);
    terminal.see(&["3 words"]);
    terminal.send(key::CTRL_E);
    terminal.see(&["and from the editor"]);
    terminal.send(CTRL_Z);
    terminal.see(&["│ one two three  ", "3 words"]);
}

#[test]
fn marked_words_go_to_the_terminals_clipboard_and_can_be_pasted() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.send("wait in the queue");
    terminal.see(&["4 words"]);
    terminal.send(CTRL_SHIFT_LEFT);
    terminal.send(key::CTRL_C);
    terminal.see(&["Copied 1 word. Ctrl+V pastes here."]);
    terminal.see_sent("\x1b]52;c;cXVldWU=\x07");
    terminal.send(END);
    terminal.send(CTRL_SHIFT_LEFT);
    terminal.send(CTRL_X);
    terminal.see(&["3 words"]);
    terminal.send(CTRL_V);
    terminal.send(CTRL_V);
    terminal.see(&["│ wait in the queuequeue"]);
}

#[test]
fn an_editor_is_found_if_none_is_set_and_sees_the_question_apart_from_the_answer() {
    let home = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (program, seen) = (folder.path().join("nano"), folder.path().join("seen"));
    let script = format!("#!/bin/sh\n/bin/cat \"$1\" > {}\necho mine >> \"$1\"\n", seen.display());
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = folder.path().to_str().unwrap();
    let settings = [("EDITOR", ""), ("PATH", path)];
    let mut terminal = Terminal::start_with(home.path(), &[], &settings);
    begin_interview(&mut terminal, 1);
    terminal.send("begun here");
    terminal.see(&["2 words"]);
    terminal.send(key::CTRL_E);
    terminal.see(&["│ begun here", "│ mine", "3 words"]);
    let seen = fs::read_to_string(seen).unwrap();
    assert!(seen.starts_with("> ") && seen.contains("below this line"), "{seen}");
    assert!(seen.ends_with("\n\nbegun here\n"), "{seen}");
}
