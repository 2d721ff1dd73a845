//! Clicks, dragging and the wheel.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::{
    model::{Screen, preferences::Switch},
    msg::Event,
    testing::{Script, data},
};

const PRESS: MouseEventKind = MouseEventKind::Down(MouseButton::Left);
const DRAG: MouseEventKind = MouseEventKind::Drag(MouseButton::Left);

fn with_mouse(mut script: Script) -> Script {
    script.model.preferences.mouse = Switch::On;
    script
}

/// Does something with the mouse at the start of a text on the screen, or `beside` columns from it.
fn at(script: &mut Script, kind: MouseEventKind, text: &str, beside: u16) {
    let screen = script.screen(80, 24);
    let found =
        screen.lines().enumerate().find_map(|(row, line)| Some((row, line.find(text)?, line)));
    let (row, byte, line) = found.unwrap_or_else(|| panic!("no {text:?} in\n{screen}"));
    let column = u16::try_from(line[..byte].chars().count()).unwrap() + beside;
    let row = u16::try_from(row).unwrap();
    script.event(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
}

#[test]
fn a_click_selects_a_row_and_another_opens_it() {
    let mut script = with_mouse(Script::at_dashboard(data::history()));
    let rows = script.model.dashboard.visible();
    // A long role is cut off on the screen.
    let role = rows.last().unwrap().role.split(' ').next().unwrap().to_owned();
    let last = rows.len() - 1;
    at(&mut script, PRESS, &role, 1);
    assert_eq!((script.model.dashboard.selected, script.model.screen), (last, Screen::Dashboard));
    at(&mut script, PRESS, &role, 1);
    assert_ne!(script.model.screen, Screen::Dashboard);
}

#[test]
fn a_click_on_a_key_presses_it() {
    let mut script = with_mouse(Script::at_dashboard(data::history()));
    at(&mut script, PRESS, "n new", 3);
    assert_eq!(script.model.screen, Screen::NewInterview);
    at(&mut script, PRESS, "Esc back", 0);
    assert_eq!(script.model.screen, Screen::Dashboard);
}

#[test]
fn a_second_click_before_the_next_frame_does_nothing() {
    let mut script = with_mouse(Script::at_dashboard(data::history()));
    script.screen(80, 24);
    let row = 23;
    let click = MouseEvent { kind: PRESS, column: 16, row, modifiers: KeyModifiers::NONE };
    script.event(Event::Mouse(click));
    let screen = script.model.screen;
    script.event(Event::Mouse(click));
    assert_eq!(script.model.screen, screen);
}

#[test]
fn a_click_moves_the_cursor_and_dragging_selects() {
    let mut script = with_mouse(Script::in_interview(data::begun()));
    script.types("one two three");
    at(&mut script, PRESS, "two", 0);
    at(&mut script, DRAG, "two", 3);
    let editor = |script: &Script| {
        let editor = script.model.open.as_ref().unwrap().editor().unwrap();
        (editor.text(), editor.marked_text())
    };
    assert_eq!(editor(&script).1.as_deref(), Some("two"));
    script.types("2");
    assert_eq!(editor(&script), ("one 2 three".to_owned(), None));
    at(&mut script, PRESS, "your answer", 0);
    at(&mut script, DRAG, "three", 2);
    assert_eq!(editor(&script).1, None, "dragging begins in the text");
}

#[test]
fn a_click_on_the_strip_goes_to_the_question() {
    let mut script = with_mouse(Script::in_interview(data::begun()));
    at(&mut script, PRESS, "4 ·", 0);
    assert_eq!(script.model.open.as_ref().unwrap().current, 3);
    let mut script = with_mouse(Script::in_report(data::complete(), 0));
    let selected = |script: &Script| script.model.open.as_ref().unwrap().selected;
    at(&mut script, PRESS, " 2 ", 1);
    assert_eq!(selected(&script), 2);
    at(&mut script, PRESS, "summary", 0);
    assert_eq!(selected(&script), 0);
}

#[test]
fn the_wheel_is_the_arrow_keys() {
    let mut script = with_mouse(Script::at_dashboard(data::history()));
    let before = script.model.dashboard.selected;
    at(&mut script, MouseEventKind::ScrollDown, "Interviews", 0);
    let last = script.model.dashboard.visible().len() - 1;
    assert_eq!(script.model.dashboard.selected, (before + 3).min(last));
}
