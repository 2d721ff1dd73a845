//! `viva keys`: lists the app's keys, from the table that the app uses.

use clap::Args;
use ratatui::text::Line;
use serde::Serialize;

use super::{Context, Failure, Paper, json};
use crate::{
    keys::{self, Binding, Context as KeyContext},
    view::{report::set_apart, theme::Theme, wrap},
};

/// Width of the column for keys.
const KEYS: usize = 24;

/// Only the flags that every command has.
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
    /// The key's name in the footer.
    label: &'static str,
    help: &'static str,
}

pub(super) fn run(context: &Context) -> Result<(), Failure> {
    if context.json {
        let rows = |place: KeyContext| {
            keys::bindings(place).map(move |binding| row(place, binding)).chain(typing(place))
        };
        return json::print(&Table { keys: KeyContext::ALL.into_iter().flat_map(rows).collect() });
    }
    context.paper.print(&lines(&context.paper))
}

fn row(place: KeyContext, binding: &Binding) -> Row {
    Row {
        context: place.name(),
        keys: binding.chords.iter().map(|chord| chord.label()).collect(),
        label: binding.label,
        help: binding.help,
    }
}

/// The keys for editing text, if the place has text.
fn typing(place: KeyContext) -> impl Iterator<Item = Row> {
    let keys = keys::TYPING.iter().filter(move |_| place.is_text());
    keys.map(move |(keys, help)| Row {
        context: place.name(),
        keys: vec![(*keys).to_owned()],
        label: "text",
        help,
    })
}

fn lines(paper: &Paper) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for place in KeyContext::ALL {
        set_apart(&mut lines);
        lines.push(Line::styled(place.name(), Theme::strong()));
        for row in keys::bindings(place).map(|binding| row(place, binding)).chain(typing(place)) {
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
