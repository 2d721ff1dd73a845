//! A backend that writes only what changes: a frame like the one before writes no byte, so that an idle screen
//! does not wake the terminal.

use std::io::{self, Write};

use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};

/// A backend that remembers the state of the caret.
pub(super) struct Quiet<W: Write> {
    inner: CrosstermBackend<W>,
    /// Whether the caret is shown; `None` if unknown.
    is_shown: Option<bool>,
    /// Where the caret is; `None` if unknown.
    place: Option<Position>,
}

impl<W: Write> Quiet<W> {
    /// A backend that knows nothing of the terminal yet.
    pub(super) fn new(writer: W) -> Self {
        Self { inner: CrosstermBackend::new(writer), is_shown: None, place: None }
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
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.is_shown.replace(false) == Some(false) { Ok(()) } else { self.inner.hide_cursor() }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.is_shown.replace(true) == Some(true) { Ok(()) } else { self.inner.show_cursor() }
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let place = position.into();
        if self.place.replace(place) == Some(place) {
            return Ok(());
        }
        self.inner.set_cursor_position(place)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.place = None;
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.place = None;
        self.inner.clear_region(clear_type)
    }

    fn append_lines(&mut self, lines: u16) -> io::Result<()> {
        self.place = None;
        self.inner.append_lines(lines)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
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
}
