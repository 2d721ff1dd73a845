//! `viva progress`: scores over time and by topic.

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use ratatui::text::{Line, Span};
use viva_proto::v1::{
    GetProgressResponse, Grader, ProgressPoint, ProgressTotals, TopicChange, TopicProgress,
    TopicSeries,
};

use super::{Context, Failure, Paper, json};
use crate::{
    problem::{Problem, ProblemKind},
    text, timing,
    view::{bar, report::set_apart, theme::Theme, wrap},
    words,
};

/// Width of the column for a role or a topic.
const NAME: usize = 32;

/// Width of the column for a day.
const DAY: usize = 12;

/// Fewer answers than this do not make a trend.
const FEW: i32 = 3;

/// How many of the newest interviews are shown one by one beside a topic.
const NEWEST: usize = 5;

/// The arguments of `viva progress`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva progress --last 10")]
pub(crate) struct Arguments {
    /// Only the newest N interviews that have a score
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
            "This server cannot show progress over several interviews yet. `viva interview list` \
             shows each interview's score.",
        );
    }
    problem.into()
}

fn lines(progress: &GetProgressResponse, paper: &Paper) -> Vec<Line<'static>> {
    let practised = progress.totals.as_ref().and_then(practised).map(Line::raw);
    if progress.points.is_empty() {
        let none = Line::raw("No interview has a score yet.");
        return std::iter::once(none).chain(practised).collect();
    }
    let strong = Theme::strong();
    let mut lines = vec![Line::styled("Interviews, oldest first", strong)];
    lines.extend(progress.points.iter().map(|point| interview(point, paper)));
    if !progress.topics.is_empty() {
        set_apart(&mut lines);
        lines.push(Line::styled(
            "Topics, weakest first, with the scores of their last interviews",
            strong,
        ));
        lines.extend(progress.topics.iter().map(|topic| {
            let is_its = |series: &&TopicSeries| {
                series.topic == topic.topic && series.grader == progress.grader
            };
            by_topic(topic, progress.series.iter().find(is_its), paper)
        }));
    }
    if let Some(practised) = practised {
        set_apart(&mut lines);
        lines.push(practised);
    }
    if let Some(grader) = &progress.grader {
        set_apart(&mut lines);
        lines.push(Line::styled(whose(grader, progress.answers_of_others), Theme::faint()));
    }
    lines
}

/// Which grader gave the scores, and how many answers are left out because others graded them.
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

/// How much you have practised; empty if you have not.
fn practised(totals: &ProgressTotals) -> Option<String> {
    let number = |number| usize::try_from(number).unwrap_or(0);
    if totals.answers <= 0 {
        return None;
    }
    let answers = |count, duration_ms| {
        let time = timing::practised(duration_ms).map(|time| format!(" in {time}"));
        format!("{}{}", words::count(number(count), "answer"), time.unwrap_or_default())
    };
    let all = answers(totals.answers, totals.duration_ms);
    let days = words::count(number(totals.active_days), "day");
    let week = match totals.week_answers {
        ..=0 => String::new(),
        count => format!(" In the last 7 days: {}.", answers(count, totals.week_duration_ms)),
    };
    Some(format!("{all}, on {days}.{week}"))
}

fn interview(point: &ProgressPoint, paper: &Paper) -> Line<'static> {
    let created = words::moment(point.created_at.as_ref());
    let day = words::day(created, Timestamp::now(), &TimeZone::system());
    let lead = format!("{} {}", wrap::pad(&day, DAY), wrap::pad(&point.role, NAME));
    scored(&lead, point.overall_score(), paper)
}

fn by_topic(topic: &TopicProgress, series: Option<&TopicSeries>, paper: &Paper) -> Line<'static> {
    let answers = usize::try_from(topic.answers).unwrap_or(0);
    let answers = wrap::pad(&words::count(answers, "answer"), DAY);
    let lead = format!("{answers} {}", wrap::pad(&topic.topic, NAME));
    let mut line = scored(&lead, topic.average_score(), paper);
    if topic.answers >= FEW {
        let change = match topic.change() {
            TopicChange::Improved => " improved",
            TopicChange::Slipped => " slipped",
            TopicChange::NoClearDifference | TopicChange::Unspecified => "",
        };
        line.push_span(Span::styled(format!("   {:+.1}{change}", topic.trend()), Theme::faint()));
    }
    let points = series.map_or(&[][..], |series| &series.points);
    if points.len() > 1 {
        let newest = &points[points.len().saturating_sub(NEWEST)..];
        let scores: Vec<_> =
            newest.iter().map(|point| words::score(point.average_score())).collect();
        line.push_span(Span::styled(format!("   {}", scores.join(" ")), Theme::faint()));
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
    use viva_proto::v1::TopicPoint;

    use super::*;
    use crate::{flags::Flags, settings::Settings};

    fn paper() -> Paper {
        let flags = Flags { plain: true, ..Flags::default() };
        let nowhere = std::path::Path::new("/nonexistent/config.toml");
        let settings = Settings::load(&flags, |_| None, nowhere).unwrap();
        Paper::new(&settings, &flags)
    }

    #[test]
    fn a_trend_needs_enough_answers() {
        let topic = |name: &str, answers, trend| TopicProgress {
            topic: name.into(),
            answers,
            average_score: Some(4.2),
            trend: Some(trend),
            change: TopicChange::Improved.into(),
        };
        let grader = Some(Grader {
            name: "viva-offline".into(),
            version: "2.1".into(),
            ..Grader::default()
        });
        let points = [3.0, 5.25].map(|average_score| TopicPoint {
            average_score: Some(average_score),
            ..TopicPoint::default()
        });
        let series = TopicSeries {
            topic: "concurrency".into(),
            grader: grader.clone(),
            answers: 5,
            points: points.into(),
        };
        let progress = GetProgressResponse {
            points: vec![ProgressPoint::default()],
            topics: vec![topic("concurrency", 5, 1.25), topic("rust", 2, 3.0)],
            // A change by another grader's scores is not shown beside these.
            series: vec![TopicSeries { grader: None, ..series.clone() }, series],
            totals: Some(ProgressTotals {
                answers: 7,
                duration_ms: 3_720_000,
                active_days: 1,
                week_answers: 2,
                week_duration_ms: 600_000,
            }),
            grader,
            answers_of_others: 1,
        };
        let lines = lines(&progress, &paper());
        let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
        assert!(lines[4].contains("5 answers    concurrency"), "{lines:?}");
        assert!(lines[4].ends_with(" 4.2 weak   +1.2 improved   3.0 5.2"), "{lines:?}");
        assert!(lines[5].ends_with(" 4.2 weak"), "{lines:?}");
        let whose = "Scores by viva-offline 2.1. 1 answer by other graders is left out: scores of \
                     different graders are never mixed.";
        assert_eq!(
            lines[7],
            "7 answers in 1 h 2 min, on 1 day. In the last 7 days: 2 answers in 10 min."
        );
        assert_eq!(lines[9], whose);
    }

    #[test]
    fn without_a_score_a_sentence_says_so() {
        let lines = lines(&GetProgressResponse::default(), &paper());
        assert_eq!(lines[0].to_string(), "No interview has a score yet.");
    }
}
