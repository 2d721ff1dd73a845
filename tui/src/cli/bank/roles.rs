//! `viva bank roles`.

use clap::Args;
use ratatui::text::Line;
use serde::Serialize;

use super::{Context, Failure, bank};
use crate::{
    cli::json,
    local::bank::RoleRow,
    view::{theme::Theme, wrap},
    words,
};

/// Width of the column for a number of questions.
const COUNT: usize = 6;

/// The arguments of `viva bank roles`.
#[derive(Debug, Args)]
#[command(
    after_help = "Any other role works too: viva interview new --role ROLE --dry-run shows what you would get.\n\n\
                  Example:\n  viva bank roles --json | jq -r '.roles[] | select(.junior < 40) | .role'"
)]
pub(crate) struct Arguments {}

#[derive(Serialize)]
struct Table {
    roles: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    role: &'static str,
    junior: usize,
    mid: usize,
    senior: usize,
    staff: usize,
}

pub(super) fn run(_: &Arguments, context: &Context) -> Result<(), Failure> {
    let table = bank::in_force(context.settings.bank_dir.as_deref())?.role_table();
    if context.json {
        return json::print(&Table { roles: table.iter().map(row).collect() });
    }
    context.paper.print(&lines(&table))
}

fn row(of: &RoleRow) -> Row {
    let [junior, mid, senior, staff] = of.questions;
    Row { role: of.role, junior, mid, senior, staff }
}

fn lines(table: &[RoleRow]) -> Vec<Line<'static>> {
    let role = table.iter().map(|row| wrap::width(row.role)).max().unwrap_or(0);
    let line = |first: &str, rest: [String; 4]| {
        let numbers = rest.map(|text| format!("{text:>COUNT$}")).join("  ");
        format!("{}  {numbers}", wrap::pad(first, role))
    };
    let names = words::LEVELS.map(|level| words::level(level).to_owned());
    let head = Line::styled(line("role", names), Theme::strong());
    let rows = table.iter().map(|row| {
        let counts = row.questions.map(|count| count.to_string());
        Line::raw(line(row.role, counts))
    });
    std::iter::once(head).chain(rows).collect()
}
