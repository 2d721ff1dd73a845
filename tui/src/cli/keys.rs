//! `viva keys`: the app's one table of keys.

use clap::Args;
use ratatui::text::Line;
use serde::Serialize;

use super::{Context, Failure, Paper, json};
use crate::{
    keys::{self, Binding, Context as Place},
    view::{report::set_apart, theme::Theme, wrap},
};

/// Columns of the keys.
const KEYS: usize = 24;

/// Nothing but the flags that hold everywhere.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva keys --json | jq -r '.keys[].context' | uniq")]
pub(crate) struct Arguments {}

#[derive(Serialize)]
struct Table {
    keys: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    /// Where the keys are pressed.
    context: &'static str,
    keys: Vec<String>,
    /// What the footer calls it.
    label: &'static str,
    help: &'static str,
}

pub(super) fn run(context: &Context) -> Result<(), Failure> {
    if context.json {
        let rows = |place| keys::bindings(place).map(move |binding| row(place, binding));
        return json::print(&Table { keys: Place::ALL.into_iter().flat_map(rows).collect() });
    }
    context.paper.print(&lines(&context.paper))
}

fn row(place: Place, binding: &Binding) -> Row {
    Row {
        context: place.name(),
        keys: binding.chords.iter().map(|chord| chord.label()).collect(),
        label: binding.label,
        help: binding.help,
    }
}

fn lines(paper: &Paper) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for place in Place::ALL {
        set_apart(&mut lines);
        lines.push(Line::styled(place.name(), Theme::strong()));
        for binding in keys::bindings(place) {
            let row = row(place, binding);
            let keys = row.keys.join(", ");
            let line = if paper.plain {
                format!("{keys}: {}", row.help)
            } else {
                format!("  {} {}", wrap::pad(&keys, KEYS), row.help)
            };
            lines.push(Line::raw(line));
        }
    }
    lines
}
