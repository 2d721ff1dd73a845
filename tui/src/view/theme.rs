//! The roles that colours play. Body text has none: it is in the terminal's own foreground. A
//! colour never stands alone; number, word, mark or weight say the same.

use ratatui::style::{Color, Modifier, Style};

use crate::{
    model::{Look, Palette},
    words,
};

/// The styles of one look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Theme {
    palette: Palette,
}

impl Theme {
    /// The styles for a look.
    pub(crate) fn of(look: Look) -> Self {
        Self { palette: look.palette }
    }

    /// Keys, and what has the focus.
    pub(crate) fn accent(self) -> Style {
        match self.palette {
            Palette::Dark => Style::new().fg(Color::Cyan),
            Palette::Light => Style::new().fg(Color::Blue),
            Palette::Mono => Style::new(),
        }
        .add_modifier(Modifier::BOLD)
    }

    /// The frame around what can be typed into.
    pub(crate) fn frame(self) -> Style {
        self.accent().remove_modifier(Modifier::BOLD)
    }

    /// What is read second.
    pub(crate) fn faint() -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// Names and headings.
    pub(crate) fn strong() -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The chosen line.
    pub(crate) fn chosen() -> Style {
        Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    /// Words of the answer that the evaluation quotes; where there are no colours, the line below
    /// them is what marks them.
    pub(crate) fn quote(self) -> Style {
        self.frame().add_modifier(Modifier::UNDERLINED)
    }

    /// What failed, or is missing.
    pub(crate) fn bad(self) -> Style {
        self.colour(Color::Red)
    }

    /// What was found.
    pub(crate) fn good(self) -> Style {
        self.colour(Color::Green)
    }

    /// What is half there.
    pub(crate) fn fair(self) -> Style {
        // Nobody can read yellow on white.
        self.colour(if self.palette == Palette::Light { Color::Magenta } else { Color::Yellow })
    }

    /// The fill of a score's bar.
    pub(crate) fn score(self, score: f64) -> Style {
        match words::band(score) {
            "poor" | "weak" => self.bad(),
            "fair" => self.fair(),
            _ => self.good(),
        }
    }

    fn colour(self, colour: Color) -> Style {
        match self.palette {
            Palette::Mono => Style::new(),
            Palette::Dark | Palette::Light => Style::new().fg(colour),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_yellow_on_a_light_background() {
        let theme = Theme::of(Look { palette: Palette::Light, ascii: false });
        let scores = [0.0, 3.0, 5.0, 6.0, 8.0, 10.0].map(|score| theme.score(score));
        let roles =
            [theme.accent(), theme.frame(), theme.quote(), theme.bad(), theme.good(), theme.fair()];
        for style in roles.into_iter().chain(scores) {
            assert!(!matches!(style.fg, Some(Color::Yellow | Color::LightYellow)), "{style:?}");
            assert!(style.fg.is_some());
        }
    }
}
