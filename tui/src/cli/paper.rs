//! What is printed for people: lines with the styles of the app's screens, written as the terminal
//! understands them, or without any where there is no terminal. Notices go to standard error.

use std::io::{self, IsTerminal as _, Write as _, stderr, stdout};

use ratatui::{
    style::{Color, Modifier, Style},
    text::{Line, Span},
};

use super::Failure;
use crate::{
    args::{ColourChoice, Flags},
    model::{Look, Palette},
    settings::{Settings, Theme as Background},
    view::{ascii, theme::Theme, wrap},
};

/// The columns where there is no terminal to ask.
const COLUMNS: usize = 80;

/// The most columns: longer lines are hard to read.
const MOST_COLUMNS: usize = 100;

/// The fewest columns that anything is laid out for.
const FEWEST_COLUMNS: usize = 40;

/// How to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paper {
    /// Whether it is for somebody who listens, or a terminal that can only go on: words instead of
    /// bars and marks.
    pub(crate) plain: bool,
    /// Columns of running text.
    pub(crate) columns: usize,
    look: Look,
    /// Whether styles are written at all.
    is_styled: bool,
    is_terminal: bool,
}

impl Paper {
    /// How settings, flags and standard output have it.
    pub(crate) fn new(settings: &Settings, flags: &Flags) -> Self {
        let is_terminal = stdout().is_terminal();
        let is_styled = match settings.colour {
            ColourChoice::Always => true,
            ColourChoice::Auto | ColourChoice::Never => is_terminal,
        };
        let columns = crossterm::terminal::size()
            .ok()
            .filter(|_| is_terminal)
            .map_or(COLUMNS, |(columns, _)| usize::from(columns));
        Self {
            plain: flags.plain,
            columns: columns.clamp(FEWEST_COLUMNS, MOST_COLUMNS),
            look: Look { palette: palette(settings), ascii: settings.ascii },
            is_styled: is_styled && !flags.plain,
            is_terminal,
        }
    }

    /// A page of so many columns that nobody sees.
    #[cfg(test)]
    pub(crate) fn for_tests(columns: usize) -> Self {
        Self {
            plain: false,
            columns,
            look: Look { palette: Palette::Mono, ascii: false },
            is_styled: false,
            is_terminal: false,
        }
    }

    /// The styles of its lines.
    pub(crate) fn theme(&self) -> Theme {
        Theme::of(self.look)
    }

    /// The last text of a row that is so wide already: cut to what is left on a terminal, whole
    /// where somebody may search the output.
    pub(crate) fn rest(&self, text: &str, used: usize) -> String {
        if self.is_terminal {
            wrap::fit(text, self.columns.saturating_sub(used))
        } else {
            crate::text::neutral_line(text)
        }
    }

    /// Prints lines on standard output.
    pub(crate) fn print(&self, lines: &[Line<'_>]) -> Result<(), Failure> {
        let mut page = String::new();
        for line in lines {
            page.push_str(self.line(line).trim_end());
            page.push('\n');
        }
        out(&page)
    }

    fn line(&self, line: &Line<'_>) -> String {
        let spans = line.spans.iter();
        spans.map(|span| self.span(span, line.style.patch(span.style))).collect()
    }

    fn span(&self, span: &Span<'_>, style: Style) -> String {
        let content = &span.content;
        let text = if self.look.ascii {
            content.chars().map(|c| if c.is_ascii() { c } else { ascii::like(c) }).collect()
        } else {
            content.to_string()
        };
        match escape(style) {
            Some(codes) if self.is_styled => format!("\u{1b}[{codes}m{text}\u{1b}[0m"),
            _ => text,
        }
    }
}

fn palette(settings: &Settings) -> Palette {
    match (settings.colour, settings.theme) {
        (ColourChoice::Never, _) => Palette::Mono,
        (_, Some(Background::Light)) => Palette::Light,
        (_, Some(Background::Dark) | None) => Palette::Dark,
    }
}

/// The numbers of an SGR sequence for the styles that the app uses; none for plain text.
fn escape(style: Style) -> Option<String> {
    let modifiers = [
        (Modifier::BOLD, "1"),
        (Modifier::DIM, "2"),
        (Modifier::ITALIC, "3"),
        (Modifier::UNDERLINED, "4"),
        (Modifier::REVERSED, "7"),
    ];
    let colour = match style.fg {
        Some(Color::Red) => Some("31"),
        Some(Color::Green) => Some("32"),
        Some(Color::Yellow) => Some("33"),
        Some(Color::Blue) => Some("34"),
        Some(Color::Magenta) => Some("35"),
        Some(Color::Cyan) => Some("36"),
        _ => None,
    };
    let set = modifiers.iter().filter(|(modifier, _)| style.add_modifier.contains(*modifier));
    let codes: Vec<_> = set.map(|(_, code)| *code).chain(colour).collect();
    (!codes.is_empty()).then(|| codes.join(";"))
}

/// Writes to standard output, all of it at once.
pub(crate) fn out(text: &str) -> Result<(), Failure> {
    write_all(text.as_bytes()).map_err(Failure::from)
}

/// Writes bytes to standard output.
pub(crate) fn write_all(bytes: &[u8]) -> io::Result<()> {
    let mut out = stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// A line on standard error.
pub(crate) fn note(line: &str) {
    // Nobody is left to tell that nobody can be told.
    let _ = writeln!(stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(is_styled: bool, ascii: bool) -> Paper {
        Paper {
            plain: false,
            columns: 80,
            look: Look { palette: Palette::Dark, ascii },
            is_styled,
            is_terminal: is_styled,
        }
    }

    #[test]
    fn styles_are_written_only_where_they_are_understood() {
        let style = Style::new().fg(Color::Green).bold();
        let line = Line::from(vec![Span::styled("✓ ", style), Span::raw("made")]);
        assert_eq!(paper(true, false).line(&line), "\u{1b}[1;32m✓ \u{1b}[0mmade");
        assert_eq!(paper(false, false).line(&line), "✓ made");
        assert_eq!(paper(false, true).line(&line), "+ made");
    }

    #[test]
    fn a_row_is_cut_for_a_screen_and_whole_for_a_pipe() {
        let text = "a long text ".repeat(20);
        assert!(paper(true, false).rest(&text, 20).ends_with('…'));
        assert_eq!(paper(false, false).rest(&text, 20), text.trim_end());
    }
}
