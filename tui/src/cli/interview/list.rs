//! `viva interview list`.

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use ratatui::text::{Line, Span};
use viva_proto::v1::{Interview, ListInterviewsResponse};

use super::{Context, Failure};
use crate::{
    api::Api,
    cli::{Paper, json, paper},
    problem::Problem,
    timing::Held,
    view::{bar, theme::Theme, wrap},
    words,
};

/// Width of the column for role and level.
const TITLE: usize = 32;

/// Width of the column for the day.
const DAY: usize = 12;

/// Only the flags that every command has.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  viva interview list --json | jq '.interviews[].progress.overall_score'"
)]
pub(crate) struct Arguments {}

pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    let interviews = all(context.api().await?).await?;
    if context.json {
        return json::print_reply(&ListInterviewsResponse {
            interviews,
            next_page_token: String::new(),
        });
    }
    if interviews.is_empty() {
        paper::note("No interviews yet. Create one with: viva interview new --role ROLE");
        return Ok(());
    }
    let lines: Vec<_> = interviews.iter().map(|interview| row(interview, &context.paper)).collect();
    context.paper.print(&lines)
}

async fn all(api: &Api) -> Result<Vec<Interview>, Problem> {
    let mut interviews = Vec::new();
    let mut token = String::new();
    loop {
        let page = api.list_interviews(token).await?;
        interviews.extend(page.interviews);
        token = page.next_page_token;
        if token.is_empty() {
            return Ok(interviews);
        }
    }
}

/// Why an interview has no score.
fn unscored(interview: &Interview) -> String {
    let held = Held::from(interview);
    let title = held.title().filter(|_| held.is_silent);
    title.unwrap_or_else(|| "no score yet".to_owned())
}

fn row(interview: &Interview, paper: &Paper) -> Line<'static> {
    let progress = interview.progress.unwrap_or_default();
    let created = words::moment(interview.created_at.as_ref());
    let title = words::role_and_level(&interview.role, interview.level());
    let day = words::day(created, Timestamp::now(), &TimeZone::system());
    let answered = format!("{} of {}", progress.answered, progress.questions);
    if paper.plain {
        let score = match progress.overall_score {
            Some(score) => format!("{} {}", words::score(score), words::band(score)),
            None => unscored(interview),
        };
        return Line::raw(format!(
            "{}. {title}, {day}, {answered} answered, {score}",
            interview.id
        ));
    }
    let mut line = Line::raw(format!(
        "{:>5}  {} {} {:>8}   ",
        interview.id,
        wrap::pad(&title, TITLE),
        wrap::pad(&day, DAY),
        answered,
    ));
    match progress.overall_score {
        Some(score) => {
            line.spans.extend(bar::bar(score, 10, paper.theme()));
            line.push_span(Span::raw(format!(" {}", bar::number_and_band(score))));
        }
        None => line.push_span(Span::styled(unscored(interview), Theme::faint())),
    }
    line
}
