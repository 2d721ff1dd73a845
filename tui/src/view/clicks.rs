//! Notes where the drawn screen can be clicked.

use std::cmp::Ordering;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::model::{Model, places::Place};

/// A click on the first row of `area` presses `key`.
pub(crate) fn key(model: &Model, area: Rect, key: impl Into<KeyEvent>, times: usize) {
    if !area.is_empty() {
        let columns = area.x..area.right();
        model.places.add(Place { columns, row: area.y, key: key.into(), times });
    }
}

/// A click on the first row of `area` selects the entry `at` of a list; on the `selected` one, it presses Enter.
pub(crate) fn entry(model: &Model, area: Rect, at: usize, selected: usize) {
    let code = match at.cmp(&selected) {
        Ordering::Less => KeyCode::Up,
        Ordering::Greater => KeyCode::Down,
        Ordering::Equal => KeyCode::Enter,
    };
    key(model, area, code, at.abs_diff(selected).max(1));
}

/// The same for the rows of a list with one entry a row, of which `top` is the first that is shown.
pub(crate) fn list(model: &Model, area: Rect, entries: std::ops::Range<usize>, selected: usize) {
    for (row, at) in (area.y..area.bottom()).zip(entries) {
        entry(model, Rect { y: row, height: 1, ..area }, at, selected);
    }
}
