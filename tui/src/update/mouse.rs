//! The mouse, where the setting turns it on: a click does what the key shown there does, or moves the caret;
//! dragging selects text; the wheel scrolls like the arrow keys.

use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};

use super::{editing, keyboard};
use crate::{effect::Effect, model::Model};

/// How many lines a notch of the wheel scrolls.
const NOTCH: usize = 3;

/// Handles a click, a move with the button held down, or the wheel.
pub(super) fn act(model: &mut Model, mouse: MouseEvent) -> Vec<Effect> {
    let cell = (mouse.column, mouse.row);
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => match model.places.take(mouse.column, mouse.row)
        {
            Some(place) => press(model, place.key, place.times),
            None => editing::point(model, cell, false),
        },
        MouseEventKind::Drag(MouseButton::Left) => editing::point(model, cell, true),
        MouseEventKind::ScrollUp => press(model, KeyCode::Up.into(), NOTCH),
        MouseEventKind::ScrollDown => press(model, KeyCode::Down.into(), NOTCH),
        _ => Vec::new(),
    }
}

fn press(model: &mut Model, key: crossterm::event::KeyEvent, times: usize) -> Vec<Effect> {
    (0..times).flat_map(|_| keyboard::press(model, key)).collect()
}
