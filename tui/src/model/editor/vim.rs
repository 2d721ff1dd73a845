//! The keys of vim, for those who ask for them: the modes and the commands that an answer needs, over the
//! editor's own operations. Counts, registers, repeating and commands that begin with `:` are left out; for
//! the whole of vim there is the external editor.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Editor, Room, history::Way};

/// What typed letters do. A text begins in insert mode.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They are typed.
    #[default]
    Insert,
    /// They are commands.
    Normal,
    /// They are commands, and the cursor's moves select text.
    Visual,
}

/// What a key did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// Whether the key was a command; otherwise, it does what it does without vim's keys.
    pub(crate) is_command: bool,
    /// Whether the text changed.
    pub(crate) has_changed: bool,
    /// A text that was deleted or copied, to be put by `p`. Whole lines end with a line end.
    pub(crate) taken: Option<String>,
    /// Whether that text was copied on purpose.
    pub(crate) is_copied: bool,
}

/// The mode, and the first key of a command of two.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) mode: Mode,
    first: Option<char>,
}

impl State {
    /// Back to normal mode once nothing is selected.
    pub(super) fn end_selection(&mut self) {
        if self.mode == Mode::Visual {
            self.mode = Mode::Normal;
        }
    }
}

/// The end of a command that begins with `d`, `c` or `y`.
enum Extent {
    /// A part of a line.
    Part(Range<usize>),
    /// Whole lines, from the one with the first position to the one with the last.
    Lines(usize, usize),
}

impl Editor {
    /// The mode, unless letters are typed.
    pub(crate) fn mode_name(&self) -> Option<&'static str> {
        match self.vim.mode {
            Mode::Insert => None,
            Mode::Normal => Some("normal"),
            Mode::Visual => Some("visual"),
        }
    }

    /// Handles a key as vim does, in a text that is shown in `room`; `copied` is what `p` puts.
    pub(crate) fn vim_key(&mut self, key: KeyEvent, room: Room, copied: &str) -> Done {
        let with_ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let is_plain = !with_ctrl && !key.modifiers.contains(KeyModifiers::ALT);
        let command = Done { is_command: true, ..Done::default() };
        match (self.vim.mode, key.code) {
            (Mode::Insert, KeyCode::Esc) => {
                self.vim.mode = Mode::Normal;
                self.buffer.go(self.buffer.caret(), false);
                self.step(self.left());
                command
            }
            (Mode::Insert, _) => Done::default(),
            // Esc leaves the text once there is nothing else that it ends.
            (mode, KeyCode::Esc) => {
                let is_command = mode == Mode::Visual || self.vim.first.is_some();
                self.rest();
                Done { is_command, ..Done::default() }
            }
            (_, KeyCode::Char('r')) if with_ctrl => {
                let has_changed = self.redo();
                self.rest();
                Done { has_changed, ..command }
            }
            (_, KeyCode::Char(c)) if is_plain => {
                let done = self.command(c, room, copied);
                self.keep_on_character();
                Done { is_command: true, ..done }
            }
            // These would change the text.
            (_, KeyCode::Char('h' | 'j' | 'k' | 'm' | 'u' | 'w')) if with_ctrl => command,
            (_, KeyCode::Enter) if is_plain => self.command('j', room, copied),
            (_, KeyCode::Backspace) => self.command('h', room, copied),
            (_, KeyCode::Delete) => self.command('x', room, copied),
            _ => Done::default(),
        }
    }

    /// Back to normal mode, with nothing selected and no command begun.
    fn rest(&mut self) {
        self.vim = State { mode: Mode::Normal, first: None };
        self.buffer.go(self.buffer.caret(), false);
        self.keep_on_character();
    }

    /// Selected text, as one sees it: in visual mode, the character under the cursor belongs to it.
    pub(super) fn selection(&self) -> Option<Range<usize>> {
        match (self.vim.mode, self.buffer.anchor()) {
            (Mode::Visual, Some(anchor)) => {
                let (from, to) = (anchor.min(self.buffer.caret()), anchor.max(self.buffer.caret()));
                Some(from..self.buffer.after(to))
            }
            _ => self.buffer.marked(),
        }
    }

    fn command(&mut self, c: char, room: Room, copied: &str) -> Done {
        let mut done = Done { is_command: true, ..Done::default() };
        if let Some(first) = self.vim.first.take() {
            if let Some(extent) = self.extent(first, c) {
                return self.operate(first, extent);
            }
            if (first, c) == ('g', 'g') {
                self.step(0);
            }
            return done;
        }
        if let ('d' | 'x' | 'c' | 'y', Some(range)) = (c, self.selection()) {
            return self.operate(if c == 'x' { 'd' } else { c }, Extent::Part(range));
        }
        let caret = self.buffer.caret();
        match c {
            'd' | 'c' | 'y' | 'g' => self.vim.first = Some(c),
            'v' if self.vim.mode == Mode::Visual => self.rest(),
            'v' => {
                self.buffer.go(caret, false);
                self.vim.mode = Mode::Visual;
                self.buffer.go(caret, true);
            }
            'x' => return self.operate('d', Extent::Part(caret..self.right())),
            'D' => return self.operate('d', Extent::Part(caret..self.line_at(caret).end)),
            'C' => return self.operate('c', Extent::Part(caret..self.line_at(caret).end)),
            'i' => self.insert_at(caret),
            'a' => self.insert_at(self.right()),
            'I' => self.insert_at(self.line_at(caret).start),
            'A' => self.insert_at(self.line_at(caret).end),
            'o' | 'O' => {
                let line = self.line_at(caret);
                let at = if c == 'o' { line.end } else { line.start };
                done.has_changed = self.change(at..at, "\n", Way::Whole);
                self.insert_at(if c == 'o' { at + 1 } else { at });
            }
            'u' => {
                done.has_changed = self.undo();
                self.rest();
            }
            'p' => done.has_changed = self.put(copied),
            'j' | 'k' => {
                let marking = self.vim.mode == Mode::Visual;
                self.travel_by_row(room, c == 'j', marking);
            }
            _ => {
                if let Some(to) = self.target(c) {
                    self.step(to);
                }
            }
        }
        done
    }

    /// Moves the cursor; in visual mode, selects the text between.
    fn step(&mut self, to: usize) {
        self.go(to, self.vim.mode == Mode::Visual);
        self.aim = None;
    }

    /// Where a key that moves the cursor moves it, other than up or down.
    fn target(&self, c: char) -> Option<usize> {
        let caret = self.buffer.caret();
        Some(match c {
            'h' => self.left(),
            'l' => self.right(),
            'w' => self.next_word(caret),
            'b' => self.word_start(caret),
            'e' => self.word_end(caret),
            '0' => self.line_at(caret).start,
            '$' => self.line_at(caret).end,
            'G' => self.line_at(self.buffer.text().len()).start,
            _ => return None,
        })
    }

    /// What a command of two keys is about; `None` if there is no such command.
    fn extent(&self, first: char, c: char) -> Option<Extent> {
        if !matches!(first, 'd' | 'c' | 'y') {
            return None;
        }
        let caret = self.buffer.caret();
        let text = self.buffer.text();
        if c == first {
            return Some(Extent::Lines(caret, caret));
        }
        Some(match c {
            'j' => Extent::Lines(caret, (self.line_at(caret).end + 1).min(text.len())),
            'k' => Extent::Lines(self.line_at(caret).start.saturating_sub(1), caret),
            'G' => Extent::Lines(caret, text.len()),
            // The word alone: what follows it stays apart from what is typed instead.
            'w' if first == 'c' && !self.is_blank_at(caret) => {
                Extent::Part(caret..self.buffer.after(self.last_of_word(caret)))
            }
            // The last word of a line leaves the line end.
            'w' => {
                Extent::Part(caret..self.next_word(caret).min(self.line_at(caret).end).max(caret))
            }
            'e' => Extent::Part(caret..self.buffer.after(self.word_end(caret))),
            _ => {
                let to = self.target(c)?;
                Extent::Part(caret.min(to)..caret.max(to))
            }
        })
    }

    /// Deletes (`d`), replaces (`c`) or copies (`y`).
    fn operate(&mut self, operator: char, extent: Extent) -> Done {
        let text = self.buffer.text();
        let (mut range, taken, is_lines) = match extent {
            Extent::Part(range) => (range.clone(), text[range].to_owned(), false),
            Extent::Lines(from, to) => {
                let range = self.line_at(from).start..self.line_at(to).end;
                (range.clone(), format!("{}\n", &text[range]), true)
            }
        };
        if is_lines && operator == 'd' {
            // The line end goes, too: the one after the lines, or for the last ones the one before.
            if range.end < text.len() {
                range.end += 1;
            } else {
                range.start = range.start.saturating_sub(1);
            }
        }
        let (caret, start) = (self.buffer.caret(), range.start);
        let is_copied = operator == 'y';
        let has_changed = !is_copied && self.change(range, "", Way::Whole);
        self.vim.mode = Mode::Normal;
        match operator {
            'c' => self.insert_at(start),
            'y' => self.step(if is_lines { caret } else { start }),
            _ if is_lines => self.step(self.line_at(self.buffer.caret()).start),
            _ => {}
        }
        let taken = Some(taken).filter(|taken| !taken.is_empty());
        Done { is_command: true, has_changed, is_copied, taken }
    }

    /// Puts a text after the cursor, in place of a selection; whole lines below the line.
    fn put(&mut self, copied: &str) -> bool {
        if copied.is_empty() {
            return false;
        }
        if let Some(range) = self.selection() {
            return self.change(range, copied.strip_suffix('\n').unwrap_or(copied), Way::Whole);
        }
        let caret = self.buffer.caret();
        let Some(lines) = copied.strip_suffix('\n') else {
            let at = self.right();
            return self.change(at..at, copied, Way::Whole);
        };
        let end = self.line_at(caret).end;
        let has_changed = self.change(end..end, &format!("\n{lines}"), Way::Whole);
        self.step(end + 1);
        has_changed
    }

    fn insert_at(&mut self, at: usize) {
        self.vim = State::default();
        self.step(at);
    }

    /// In normal mode the cursor is on a character, never after the last one of a line.
    fn keep_on_character(&mut self) {
        let caret = self.buffer.caret();
        if self.vim.mode == Mode::Normal && caret == self.line_at(caret).end {
            let aim = self.aim;
            self.step(self.left());
            self.aim = aim;
        }
    }

    /// The line around a position, without its line end.
    fn line_at(&self, at: usize) -> Range<usize> {
        let text = self.buffer.text();
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        start..text[at..].find('\n').map_or(text.len(), |length| at + length)
    }

    /// The position one character to the left or right, within the line.
    fn left(&self) -> usize {
        let caret = self.buffer.caret();
        self.buffer.before(caret).max(self.line_at(caret).start)
    }

    fn right(&self) -> usize {
        let caret = self.buffer.caret();
        self.buffer.after(caret).min(self.line_at(caret).end)
    }

    /// The kind of character at a position: 0 for white space, 1 for words, 2 for the rest.
    fn kind(&self, at: usize) -> u8 {
        match self.buffer.text()[at..].chars().next() {
            None => 0,
            Some(c) if c.is_whitespace() => 0,
            Some(c) if c.is_alphanumeric() || c == '_' => 1,
            Some(_) => 2,
        }
    }

    fn is_blank_at(&self, at: usize) -> bool {
        self.kind(at) == 0
    }

    /// The first position from `at` on whose character is not of this kind.
    fn past(&self, mut at: usize, kind: u8) -> usize {
        let end = self.buffer.text().len();
        while at < end && self.kind(at) == kind {
            at = self.buffer.after(at);
        }
        at
    }

    fn next_word(&self, at: usize) -> usize {
        let kind = self.kind(at);
        let at = if kind == 0 { at } else { self.past(at, kind) };
        self.past(at, 0)
    }

    fn last_of_word(&self, at: usize) -> usize {
        self.buffer.before(self.past(at, self.kind(at)))
    }

    /// The last character of the word at `at`, or of the next one if `at` is its end.
    fn word_end(&self, at: usize) -> usize {
        let start = self.past(self.buffer.after(at), 0);
        if start == self.buffer.text().len() {
            self.buffer.before(start)
        } else {
            self.last_of_word(start)
        }
    }

    /// The first character of the word at `at`, or of the one before if `at` is its start.
    fn word_start(&self, at: usize) -> usize {
        let mut at = self.buffer.before(at);
        while at > 0 && self.is_blank_at(at) {
            at = self.buffer.before(at);
        }
        let kind = self.kind(at);
        while at > 0 && self.kind(self.buffer.before(at)) == kind {
            at = self.buffer.before(at);
        }
        at
    }
}

#[cfg(test)]
mod tests;
