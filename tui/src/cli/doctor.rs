//! `viva doctor`: what is configured, where files are kept, and whether all of it works. It says
//! where secrets are, never what they are.

mod checks;

use clap::Args;
use ratatui::text::{Line, Span};
use serde::Serialize;

use self::checks::{Check, State};
use super::{Context, Failure, Paper, json};
use crate::{
    text,
    view::{theme::Theme, wrap},
    words,
};

/// Width of the column for a check's name.
const NAME: usize = 13;

/// Only the flags that every command has.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva doctor\n  viva doctor --server https://viva.example.org --json"
)]
pub(crate) struct Arguments {}

#[derive(Serialize)]
struct Report<'a> {
    healthy: bool,
    checks: &'a [Check],
}

pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    let checks = checks::all(context).await;
    let broken = checks.iter().filter(|check| check.state == State::Broken);
    let broken = broken.count();
    if context.json {
        json::print(&Report { healthy: broken == 0, checks: &checks })?;
    } else {
        context.paper.print(&lines(&checks, &context.paper))?;
    }
    if broken == 0 {
        return Ok(());
    }
    let checks = words::count(broken, "check");
    Err(Failure::failed(format!("{checks} failed.")))
}

fn lines(checks: &[Check], paper: &Paper) -> Vec<Line<'static>> {
    let theme = paper.theme();
    let title = format!("Viva {}", env!("CARGO_PKG_VERSION"));
    let mut lines = vec![Line::styled(title, Theme::strong()), Line::raw("")];
    for check in checks {
        let mark = match (check.state, paper.plain) {
            (State::Ok, false) => Span::styled("✓ ", theme.good()),
            (State::Note, false) => Span::styled("~ ", theme.fair()),
            (State::Broken, false) => Span::styled("✗ ", theme.bad()),
            (State::Ok, true) => Span::raw("ok: "),
            (State::Note, true) => Span::raw("note: "),
            (State::Broken, true) => Span::raw("broken: "),
        };
        let name =
            if paper.plain { format!("{}: ", check.name) } else { wrap::pad(check.name, NAME) };
        // Paths are for copying, so nothing is wrapped or cut.
        lines.push(Line::from(vec![
            mark,
            Span::raw(name),
            Span::raw(text::neutral_line(&check.detail)),
        ]));
    }
    lines
}
