//! Your scores over time: beside the list on a wide screen, otherwise below it.

use jiff::{Timestamp, ToSpan as _};
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span, Text},
};
use viva_proto::v1::{GetProgressResponse, ProgressPoint, TopicProgress};

use crate::{
    keys::{self, Action, Context},
    model::Model,
    text::neutral_line,
    timing,
    view::{bar, layout, theme::Theme, wrap},
    words,
};

/// The fewest columns to be beside the list, and to have bars there.
const BESIDE: u16 = 112;
const WITH_BARS: u16 = 136;
/// Columns beside the list, without and with bars, and of the gap.
const NARROW: u16 = 32;
const WIDE: u16 = 44;
const GAP: u16 = 3;
/// The most columns of the list, so that the two stay close together.
const MOST_LIST: u16 = 104;
/// The fewest rows to have room below the list.
const LOW: u16 = 14;
/// The number of topics below the list and beside it.
const FEW: usize = 3;
const MANY: usize = 6;
/// Columns of a topic's name, and of its bar.
const TOPIC: usize = 18;
const BAR: usize = 10;
/// Columns of the labels below the list.
const LABEL: usize = 12;
/// The bars of the trend, lowest first.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Splits the body into areas for the list and the outlook; without room, the outlook's is empty.
pub(super) fn split(model: &Model, body: Rect) -> (Rect, Rect) {
    let Some(progress) = known(model) else {
        return (body, Rect::default());
    };
    if body.width >= BESIDE {
        let width = if body.width >= WITH_BARS { WIDE } else { NARROW };
        let list = (body.width - width - GAP).min(MOST_LIST);
        let (list, side) = layout::split_left(body, list, GAP);
        return (list, Rect { width, ..side });
    }
    if body.height < LOW {
        return (body, Rect::default());
    }
    let rows = below(model, progress, usize::from(body.width)).len();
    let rows = u16::try_from(rows).unwrap_or(0);
    let (list, foot) = layout::split_foot(body, rows + 1);
    (list, layout::split_top(foot, 1).1)
}

/// Draws the outlook if there is room.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let Some(progress) = known(model).filter(|_| !area.is_empty()) else { return };
    let columns = usize::from(area.width);
    let lines = if model.size.0 >= BESIDE + 2 * layout::MARGIN {
        beside(model, progress, columns)
    } else {
        below(model, progress, columns)
    };
    frame.render_widget(Text::from(lines), area);
}

fn known(model: &Model) -> Option<&GetProgressResponse> {
    model.dashboard.progress.as_ref().filter(|progress| !progress.points.is_empty())
}

/// One line for the weakest topics and one for the last days.
fn below(model: &Model, progress: &GetProgressResponse, columns: usize) -> Vec<Line<'static>> {
    let room = columns.saturating_sub(LABEL);
    let label = |text: &str| Span::styled(wrap::pad(text, LABEL), Theme::faint());
    let mut topics = Vec::new();
    for topic in progress.topics.iter().take(FEW) {
        let text =
            format!("{} {}", name(topic), bar::number_and_band(topic.average_score()).trim());
        if wrap::width(&topics.join(" · ")) + wrap::width(&text) + 3 <= room {
            topics.push(text);
        }
    }
    let mut lines = Vec::new();
    if !topics.is_empty() {
        lines.push(Line::from(vec![label("Work on"), Span::raw(topics.join(" · "))]));
    }
    let mut lately = vec![label("Lately")];
    let trend = trend(progress);
    lately.extend(trend.iter().map(|(bars, numbers)| Span::raw(format!("{bars}  {numbers}   "))));
    let mut line = Line::from(lately);
    let left = columns.saturating_sub(line.width());
    line.extend(
        week_within(model, progress, "last 7 days: ", left)
            .map(|week| Span::styled(week, Theme::faint())),
    );
    lines.push(line);
    if let Some(due) = due(model) {
        let key = Span::styled(key(), Theme::of(model.look).accent());
        let gap = columns.saturating_sub(LABEL + wrap::width(&due) + key.width());
        lines.push(Line::from(vec![
            label("Due today"),
            Span::raw(due),
            Span::raw(" ".repeat(gap)),
            key,
        ]));
    }
    lines
}

/// The outlook beside the list, with a line for each topic.
fn beside(model: &Model, progress: &GetProgressResponse, columns: usize) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let mut lines = vec![Line::styled("Work on", Theme::strong())];
    for topic in progress.topics.iter().take(MANY) {
        let mut spans = vec![Span::raw(wrap::pad(&name(topic), TOPIC))];
        if columns >= usize::from(WIDE) {
            spans.extend(bar::bar(topic.average_score(), BAR, theme));
            spans.push(Span::raw(" "));
        }
        spans.push(Span::raw(bar::number_and_band(topic.average_score())));
        lines.push(Line::from(spans));
    }
    if let Some((bars, numbers)) = trend(progress) {
        lines.extend([Line::default(), Line::styled("Overall", Theme::strong())]);
        lines.push(Line::from(vec![
            Span::styled(bars, theme.frame()),
            Span::raw(format!("  {numbers}")),
        ]));
    }
    if let Some(due) = due(model) {
        lines.extend([Line::default(), Line::styled("Due today", Theme::strong())]);
        let key = Span::styled(key(), theme.accent());
        lines.push(Line::from(vec![Span::raw(due), Span::raw("   "), key]));
    }
    lines.extend([Line::default(), Line::styled("Last 7 days", Theme::strong())]);
    lines.extend(week_within(model, progress, "", columns).map(Line::raw));
    lines
}

/// What to review today; `None` if nothing can be reviewed.
fn due(model: &Model) -> Option<String> {
    let counts = model.reviews.counts.as_ref().filter(|counts| counts.points > 0)?;
    let count = |number: i32| usize::try_from(number).unwrap_or(0);
    let left = count(counts.left_today);
    let done = count(counts.done_today);
    Some(match (left, done) {
        (0, 0) => format!("nothing; {} in memory", words::count(count(counts.points), "point")),
        (0, done) => format!("{} reviewed, nothing left", words::count(done, "point")),
        (left, _) => format!("{} to review", words::count(left, "point")),
    })
}

fn key() -> String {
    keys::label(Context::Dashboard, Action::Review)
}

fn name(topic: &TopicProgress) -> String {
    wrap::fit(&neutral_line(&topic.topic), TOPIC - 1)
}

/// The overall scores as bars, with the first and the last of them; `None` for a single score.
fn trend(progress: &GetProgressResponse) -> Option<(String, String)> {
    let scores: Vec<f64> = progress.points.iter().map(ProgressPoint::overall_score).collect();
    let (first, last) = (scores.first()?, scores.last()?);
    if scores.len() < 2 {
        return None;
    }
    let bar = |score: &f64| {
        // Always 0 to 7.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let at = (score.clamp(0.0, 10.0) / 10.0 * 7.0).round() as usize;
        BARS[at.min(BARS.len() - 1)]
    };
    let numbers = format!("{} → {}", words::score(*first), words::score(*last));
    Some((scores.iter().map(bar).collect(), numbers))
}

/// The last seven days: the time practised first, because it matters most; interviews as far as the
/// list is loaded.
fn week(model: &Model, progress: &GetProgressResponse) -> Vec<String> {
    let totals = progress.totals.unwrap_or_default();
    let is_recent = |at: Timestamp| {
        let since = model.now.checked_sub((7 * 24).hours());
        since.is_ok_and(|since| at >= since)
    };
    let interviews = model.dashboard.interviews.iter();
    let begun = interviews.filter_map(|it| words::moment(it.created_at.as_ref()));
    let begun = begun.filter(|at| is_recent(*at)).count();
    let answers = usize::try_from(totals.week_answers).unwrap_or(0);
    if (begun, answers) == (0, 0) {
        return vec!["nothing begun".to_owned()];
    }
    let count = |count: usize, noun| (count > 0).then(|| words::count(count, noun));
    let time = timing::practised(totals.week_duration_ms);
    let parts = [time, count(answers, "answer"), count(begun, "interview")];
    parts.into_iter().flatten().collect()
}

/// As much of it as has room on one line after its label.
fn week_within(
    model: &Model,
    progress: &GetProgressResponse,
    label: &str,
    columns: usize,
) -> Option<String> {
    let parts = week(model, progress);
    let lines = (1..=parts.len()).rev().map(|some| parts[..some].join(", "));
    let mut lines = lines.map(|parts| format!("{label}{parts}"));
    lines.find(|line| wrap::width(line) <= columns)
}
