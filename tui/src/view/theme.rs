//! The roles of colours. In the themes for any terminal, body text has the terminal's own
//! foreground; the others have their own background. Colour is never the only sign: a number, word,
//! mark or weight says the same.

mod colours;

use ratatui::{
    buffer::Buffer,
    style::{Modifier, Style},
};

use self::colours::{Colours, of};
use crate::{
    model::{Look, ThemeName},
    words,
};

/// The styles of one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Theme {
    name: ThemeName,
}

impl Theme {
    /// The styles for a look.
    pub(crate) const fn of(look: Look) -> Self {
        Self { name: look.theme }
    }

    /// Keys, and what has the focus.
    pub(crate) fn accent(self) -> Style {
        self.frame().add_modifier(Modifier::BOLD)
    }

    /// The frame around what can be typed into.
    pub(crate) fn frame(self) -> Style {
        self.role(|colours| colours.accent)
    }

    /// Secondary text.
    pub(crate) fn faint() -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// Names and headings.
    pub(crate) fn strong() -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The selected line.
    pub(crate) fn chosen() -> Style {
        Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    /// Words of the answer that the evaluation quotes; without colours, they are underlined.
    pub(crate) fn quote(self) -> Style {
        self.frame().add_modifier(Modifier::UNDERLINED)
    }

    /// Words of code; unstyled without colours.
    pub(crate) fn code(self) -> Style {
        self.role(|colours| colours.code)
    }

    /// Something failed or missing.
    pub(crate) fn bad(self) -> Style {
        self.role(|colours| colours.bad)
    }

    /// Something found.
    pub(crate) fn good(self) -> Style {
        self.role(|colours| colours.good)
    }

    /// Something partly there.
    pub(crate) fn fair(self) -> Style {
        self.role(|colours| colours.fair)
    }

    /// The fill of a score's bar.
    pub(crate) fn score(self, score: f64) -> Style {
        match words::band(score) {
            "poor" | "weak" => self.bad(),
            "fair" => self.fair(),
            _ => self.good(),
        }
    }

    /// Gives a finished frame the background and foreground of a theme that has its own.
    pub(crate) fn paint(self, buffer: &mut Buffer) {
        let Some((background, text, faint)) = of(self.name).and_then(|colours| colours.page) else {
            return;
        };
        for cell in &mut buffer.content {
            let is_plain = cell.fg == ratatui::style::Color::Reset;
            // How bright dim text is depends on the terminal, so it gets a readable colour here.
            let is_faint = cell.modifier.contains(Modifier::DIM);
            cell.modifier.remove(Modifier::DIM);
            if is_plain {
                cell.fg = if is_faint { faint } else { text };
            }
            cell.bg = background;
        }
    }

    fn role(self, colour: impl FnOnce(Colours) -> ratatui::style::Color) -> Style {
        of(self.name).map_or_else(Style::new, |colours| Style::new().fg(colour(colours)))
    }
}
