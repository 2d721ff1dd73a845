//! A text being edited, with Viva's own keys: a chord that terminals confuse with Enter inserts a
//! line break and never does anything else.

mod buffer;
mod history;
mod keys;
mod pointer;
#[cfg(test)]
mod tests;
mod vim;

use std::{
    cell::{Cell, RefCell},
    ops::Range,
    rc::Rc,
};

use jiff::Timestamp;

use self::{
    buffer::Buffer,
    history::{History, Step, Way},
};
pub(crate) use self::{pointer::Shown, vim::Done};
use super::soft_wrap::{self, Layout, Row, scrolled};
use crate::text;

/// After this many milliseconds without typing, a new undo step begins.
const PAUSE_MS: i64 = 1_000;

/// A text with a caret, undo and redo.
#[derive(Debug, Default)]
pub(crate) struct Editor {
    buffer: Buffer,
    history: History,
    one_line: bool,
    hidden: bool,
    /// The first visible row, as far as the caret allows.
    top: usize,
    /// The cell that the caret keeps to while it moves up and down.
    aim: Option<usize>,
    typed_at: Timestamp,
    /// The mode of vim's keys.
    vim: vim::State,
    /// Where it was drawn last.
    shown: Cell<Option<Shown>>,
    /// Whether the mouse button was pressed in the text, so that moving it selects.
    is_dragged: bool,
    /// The rows for the width that was requested last.
    laid: RefCell<Option<(usize, Rc<[Row]>)>>,
}

/// The area in which an editor is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    /// Cells in a row.
    pub(crate) columns: usize,
    /// Rows.
    pub(crate) rows: usize,
}

impl Editor {
    /// A field of a single line.
    pub(crate) fn line(text: &str) -> Self {
        Self { one_line: true, ..Self::lines(text) }
    }

    /// A text of several lines.
    pub(crate) fn lines(text: &str) -> Self {
        Self { buffer: Buffer::new(text.to_owned()), ..Self::default() }
    }

    /// A field of a single line that hides what is typed.
    pub(crate) fn hidden() -> Self {
        Self { hidden: true, ..Self::line("") }
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        self.buffer.text().to_owned()
    }

    /// The text as shown: a hidden one has a star for each character.
    pub(crate) fn shown(&self) -> String {
        let text = self.buffer.text();
        if self.hidden { "*".repeat(text.chars().count()) } else { text.to_owned() }
    }

    /// The caret's position in the text as shown.
    pub(crate) fn caret_shown(&self) -> usize {
        let caret = self.buffer.caret();
        if self.hidden { self.buffer.text()[..caret].chars().count() } else { caret }
    }

    /// The selection, in bytes of the text; `None` if the text is hidden.
    pub(crate) fn marked(&self) -> Option<Range<usize>> {
        self.selection().filter(|_| !self.hidden)
    }

    /// The selected text, for copying.
    pub(crate) fn marked_text(&self) -> Option<String> {
        self.marked().map(|range| self.buffer.text()[range].to_owned())
    }

    /// Whether the text is empty or white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.buffer.text().trim().is_empty()
    }

    /// Replaces the whole text, as one undo step.
    pub(crate) fn replace(&mut self, text: &str) {
        let whole = 0..self.buffer.text().len();
        self.change(whole, text, Way::Whole);
    }

    /// Selects the whole text, so that typing replaces it.
    pub(crate) fn select_all(&mut self) {
        self.buffer.mark_all();
    }

    /// Clears the selection.
    pub(crate) fn unmark(&mut self) {
        self.vim.end_selection();
        self.buffer.go(self.buffer.caret(), false);
    }

    /// Deletes the selected text. Returns whether there was any.
    pub(crate) fn delete_marked(&mut self) -> bool {
        self.selection().is_some_and(|range| self.change(range, "", Way::Whole))
    }

    /// Inserts a pasted text in place of the selection. Returns whether the text changed.
    pub(crate) fn insert(&mut self, text: &str) -> bool {
        let mut text = text::typed(text);
        if self.one_line {
            text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        !text.is_empty() && self.change(self.place_to_type(), &text, Way::Whole)
    }

    /// Notes the time; after a pause, the next change begins a new undo step.
    pub(crate) fn pass_time(&mut self, now: Timestamp) {
        if now.as_millisecond() - self.typed_at.as_millisecond() >= PAUSE_MS {
            self.history.close_step();
        }
        self.typed_at = now;
    }

    /// Undoes the last word or replacement. Returns whether there was one.
    pub(crate) fn undo(&mut self) -> bool {
        let step = self.history.undo();
        self.make(step)
    }

    /// Redoes the last undone step. Returns whether there was one.
    pub(crate) fn redo(&mut self) -> bool {
        let step = self.history.redo();
        self.make(step)
    }

    /// The rows of the text at a width, computed once for each change.
    pub(crate) fn rows(&self, columns: usize) -> Rc<[Row]> {
        let mut laid = self.laid.borrow_mut();
        match &*laid {
            Some((known, rows)) if *known == columns => rows.clone(),
            _ => {
                let rows: Rc<[Row]> = soft_wrap::rows(self.buffer.text(), columns).into();
                *laid = Some((columns, rows.clone()));
                rows
            }
        }
    }

    /// The text in rows.
    pub(crate) fn layout<'t>(&'t self, rows: &'t [Row]) -> Layout<'t> {
        Layout::new(self.buffer.text(), rows)
    }

    /// Row and cell of the caret.
    pub(crate) fn caret(&self, layout: &Layout<'_>) -> (usize, usize) {
        layout.place(self.buffer.caret())
    }

    /// The first visible row, if `rows` of them fit.
    pub(crate) fn top(&self, caret: usize, rows: usize) -> usize {
        scrolled(self.top, caret, rows)
    }

    /// What typing replaces: the selection, or the empty range at the caret.
    fn place_to_type(&self) -> Range<usize> {
        self.selection().unwrap_or(self.buffer.caret()..self.buffer.caret())
    }

    fn change(&mut self, range: Range<usize>, with: &str, way: Way) -> bool {
        let at = range.start;
        let removed = self.buffer.replace(range, with);
        self.moved();
        let has_changed = removed != with;
        if has_changed {
            self.history.record(Step { at, removed, inserted: with.to_owned() }, way);
        }
        has_changed
    }

    fn make(&mut self, step: Option<Step>) -> bool {
        let Some(step) = step else { return false };
        self.buffer.replace(step.at..step.at + step.removed.len(), &step.inserted);
        self.moved();
        true
    }

    /// Forgets what was computed for the text, which has changed.
    fn moved(&mut self) {
        self.vim.end_selection();
        self.aim = None;
        *self.laid.borrow_mut() = None;
    }
}
