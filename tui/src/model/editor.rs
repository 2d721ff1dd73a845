//! A text that is being written: the editor widget with Viva's own keys for it, so that a chord
//! that terminals confuse types a line break and never does anything else.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Style;
use ratatui_textarea::{CursorMove, TextArea};

use super::soft_wrap::{Layout, scrolled};
use crate::text;

/// A text with a caret, undo and redo.
#[derive(Debug)]
pub(crate) struct Editor {
    area: TextArea<'static>,
    one_line: bool,
    /// The first row shown, as far as the caret allows.
    top: usize,
}

/// The room that an editor is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    /// Cells of a row.
    pub(crate) columns: usize,
    /// Rows.
    pub(crate) rows: usize,
}

impl Editor {
    /// A field of one line.
    pub(crate) fn line(text: &str) -> Self {
        Self::new(text, true)
    }

    /// A text of many lines.
    pub(crate) fn lines(text: &str) -> Self {
        Self::new(text, false)
    }

    /// A field of one line that does not show what is typed.
    pub(crate) fn hidden() -> Self {
        let mut editor = Self::line("");
        editor.area.set_mask_char('*');
        editor
    }

    fn new(text: &str, one_line: bool) -> Self {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        // The terminal's own caret is used, and the text has the terminal's own colours.
        area.set_cursor_style(Style::new());
        area.set_cursor_line_style(Style::new());
        area.set_selection_style(Style::new().reversed());
        area.set_max_histories(1_000);
        let mut editor = Self { area, one_line, top: 0 };
        editor.area.move_cursor(CursorMove::Bottom);
        editor.area.move_cursor(CursorMove::End);
        editor
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Whether there is nothing but white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.area.lines().iter().all(|line| line.trim().is_empty())
    }

    /// Puts another text in place of this one, as one step of undo.
    pub(crate) fn replace(&mut self, text: &str) {
        self.area.select_all();
        self.area.cut();
        self.insert(text);
    }

    /// Marks the whole text, so that typing replaces it.
    pub(crate) fn select_all(&mut self) {
        self.area.select_all();
    }

    /// Inserts a pasted text. Returns whether the text changed.
    pub(crate) fn insert(&mut self, text: &str) -> bool {
        let mut text = text::typed(text);
        if self.one_line {
            text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        !text.is_empty() && self.area.insert_str(text)
    }

    /// Takes back the last change. Returns whether there was one.
    pub(crate) fn undo(&mut self) -> bool {
        self.area.undo()
    }

    /// Makes it again.
    pub(crate) fn redo(&mut self) -> bool {
        self.area.redo()
    }

    /// Takes a key that has no meaning of its own, in a text that is shown in `room`. Returns
    /// whether the text changed.
    pub(crate) fn key_in(&mut self, key: KeyEvent, room: Room) -> bool {
        match key.code {
            KeyCode::Up => self.row(room, false),
            KeyCode::Down => self.row(room, true),
            _ => return self.key(key),
        }
        false
    }

    /// Takes a key that has no meaning of its own. Returns whether the text changed.
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let area = &mut self.area;
        match key.code {
            KeyCode::Enter => self.line_break(),
            KeyCode::Char('j' | 'm') if ctrl => self.line_break(),
            KeyCode::Char(c) if !ctrl && !alt && !c.is_control() => {
                area.insert_char(c);
                true
            }
            KeyCode::Backspace if ctrl || alt => area.delete_word(),
            KeyCode::Char('w') if ctrl => area.delete_word(),
            KeyCode::Backspace => area.delete_char(),
            // What Backspace sends on older terminals.
            KeyCode::Char('h') if ctrl => area.delete_char(),
            KeyCode::Delete if ctrl || alt => area.delete_next_word(),
            KeyCode::Delete => area.delete_next_char(),
            KeyCode::Char('k') if ctrl => area.delete_line_by_end(),
            KeyCode::Char('u') if ctrl => area.delete_line_by_head(),
            _ => {
                self.movement(key, ctrl || alt);
                false
            }
        }
    }

    /// The widget, for the view.
    pub(crate) fn widget(&self) -> &TextArea<'static> {
        &self.area
    }

    /// Row and cell of the caret.
    pub(crate) fn caret(&self, layout: &Layout<'_>) -> (usize, usize) {
        let caret = self.area.cursor();
        layout.place(caret.0, caret.1)
    }

    /// The first row to show in so many rows.
    pub(crate) fn top(&self, caret: usize, rows: usize) -> usize {
        scrolled(self.top, caret, rows)
    }

    /// Moves the caret a row up or down, and what is shown no more than it must.
    fn row(&mut self, room: Room, down: bool) {
        let layout = Layout::new(self.area.lines(), room.columns);
        let (row, cell) = self.caret(&layout);
        let (line, column) = match (row, down) {
            (0, false) => (0, 0),
            (row, true) if row + 1 == layout.rows.len() => layout.at(row, usize::MAX),
            (row, true) => layout.at(row + 1, cell),
            (row, false) => layout.at(row - 1, cell),
        };
        let (moved, _) = layout.place(line, column);
        self.top = scrolled(scrolled(self.top, row, room.rows), moved, room.rows);
        let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.area.cancel_selection();
        self.area.move_cursor(CursorMove::Jump(short(line), short(column)));
    }

    fn line_break(&mut self) -> bool {
        if !self.one_line {
            self.area.insert_newline();
        }
        !self.one_line
    }

    fn movement(&mut self, key: KeyEvent, by_word: bool) {
        let step = match key.code {
            KeyCode::Left if by_word => CursorMove::WordBack,
            KeyCode::Right if by_word => CursorMove::WordForward,
            KeyCode::Home if by_word => CursorMove::Top,
            KeyCode::End if by_word => CursorMove::Bottom,
            KeyCode::Left => CursorMove::Back,
            KeyCode::Right => CursorMove::Forward,
            KeyCode::Home => CursorMove::Head,
            KeyCode::End => CursorMove::End,
            KeyCode::Char('a') if key.modifiers.contains(KeyModifiers::CONTROL) => CursorMove::Head,
            _ => return,
        };
        match (key.modifiers.contains(KeyModifiers::SHIFT), self.area.is_selecting()) {
            (true, false) => self.area.start_selection(),
            (false, true) => self.area.cancel_selection(),
            _ => {}
        }
        self.area.move_cursor(step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(editor: &mut Editor, code: KeyCode, modifiers: KeyModifiers) -> bool {
        editor.key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn every_chord_that_terminals_confuse_with_enter_breaks_the_line() {
        let mut editor = Editor::lines("a");
        press(&mut editor, KeyCode::Enter, KeyModifiers::NONE);
        press(&mut editor, KeyCode::Enter, KeyModifiers::CONTROL);
        press(&mut editor, KeyCode::Enter, KeyModifiers::SHIFT);
        press(&mut editor, KeyCode::Char('j'), KeyModifiers::CONTROL);
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
    fn replacing_a_text_can_be_undone() {
        let mut editor = Editor::lines("before");
        editor.replace("after\nwards");
        assert_eq!(editor.text(), "after\nwards");
        while editor.undo() {}
        assert_eq!(editor.text(), "before");
    }

    #[test]
    fn typing_over_a_marked_text_replaces_it() {
        let mut editor = Editor::line("Data engineer");
        editor.select_all();
        press(&mut editor, KeyCode::Char('x'), KeyModifiers::NONE);
        assert_eq!(editor.text(), "x");
    }

    #[test]
    fn words_can_be_deleted() {
        let mut editor = Editor::lines("two words");
        press(&mut editor, KeyCode::Char('w'), KeyModifiers::CONTROL);
        assert_eq!(editor.text(), "two ");
        press(&mut editor, KeyCode::Char('u'), KeyModifiers::CONTROL);
        assert!(editor.is_blank());
    }
}
