//! `viva bank list`.

use clap::Args;
use ratatui::text::Line;
use serde::Serialize;

use super::{Context, Entry, Failure, bank};
use crate::{
    cli::{Exit, Paper, json},
    local::bank::{Bank, Topic},
    text,
    view::{report::set_apart, theme::Theme, wrap},
    words,
};

/// Width of the column for a level.
const LEVEL: usize = 6;

/// The questions to list.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva bank list --topic rust\n  viva bank list --json | jq -r '.questions[].topic' | sort | uniq -c"
)]
pub(crate) struct Arguments {
    /// Only the questions of this topic
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
}

#[derive(Serialize)]
struct Listing<'a> {
    questions: Vec<Entry<'a>>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let bank = bank::in_force(context.settings.bank_dir.as_deref())?;
    let wanted = |topic: &&Topic| arguments.topic.as_ref().is_none_or(|name| topic.name == *name);
    let topics: Vec<_> = bank.topics.iter().filter(wanted).collect();
    if topics.is_empty() {
        return Err(no_topic(&bank, arguments.topic.as_deref().unwrap_or_default()));
    }
    if context.json {
        let entries =
            topics.iter().flat_map(|topic| topic.questions.iter().map(|q| Entry::new(topic, q)));
        return json::print(&Listing { questions: entries.collect() });
    }
    context.paper.print(&lines(&topics, &context.paper))
}

fn no_topic(bank: &Bank, name: &str) -> Failure {
    let names: Vec<_> = bank.topics.iter().map(|topic| topic.name.as_str()).collect();
    let message = format!("There is no topic {name}. The topics are: {}.", names.join(", "));
    Failure::new(Exit::NotFound, message)
}

fn lines(topics: &[&Topic], paper: &Paper) -> Vec<Line<'static>> {
    let questions = topics.iter().flat_map(|topic| &topic.questions);
    let id = questions.map(|q| wrap::width(&q.id)).max().unwrap_or(0);
    let mut lines = Vec::new();
    for topic in topics {
        set_apart(&mut lines);
        let count = words::count(topic.questions.len(), "question");
        let title = format!("{} ({}), {count}", topic.title, topic.name);
        lines.push(Line::styled(text::neutral_line(&title), Theme::strong()));
        for question in &topic.questions {
            let level = words::level(bank::level(question));
            let lead = format!("  {}  {}  ", wrap::pad(&question.id, id), wrap::pad(level, LEVEL));
            let text = paper.rest(&question.text, wrap::width(&lead));
            lines.push(Line::raw(format!("{lead}{text}")));
        }
    }
    lines
}
