//! A backend that writes only what changes: a frame like the one before writes no byte, so that an idle screen
//! does not wake the terminal. What changes is one synchronized update, so that a terminal that knows them
//! (mode 2026; others ignore it) never shows half a frame.

use std::io::{self, Write};

use crossterm::{
    queue,
    terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate},
};
use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};

/// A backend that remembers the state of the caret.
pub(super) struct Quiet<W: Write> {
    inner: CrosstermBackend<W>,
    /// Whether a synchronized update has begun.
    is_updating: bool,
    /// Whether the caret is shown; `None` if unknown.
    is_shown: Option<bool>,
    /// Where the caret is; `None` if unknown.
    place: Option<Position>,
}

impl<W: Write> Quiet<W> {
    /// A backend that knows nothing of the terminal yet.
    pub(super) fn new(writer: W) -> Self {
        Self {
            inner: CrosstermBackend::new(writer),
            is_updating: false,
            is_shown: None,
            place: None,
        }
    }

    /// The backend, to change what the terminal shows.
    fn change(&mut self) -> io::Result<&mut CrosstermBackend<W>> {
        if !self.is_updating {
            queue!(self.inner, BeginSynchronizedUpdate)?;
            self.is_updating = true;
        }
        Ok(&mut self.inner)
    }
}

impl<W: Write> Backend for Quiet<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.place = None;
        self.change()?.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.is_shown.replace(false) == Some(false) {
            Ok(())
        } else {
            self.change()?.hide_cursor()
        }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.is_shown.replace(true) == Some(true) {
            Ok(())
        } else {
            self.change()?.show_cursor()
        }
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let place = position.into();
        if self.place.replace(place) == Some(place) {
            return Ok(());
        }
        self.change()?.set_cursor_position(place)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.place = None;
        self.change()?.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.place = None;
        self.change()?.clear_region(clear_type)
    }

    fn append_lines(&mut self, lines: u16) -> io::Result<()> {
        self.place = None;
        self.change()?.append_lines(lines)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_updating {
            queue!(self.inner, EndSynchronizedUpdate)?;
            self.is_updating = false;
        }
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{Terminal, TerminalOptions, Viewport, layout::Rect, text::Line};

    use super::*;

    #[test]
    fn a_frame_equal_to_the_previous_one_writes_nothing() {
        let mut written = Vec::new();
        let area = Rect::new(0, 0, 20, 2);
        let options = TerminalOptions { viewport: Viewport::Fixed(area) };
        let mut lengths = Vec::new();
        for frames in 1..=4 {
            written.clear();
            let mut terminal =
                Terminal::with_options(Quiet::new(&mut written), options.clone()).unwrap();
            for frame in 0..frames {
                let text = if frame < 3 { "the same" } else { "another" };
                terminal
                    .draw(|frame| {
                        frame.render_widget(Line::raw(text), area);
                        frame.set_cursor_position(Position::new(3, 1));
                    })
                    .unwrap();
            }
            drop(terminal);
            lengths.push(written.len());
        }
        assert!(lengths[0] > 0 && lengths[0] == lengths[2], "{lengths:?}");
        assert!(lengths[3] > lengths[2], "a change is written: {lengths:?}");
    }

    #[test]
    fn a_frame_that_changes_anything_is_one_synchronized_update() {
        let mut written = Vec::new();
        let area = Rect::new(0, 0, 20, 2);
        let options = TerminalOptions { viewport: Viewport::Fixed(area) };
        let mut terminal = Terminal::with_options(Quiet::new(&mut written), options).unwrap();
        for text in ["one", "two", "two"] {
            terminal
                .draw(|frame| {
                    frame.render_widget(Line::raw(text), area);
                    frame.set_cursor_position(Position::new(3, 1));
                })
                .unwrap();
        }
        drop(terminal);
        let written = String::from_utf8(written).unwrap();
        let frames: Vec<_> = written.split("\x1b[?2026h").collect();
        assert_eq!(frames.len(), 3, "{written:?}");
        assert_eq!(frames[0], "", "nothing is written before an update: {written:?}");
        for frame in &frames[1..] {
            assert_eq!(frame.find("\x1b[?2026l"), Some(frame.len() - 8), "{written:?}");
        }
    }
}
