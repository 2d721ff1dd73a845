//! The editing keys: those of any text field, and those familiar from the shell.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Editor, Room, history::Way, scrolled};

/// The area of a field of a single line, which scrolls sideways.
const LINE: Room = Room { columns: usize::MAX, rows: 1 };

impl Editor {
    /// Handles a key in a field of a single line. Returns whether the text changed.
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        self.key_in(key, LINE)
    }

    /// Handles a key in a text that is shown in `room`. Returns whether the text changed.
    pub(crate) fn key_in(&mut self, key: KeyEvent, room: Room) -> bool {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let by_word = ctrl || key.modifiers.contains(KeyModifiers::ALT);
        match key.code {
            KeyCode::Enter => self.line_break(),
            KeyCode::Char('j' | 'm') if ctrl => self.line_break(),
            KeyCode::Char(c) if !by_word && !c.is_control() => {
                self.change(self.place_to_type(), c.encode_utf8(&mut [0; 4]), Way::Typed)
            }
            KeyCode::Backspace if by_word => self.delete_word(),
            KeyCode::Char('w') if ctrl => self.delete_word(),
            KeyCode::Backspace => self.backspace(),
            // Older terminals send this for Backspace.
            KeyCode::Char('h') if ctrl => self.backspace(),
            KeyCode::Delete if by_word => {
                let caret = self.buffer.caret();
                self.delete(caret, self.buffer.word_after(caret), Way::Whole)
            }
            KeyCode::Delete => {
                let caret = self.buffer.caret();
                self.delete(caret, self.buffer.after(caret), Way::Deleted)
            }
            KeyCode::Char('k') if ctrl => self.delete_to_row_end(room),
            KeyCode::Char('u') if ctrl => self.delete_to_row_start(room),
            _ => {
                self.travel(key, room, by_word);
                false
            }
        }
    }

    fn line_break(&mut self) -> bool {
        !self.one_line && self.change(self.place_to_type(), "\n", Way::Typed)
    }

    fn backspace(&mut self) -> bool {
        let caret = self.buffer.caret();
        self.delete(self.buffer.before(caret), caret, Way::Deleted)
    }

    fn delete_word(&mut self) -> bool {
        let caret = self.buffer.caret();
        self.delete(self.buffer.word_before(caret), caret, Way::Whole)
    }

    /// Deletes the selection; without one, the text between two positions.
    fn delete(&mut self, from: usize, to: usize, way: Way) -> bool {
        self.delete_marked() || self.change(from..to, "", way)
    }

    /// Deletes to the start of the row; at the start, the row above, or the line end above.
    fn delete_to_row_start(&mut self, room: Room) -> bool {
        let caret = self.buffer.caret();
        let (row, _) = self.caret_in(room);
        let rows = self.rows(room.columns);
        let from = match (rows[row].start, row.checked_sub(1).map(|above| rows[above])) {
            (start, Some(above)) if start == caret && above.end == caret => above.start,
            (start, Some(above)) if start == caret => above.end,
            (start, _) => start,
        };
        self.delete(from, caret, Way::Whole)
    }

    /// Deletes to the end of the row; at the end, the line end.
    fn delete_to_row_end(&mut self, room: Room) -> bool {
        let caret = self.buffer.caret();
        let (row, _) = self.caret_in(room);
        let rows = self.rows(room.columns);
        let to = if rows[row].end == caret { self.buffer.after(caret) } else { rows[row].end };
        self.delete(caret, to, Way::Whole)
    }

    fn caret_in(&self, room: Room) -> (usize, usize) {
        let rows = self.rows(room.columns);
        self.caret(&self.layout(&rows))
    }

    /// Moves the caret; with Shift, selects the text between.
    fn travel(&mut self, key: KeyEvent, room: Room, by_word: bool) {
        let marking = key.modifiers.contains(KeyModifiers::SHIFT);
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let caret = self.buffer.caret();
        let marked = self.buffer.marked().filter(|_| !marking && !by_word);
        let to = match key.code {
            KeyCode::Up => return self.travel_by_row(room, false, marking),
            KeyCode::Down => return self.travel_by_row(room, true, marking),
            KeyCode::Left if by_word => self.buffer.word_before(caret),
            KeyCode::Char('b') if by_word && !ctrl => self.buffer.word_before(caret),
            KeyCode::Right if by_word => self.buffer.word_after(caret),
            KeyCode::Char('f') if by_word && !ctrl => self.buffer.word_after(caret),
            KeyCode::Home if by_word => 0,
            KeyCode::End if by_word => self.buffer.text().len(),
            KeyCode::Left => marked.map_or_else(|| self.buffer.before(caret), |range| range.start),
            KeyCode::Right => marked.map_or_else(|| self.buffer.after(caret), |range| range.end),
            KeyCode::Home => self.row_edge(room, 0),
            KeyCode::Char('a') if ctrl => self.row_edge(room, 0),
            KeyCode::End => self.row_edge(room, usize::MAX),
            _ => return,
        };
        self.go(to, marking);
        self.aim = None;
    }

    fn row_edge(&self, room: Room, cell: usize) -> usize {
        let (row, _) = self.caret_in(room);
        let rows = self.rows(room.columns);
        self.layout(&rows).at(row, cell)
    }

    /// Moves the caret a row up or down, and scrolls no more than needed.
    pub(super) fn travel_by_row(&mut self, room: Room, down: bool, marking: bool) {
        if self.one_line {
            return;
        }
        let rows = self.rows(room.columns);
        let (row, cell) = self.caret_in(room);
        let aim = self.aim.unwrap_or(cell);
        let layout = self.layout(&rows);
        let to = match (row, down) {
            (0, false) => 0,
            (row, true) if row + 1 == rows.len() => layout.at(row, usize::MAX),
            (row, true) => layout.at(row + 1, aim),
            (row, false) => layout.at(row - 1, aim),
        };
        let (reached, _) = layout.place(to);
        self.top = scrolled(scrolled(self.top, row, room.rows), reached, room.rows);
        self.go(to, marking);
        self.aim = Some(aim);
    }

    pub(super) fn go(&mut self, to: usize, marking: bool) {
        self.history.close_step();
        self.buffer.go(to, marking);
    }
}
