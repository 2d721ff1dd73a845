//! `viva template show`.

use clap::Args;
use ratatui::{style::Style, text::Line};
use viva_proto::v1::{Level, Template};

use super::{Context, Failure, find::find};
use crate::{
    cli::{Paper, json, paper},
    local::templates::write,
    templates, text,
    view::{report::set_apart, theme::Theme, wrap},
    words,
};

/// The template to show.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva template show system-design-hour-senior\n  viva template show first-job --toml > first-job.toml"
)]
pub(crate) struct Arguments {
    /// A template's id, or a file
    #[arg(value_name = "ID|FILE")]
    template: String,

    /// Print it as a file that others can use
    #[arg(long, conflicts_with = "json")]
    toml: bool,
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let template = find(&arguments.template, context.api().await?, context).await?;
    if arguments.toml {
        if template.parts.is_empty() {
            return Err(without_order(&template));
        }
        return paper::out(&write(templates::plain_id(&template), &template));
    }
    if context.json {
        return json::print_reply(&template);
    }
    context.paper.print(&lines(&template, &context.paper))
}

/// The failure for a template of a role or a topic, which asks whatever fits and so has no order.
pub(super) fn without_order(template: &Template) -> Failure {
    Failure::usage(format!(
        "{} has no order of its own to save: it asks whatever fits. Create an interview from it and save that.",
        template.id
    ))
}

fn lines(template: &Template, paper: &Paper) -> Vec<Line<'static>> {
    let level = words::level(template.level());
    let mut lines = wrap::plain(&template.title, paper.columns, Theme::strong());
    let head = format!("{}, {}, {level}", template.id, template.role);
    lines.extend(wrap::plain(&head, paper.columns, Theme::faint()));
    if !template.description.is_empty() {
        lines.extend(wrap::plain(&template.description, paper.columns, Style::new()));
    }
    set_apart(&mut lines);
    if template.parts.is_empty() {
        let text = format!("Any of: {}", template.topics.join(", "));
        lines.extend(wrap::plain(&text, paper.columns, Style::new()));
        return lines;
    }
    lines.push(Line::raw(words::length(template)));
    for (part, at) in template.parts.iter().zip(1..) {
        let level = match part.level() {
            Level::Unspecified => level,
            own => words::level(own),
        };
        let minutes =
            if part.minutes > 0 { format!(", {} min", part.minutes) } else { String::new() };
        let topic = text::neutral_line(&part.topic);
        lines.push(Line::raw(format!("{at:>2}. {topic}, {level}{minutes}")));
    }
    lines
}
