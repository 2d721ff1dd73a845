//! `viva template list`.

use clap::Args;
use ratatui::text::Line;
use serde::Serialize;
use viva_proto::{json::Json, v1::Template};

use super::{Context, Failure, find};
use crate::{
    cli::{Paper, json, paper},
    templates, text,
    view::{report::set_apart, theme::Theme, wrap},
    words,
};

/// Only the flags that every command has.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  viva template list --json | jq -r \'.templates[] | select(.minutes > 0) | .id\'"
)]
pub(crate) struct Arguments {}

#[derive(Serialize)]
struct Listing<'a> {
    templates: Vec<Json<'a, Template>>,
    /// The folder of your own templates.
    folder: String,
}

pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    let own = find::own(context);
    let all = context.api().await?.list_templates().await?;
    let folder = context.paths.templates().display().to_string();
    if context.json {
        let templates = own.iter().chain(&all).map(Json).collect();
        return json::print(&Listing { templates, folder });
    }
    context.paper.print(&lines(&own, &all, &context.paper))?;
    paper::note(&format!("\nYour own are files in {folder}."));
    Ok(())
}

fn lines(own: &[Template], all: &[Template], paper: &Paper) -> Vec<Line<'static>> {
    let (ordered, open): (Vec<_>, Vec<_>) = all.iter().partition(|one| !one.parts.is_empty());
    let (topics, roles): (Vec<_>, Vec<_>) = open.into_iter().partition(|one| one.topics.len() == 1);
    let groups: [(&str, Vec<&Template>); 4] = [
        ("Your own", own.iter().collect()),
        ("Ready-made interviews", ordered),
        ("Roles", roles),
        ("Topics", topics),
    ];
    // A server may send anything.
    let id_of = |one: &Template| text::neutral_line(&one.id);
    let id = own.iter().chain(all).map(|one| wrap::width(&id_of(one))).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (title, templates) in groups {
        if templates.is_empty() {
            continue;
        }
        set_apart(&mut lines);
        lines.push(Line::styled(title, Theme::strong()));
        for template in templates {
            let lead = format!("  {}  ", wrap::pad(&id_of(template), id));
            let about = paper.rest(&words_of(template), wrap::width(&lead));
            lines.push(Line::raw(format!("{lead}{about}")));
        }
    }
    lines
}

fn words_of(template: &Template) -> String {
    if templates::questions(template).is_some() {
        return format!("{}; {}", template.title, words::template(template));
    }
    let count = usize::try_from(template.available_questions).unwrap_or(0);
    format!("{} ({})", template.title, words::count(count, "question"))
}
