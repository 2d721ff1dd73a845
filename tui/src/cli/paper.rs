//! Output for people: lines in the styles of the app's screens on a terminal, and plain text
//! elsewhere. Notices go to standard error.

use std::{
    io::{self, IsTerminal as _, Write as _, stderr, stdout},
    path::Path,
};

use ratatui::{
    style::{Color, Modifier, Style},
    text::{Line, Span},
};

use super::Failure;
use crate::{
    flags::{ColourChoice, Flags},
    hyperlinks,
    model::{Look, ThemeName},
    settings::Settings,
    view::{ascii, theme::Theme, wrap},
};

/// Columns without a terminal to ask.
const COLUMNS: usize = 80;

/// The most columns: longer lines are hard to read.
const MOST_COLUMNS: usize = 100;

/// The minimum of columns: narrower terminals get lines of this width.
const FEWEST_COLUMNS: usize = 40;

/// How to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paper {
    /// Whether the output is for a screen reader or a terminal that only appends: words instead of
    /// bars and marks.
    pub(crate) plain: bool,
    /// Columns of running text.
    pub(crate) columns: usize,
    look: Look,
    /// Whether styles are written.
    is_styled: bool,
    is_terminal: bool,
    /// Writes a file's path in a notice.
    path: fn(&Path) -> String,
}

impl Paper {
    /// The form that settings, flags and standard output ask for.
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
            look: Look { theme: theme(settings), ascii: settings.ascii },
            is_styled: is_styled && !flags.plain,
            is_terminal,
            path: if settings.has_links && stderr().is_terminal() && !flags.plain {
                hyperlinks::to_file
            } else {
                hyperlinks::to_nothing
            },
        }
    }

    /// A page of this width, for tests.
    #[cfg(test)]
    pub(crate) fn for_tests(columns: usize) -> Self {
        Self {
            plain: false,
            columns,
            look: Look { theme: ThemeName::Mono, ascii: false },
            is_styled: false,
            is_terminal: false,
            path: hyperlinks::to_nothing,
        }
    }

    /// The theme for lines.
    pub(crate) fn theme(&self) -> Theme {
        Theme::of(self.look)
    }

    /// The last text of a row whose first `used` columns are taken: cut to the rest on a terminal,
    /// whole in a pipe, where it may be searched.
    pub(crate) fn rest(&self, text: &str, used: usize) -> String {
        if self.is_terminal {
            wrap::fit(text, self.columns.saturating_sub(used))
        } else {
            crate::text::neutral_line(text)
        }
    }

    /// A file in a notice, linked if the terminal is known to understand links.
    pub(crate) fn file(&self, path: &Path) -> String {
        (self.path)(path)
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

fn theme(settings: &Settings) -> ThemeName {
    match (settings.colour, settings.theme) {
        (ColourChoice::Never, _) => ThemeName::Mono,
        (_, Some(theme @ (ThemeName::Light | ThemeName::Mono))) => theme,
        // Themes with their own background cannot apply it to a terminal's output.
        _ => ThemeName::Dark,
    }
}

/// The numbers of the SGR sequence for a style that the app uses; `None` for plain text.
fn escape(style: Style) -> Option<String> {
    let modifiers = [
        (Modifier::BOLD, "1"),
        (Modifier::DIM, "2"),
        (Modifier::ITALIC, "3"),
        (Modifier::UNDERLINED, "4"),
        (Modifier::REVERSED, "7"),
    ];
    let colour = match style.fg {
        Some(Color::Red) => Some("31".to_owned()),
        Some(Color::Green) => Some("32".to_owned()),
        Some(Color::Blue) => Some("34".to_owned()),
        Some(Color::Cyan) => Some("36".to_owned()),
        Some(Color::Indexed(number)) => Some(format!("38;5;{number}")),
        _ => None,
    };
    let set = modifiers.iter().filter(|(modifier, _)| style.add_modifier.contains(*modifier));
    let codes: Vec<_> = set.map(|(_, code)| (*code).to_owned()).chain(colour).collect();
    (!codes.is_empty()).then(|| codes.join(";"))
}

/// Writes text to standard output and flushes it.
pub(crate) fn out(text: &str) -> Result<(), Failure> {
    write_all(text.as_bytes()).map_err(Failure::from)
}

/// Writes bytes to standard output and flushes them.
pub(crate) fn write_all(bytes: &[u8]) -> io::Result<()> {
    let mut out = stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Writes a line to standard error.
pub(crate) fn note(line: &str) {
    // If standard error fails, there is no way left to report it.
    let _ = writeln!(stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(is_styled: bool, ascii: bool) -> Paper {
        Paper {
            plain: false,
            columns: 80,
            look: Look { theme: ThemeName::Dark, ascii },
            is_styled,
            is_terminal: is_styled,
            path: if is_styled { hyperlinks::to_file } else { hyperlinks::to_nothing },
        }
    }

    #[test]
    fn styles_are_written_only_to_a_terminal_that_understands_them() {
        let style = Style::new().fg(Color::Green).bold();
        let line = Line::from(vec![Span::styled("✓ ", style), Span::raw("made")]);
        assert_eq!(paper(true, false).line(&line), "\u{1b}[1;32m✓ \u{1b}[0mmade");
        assert_eq!(paper(false, false).line(&line), "✓ made");
        assert_eq!(paper(false, true).line(&line), "+ made");
    }

    #[test]
    fn a_row_is_cut_on_a_terminal_and_whole_in_a_pipe() {
        let text = "a long text ".repeat(20);
        assert!(paper(true, false).rest(&text, 20).ends_with('…'));
        assert_eq!(paper(false, false).rest(&text, 20), text.trim_end());
    }

    #[test]
    fn a_file_is_linked_on_a_terminal_that_understands_links() {
        let file = Path::new("/tmp/a.md");
        assert_eq!(paper(false, false).file(file), "/tmp/a.md");
        assert!(paper(true, false).file(file).contains("file:///tmp/a.md"));
    }
}
