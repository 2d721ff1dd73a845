//! `viva progress`: scores over time and by topic.

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use ratatui::text::{Line, Span};
use viva_proto::v1::{GetProgressResponse, Grader, ProgressPoint, TopicProgress};

use super::{Context, Failure, Paper, json};
use crate::{
    problem::{Problem, ProblemKind},
    text,
    view::{bar, report::set_apart, theme::Theme, wrap},
    words,
};

/// Columns of a role or a topic.
const NAME: usize = 32;

/// Columns of a day.
const DAY: usize = 12;

/// Below so many answers a trend says little.
const FEW: i32 = 3;

/// How far back.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva progress --last 10")]
pub(crate) struct Arguments {
    /// Only the newest so many interviews that have a score
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    last: Option<i32>,
}

pub(super) async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let progress = api.progress(arguments.last.unwrap_or(0)).await.map_err(failure)?;
    if context.json {
        return json::print_reply(&progress);
    }
    context.paper.print(&lines(&progress, &context.paper))
}

fn failure(problem: Problem) -> Failure {
    if problem.kind == ProblemKind::Unsupported {
        return Failure::failed(
            "This server cannot follow scores over several interviews yet. `viva interview list` \
             shows each interview's score.",
        );
    }
    problem.into()
}

fn lines(progress: &GetProgressResponse, paper: &Paper) -> Vec<Line<'static>> {
    if progress.points.is_empty() {
        return vec![Line::raw("No interview has a score yet.")];
    }
    let strong = Theme::strong();
    let mut lines = vec![Line::styled("Interviews, oldest first", strong)];
    lines.extend(progress.points.iter().map(|point| interview(point, paper)));
    if !progress.topics.is_empty() {
        set_apart(&mut lines);
        lines.push(Line::styled("Topics, weakest first", strong));
        lines.extend(progress.topics.iter().map(|topic| by_topic(topic, paper)));
    }
    if let Some(grader) = &progress.grader {
        set_apart(&mut lines);
        lines.push(Line::styled(whose(grader, progress.answers_of_others), Theme::faint()));
    }
    lines
}

/// Who gave the scores, and what is left out for its sake.
fn whose(grader: &Grader, answers_of_others: i32) -> String {
    let by = format!(
        "Scores by {} {}.",
        text::neutral_line(&grader.name),
        text::neutral_line(&grader.version)
    );
    match usize::try_from(answers_of_others).unwrap_or(0) {
        0 => by,
        others => format!(
            "{by} {} by other graders {} left out: scores of different graders are never mixed.",
            words::count(others, "answer"),
            if others == 1 { "is" } else { "are" },
        ),
    }
}

fn interview(point: &ProgressPoint, paper: &Paper) -> Line<'static> {
    let created = words::moment(point.created_at.as_ref());
    let day = words::day(created, Timestamp::now(), &TimeZone::system());
    let lead = format!("{} {}", wrap::pad(&day, DAY), wrap::pad(&point.role, NAME));
    scored(&lead, point.overall_score, paper)
}

fn by_topic(topic: &TopicProgress, paper: &Paper) -> Line<'static> {
    let answers = usize::try_from(topic.answers).unwrap_or(0);
    let answers = wrap::pad(&words::count(answers, "answer"), DAY);
    let lead = format!("{answers} {}", wrap::pad(&topic.topic, NAME));
    let mut line = scored(&lead, topic.average_score, paper);
    if topic.answers >= FEW {
        let trend = Span::styled(format!("   {:+.1}", topic.trend), Theme::faint());
        line.push_span(trend);
    }
    line
}

fn scored(lead: &str, score: f64, paper: &Paper) -> Line<'static> {
    let mut line = Line::raw(format!("{lead} "));
    if !paper.plain {
        line.spans.extend(bar::bar(score, 10, paper.theme()));
    }
    line.push_span(Span::raw(format!(" {}", bar::number_and_band(score))));
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{args::Flags, settings::Settings};

    fn paper() -> Paper {
        let flags = Flags { plain: true, ..Flags::default() };
        let nowhere = std::path::Path::new("/nonexistent/config.toml");
        let settings = Settings::load(&flags, |_| None, nowhere).unwrap();
        Paper::new(&settings, &flags)
    }

    #[test]
    fn a_trend_is_told_only_where_there_are_answers_enough_for_one() {
        let topic = |name: &str, answers, trend| TopicProgress {
            topic: name.into(),
            answers,
            average_score: 4.2,
            trend,
        };
        let progress = GetProgressResponse {
            points: vec![ProgressPoint::default()],
            topics: vec![topic("concurrency", 5, 1.25), topic("rust", 2, 3.0)],
            grader: Some(Grader {
                name: "viva-offline".into(),
                version: "2.1".into(),
                ..Grader::default()
            }),
            answers_of_others: 1,
        };
        let lines = lines(&progress, &paper());
        let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
        assert!(lines[4].contains("5 answers    concurrency"), "{lines:?}");
        assert!(lines[4].ends_with(" 4.2 weak   +1.2"), "{lines:?}");
        assert!(lines[5].ends_with(" 4.2 weak"), "{lines:?}");
        let whose = "Scores by viva-offline 2.1. 1 answer by other graders is left out: scores of \
                     different graders are never mixed.";
        assert_eq!(lines[7], whose);
    }

    #[test]
    fn nothing_evaluated_is_said_in_words() {
        let lines = lines(&GetProgressResponse::default(), &paper());
        assert_eq!(lines[0].to_string(), "No interview has a score yet.");
    }
}
