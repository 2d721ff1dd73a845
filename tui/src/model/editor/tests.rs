//! Keys in a text, and the resulting text and caret.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::*;

const ROOM: Room = Room { columns: 12, rows: 4 };

fn press(editor: &mut Editor, code: KeyCode, modifiers: KeyModifiers) -> bool {
    editor.key_in(KeyEvent::new(code, modifiers), ROOM)
}

fn ctrl(editor: &mut Editor, c: char) -> bool {
    press(editor, KeyCode::Char(c), KeyModifiers::CONTROL)
}

fn types(editor: &mut Editor, text: &str) {
    for c in text.chars() {
        let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
        press(editor, code, KeyModifiers::NONE);
    }
}

/// The text with a bar at the caret.
fn seen(editor: &Editor) -> String {
    let (before, after) = editor.buffer.text().split_at(editor.buffer.caret());
    format!("{before}|{after}")
}

#[test]
fn every_chord_that_terminals_confuse_with_enter_breaks_the_line() {
    let mut editor = Editor::lines("a");
    press(&mut editor, KeyCode::Enter, KeyModifiers::NONE);
    press(&mut editor, KeyCode::Enter, KeyModifiers::CONTROL);
    press(&mut editor, KeyCode::Enter, KeyModifiers::SHIFT);
    ctrl(&mut editor, 'j');
    assert_eq!(editor.text(), "a\n\n\n\n");
}

#[test]
fn a_paste_with_carriage_returns_keeps_its_lines() {
    let mut editor = Editor::lines("");
    editor.insert("one\rtwo\r\nthree");
    assert_eq!(editor.text(), "one\ntwo\nthree");
    let mut field = Editor::line("");
    field.insert("one\r\ntwo");
    assert_eq!(field.text(), "one two");
}

#[test]
fn undo_removes_a_word_and_redo_restores_it() {
    let mut editor = Editor::lines("");
    types(&mut editor, "one two three four");
    assert!(editor.undo());
    assert_eq!(editor.text(), "one two three ");
    editor.undo();
    assert_eq!(editor.text(), "one two ");
    editor.redo();
    editor.redo();
    assert_eq!(seen(&editor), "one two three four|");
    assert!(!editor.redo());
}

#[test]
fn a_pause_begins_a_new_undo_step() {
    let mut editor = Editor::lines("");
    let at = |ms| Timestamp::from_millisecond(ms).unwrap();
    for (moment, text) in [(0, "under"), (500, "stand"), (1_600, "ing")] {
        editor.pass_time(at(moment));
        types(&mut editor, text);
    }
    editor.undo();
    assert_eq!(editor.text(), "understand");
    editor.undo();
    assert_eq!(editor.text(), "");
}

#[test]
fn deleted_text_is_restored_a_word_at_a_time() {
    let mut editor = Editor::lines("one two three");
    for _ in 0..9 {
        press(&mut editor, KeyCode::Backspace, KeyModifiers::NONE);
    }
    assert_eq!(editor.text(), "one ");
    editor.undo();
    assert_eq!(editor.text(), "one two");
    editor.undo();
    assert_eq!(editor.text(), "one two three");
}

#[test]
fn a_replacement_is_one_step_of_undo() {
    let mut editor = Editor::lines("before");
    editor.replace("after\nwards");
    assert_eq!(editor.text(), "after\nwards");
    editor.undo();
    assert_eq!(editor.text(), "before");
    assert!(!editor.undo());
    editor.select_all();
    types(&mut editor, "x");
    assert_eq!(editor.text(), "x");
    editor.undo();
    assert_eq!(editor.text(), "before");
}

#[test]
fn words_can_be_deleted_and_skipped() {
    let mut editor = Editor::lines("two words here");
    ctrl(&mut editor, 'w');
    assert_eq!(editor.text(), "two words ");
    press(&mut editor, KeyCode::Char('b'), KeyModifiers::ALT);
    assert_eq!(seen(&editor), "two |words ");
    press(&mut editor, KeyCode::Char('b'), KeyModifiers::ALT);
    press(&mut editor, KeyCode::Char('f'), KeyModifiers::ALT);
    assert_eq!(seen(&editor), "two| words ");
    press(&mut editor, KeyCode::Delete, KeyModifiers::CONTROL);
    assert_eq!(seen(&editor), "two| ");
}

#[test]
fn home_end_and_the_deleting_chords_act_on_the_visible_row() {
    let text = "one two thr four five s seven";
    let mut editor = Editor::lines(text);
    press(&mut editor, KeyCode::Up, KeyModifiers::NONE);
    press(&mut editor, KeyCode::Home, KeyModifiers::NONE);
    assert_eq!(seen(&editor), "one two thr |four five s seven");
    press(&mut editor, KeyCode::End, KeyModifiers::NONE);
    assert_eq!(seen(&editor), "one two thr four five s| seven");
    ctrl(&mut editor, 'u');
    assert_eq!(seen(&editor), "one two thr | seven");
    editor.undo();
    press(&mut editor, KeyCode::Home, KeyModifiers::NONE);
    ctrl(&mut editor, 'k');
    assert_eq!(seen(&editor), "one two thr |seven");
    // At the start of a row, the rows above are deleted, one at a time.
    ctrl(&mut editor, 'u');
    assert_eq!(seen(&editor), "|seven");
    assert!(!ctrl(&mut editor, 'u'));
}

#[test]
fn at_the_end_of_a_line_the_line_end_is_deleted() {
    let mut editor = Editor::lines("one\ntwo");
    ctrl(&mut editor, 'u');
    assert_eq!(seen(&editor), "one\n|");
    ctrl(&mut editor, 'u');
    assert_eq!(seen(&editor), "one|");
    let mut editor = Editor::lines("one\ntwo");
    press(&mut editor, KeyCode::Home, KeyModifiers::CONTROL);
    assert_eq!(seen(&editor), "|one\ntwo");
    ctrl(&mut editor, 'k');
    ctrl(&mut editor, 'k');
    assert_eq!(seen(&editor), "|two");
}

#[test]
fn shift_selects_up_and_down_too_and_a_move_clears_the_selection() {
    let mut editor = Editor::lines("one two thr four");
    press(&mut editor, KeyCode::Up, KeyModifiers::SHIFT);
    assert_eq!(editor.marked_text().unwrap(), "two thr four");
    press(&mut editor, KeyCode::Down, KeyModifiers::SHIFT);
    assert_eq!(editor.marked_text(), None);
    press(&mut editor, KeyCode::Home, KeyModifiers::SHIFT);
    assert_eq!(editor.marked_text().unwrap(), "four");
    press(&mut editor, KeyCode::Right, KeyModifiers::NONE);
    assert_eq!((seen(&editor).as_str(), editor.marked()), ("one two thr four|", None));
    press(&mut editor, KeyCode::Left, KeyModifiers::SHIFT | KeyModifiers::CONTROL);
    assert!(press(&mut editor, KeyCode::Backspace, KeyModifiers::NONE));
    assert_eq!(editor.text(), "one two thr ");
}

#[test]
fn backspace_and_the_caret_treat_an_emoji_as_one() {
    let mut editor = Editor::lines("go 👩\u{200d}💻🇹🇷");
    press(&mut editor, KeyCode::Left, KeyModifiers::NONE);
    assert_eq!(seen(&editor), "go 👩\u{200d}💻|🇹🇷");
    press(&mut editor, KeyCode::Backspace, KeyModifiers::NONE);
    assert_eq!(seen(&editor), "go |🇹🇷");
    press(&mut editor, KeyCode::Delete, KeyModifiers::NONE);
    assert_eq!(seen(&editor), "go |");
}

#[test]
fn the_caret_keeps_its_column_over_a_short_row() {
    let mut editor = Editor::lines("a long row\nb\nanother row");
    press(&mut editor, KeyCode::Up, KeyModifiers::NONE);
    assert_eq!(seen(&editor), "a long row\nb|\nanother row");
    press(&mut editor, KeyCode::Up, KeyModifiers::NONE);
    assert_eq!(seen(&editor), "a long row|\nb\nanother row");
    press(&mut editor, KeyCode::Up, KeyModifiers::NONE);
    press(&mut editor, KeyCode::Up, KeyModifiers::NONE);
    assert_eq!(seen(&editor), "|a long row\nb\nanother row");
}

#[test]
fn a_password_is_shown_as_stars_and_never_copied() {
    let mut editor = Editor::hidden();
    editor.insert("geheim");
    editor.select_all();
    assert_eq!((editor.shown().as_str(), editor.marked_text()), ("******", None));
}
