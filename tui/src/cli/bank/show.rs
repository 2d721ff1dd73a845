//! `viva bank show`: a question with its rubric. The JSON uses the names of a bank file, which are
//! those that `viva grade` reads.

use clap::Args;
use ratatui::{
    style::Style,
    text::{Line, Span},
};
use serde::Serialize;

use super::{Context, Entry, Failure, bank};
use crate::{
    cli::{Exit, Paper, json},
    local::bank::{BankQuestion, Topic},
    text,
    view::{report::set_apart, theme::Theme, wrap},
    words,
};

/// The question to show.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva bank show concurrency-race-condition")]
pub(crate) struct Arguments {
    /// The question's id; `viva bank list` lists them
    #[arg(value_name = "ID")]
    id: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    question: Full<'a>,
}

#[derive(Serialize)]
struct Full<'a> {
    #[serde(flatten)]
    entry: Entry<'a>,
    reference: &'a str,
    key_points: Vec<KeyPoint<'a>>,
    mistakes: Vec<Mistake<'a>>,
    hints: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_ups: Option<FollowUps<'a>>,
}

#[derive(Serialize)]
struct KeyPoint<'a> {
    point: &'a str,
    weight: f64,
    phrasings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    prompts: &'a [String],
}

#[derive(Serialize)]
struct Mistake<'a> {
    claim: &'a str,
    why_wrong: &'a str,
}

#[derive(Serialize)]
struct FollowUps<'a> {
    weak: &'a str,
    strong: &'a str,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let bank = bank::in_force(context.settings.bank_dir.as_deref())?;
    let Some((topic, question)) = bank.questions().find(|(_, q)| q.id == arguments.id) else {
        let message =
            format!("The bank has no question {}. `viva bank list` lists them all.", arguments.id);
        return Err(Failure::new(Exit::NotFound, message));
    };
    if context.json {
        let question = full(topic, question);
        return json::print(&Shown { question });
    }
    context.paper.print(&lines(topic, question, &context.paper))
}

fn full<'a>(topic: &'a Topic, question: &'a BankQuestion) -> Full<'a> {
    let points = question.rubric.key_points.iter().zip(&question.prompts);
    let key_points = points.map(|(point, asked)| KeyPoint {
        point: &point.point,
        weight: point.weight,
        phrasings: &point.phrasings,
        id: asked.id.as_deref(),
        prompts: &asked.prompts,
    });
    let mistakes = question
        .rubric
        .mistakes
        .iter()
        .map(|mistake| Mistake { claim: &mistake.claim, why_wrong: &mistake.why_wrong });
    Full {
        entry: Entry::new(topic, question),
        reference: &question.rubric.reference,
        key_points: key_points.collect(),
        mistakes: mistakes.collect(),
        hints: &question.hints,
        follow_ups: question
            .follow_ups
            .as_ref()
            .map(|follow_ups| FollowUps { weak: &follow_ups.weak, strong: &follow_ups.strong }),
    }
}

fn lines(topic: &Topic, question: &BankQuestion, paper: &Paper) -> Vec<Line<'static>> {
    let level = words::level(bank::level(question));
    let head = format!("{}, {}, {level}", question.id, topic.title);
    let mut lines = vec![Line::styled(text::neutral_line(&head), Theme::faint())];
    lines.extend(wrap::plain(&question.text, paper.columns, Theme::strong()));
    let mut section = |title: &'static str, items: Vec<(String, &str)>| {
        if items.is_empty() {
            return;
        }
        set_apart(&mut lines);
        lines.push(Line::styled(title, Theme::strong()));
        for (mark, text) in items {
            let room = paper.columns.saturating_sub(wrap::width(&mark));
            let wrapped = wrap::plain(text, room, Style::new());
            lines.extend(wrap::hang(&Span::styled(mark, Theme::faint()), wrapped));
        }
    };
    let rubric = &question.rubric;
    section("Reference", vec![(String::new(), &rubric.reference)]);
    let mut points = Vec::new();
    for (point, asked) in rubric.key_points.iter().zip(&question.prompts) {
        points.push((format!("weight {:<4}", point.weight), point.point.as_str()));
        let phrasings = point.phrasings.iter();
        points.extend(phrasings.map(|p| (format!("{:>13}", "or: "), p.as_str())));
        points.extend(asked.prompts.iter().map(|p| (format!("{:>13}", "asked: "), p.as_str())));
    }
    section("Key points", points);
    let mut mistakes = Vec::new();
    for mistake in &rubric.mistakes {
        mistakes.push(("false: ".to_owned(), mistake.claim.as_str()));
        mistakes.push((" true: ".to_owned(), mistake.why_wrong.as_str()));
    }
    section("Mistakes", mistakes);
    let hints = question.hints.iter();
    section("Hints", hints.map(|h| ("- ".to_owned(), h.as_str())).collect());
    if let Some(next) = &question.follow_ups {
        let after = |which: &str| format!("after a {which} answer: ");
        let weak = (after("weak"), next.weak.as_str());
        section("Follow-ups", vec![weak, (after("strong"), &next.strong)]);
    }
    lines
}
