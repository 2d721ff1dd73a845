//! Where the screen as it is drawn can be clicked. Each place stands for a key, so that a click does nothing
//! that a key does not do.

use std::{cell::RefCell, ops::Range};

use crossterm::event::KeyEvent;

/// A part of the screen, and what a click on it presses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its columns, from 0 at the left.
    pub(crate) columns: Range<u16>,
    /// Its row, from 0 at the top.
    pub(crate) row: u16,
    /// The key.
    pub(crate) key: KeyEvent,
    /// How many times it is pressed.
    pub(crate) times: usize,
}

/// The places of the last frame. Drawing fills them in, which is why they can be changed in a model that is
/// only lent: like a layout, they follow from the rest of the model.
#[derive(Debug, Default)]
pub(crate) struct Places(RefCell<Vec<Place>>);

impl Places {
    /// Forgets them, before a frame is drawn.
    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    /// Adds one.
    pub(crate) fn add(&self, place: Place) {
        self.0.borrow_mut().push(place);
    }

    /// Takes the place at a cell. The others are forgotten, too: after the click, the screen is another.
    pub(crate) fn take(&self, column: u16, row: u16) -> Option<Place> {
        let mut places = self.0.borrow_mut();
        let at = places.iter().position(|it| it.row == row && it.columns.contains(&column))?;
        let place = places.swap_remove(at);
        places.clear();
        Some(place)
    }
}
