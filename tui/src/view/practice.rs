//! Help with a question: hints, the shown answer, and the points to work on.

use ratatui::{
    Frame,
    style::Style,
    text::{Line, Span, Text},
};
use viva_proto::v1::Question;

use super::{clicks, code, footer, header, interview, layout, notice, report, theme::Theme, wrap};
use crate::{
    evaluation::findings::{self, Outcome},
    model::{Model, open::OpenInterview},
};

/// The hints that a question was given, each with its number and the total.
pub(super) fn hint_lines(
    open: &OpenInterview,
    question: i64,
    columns: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let (hints, available) = open.practice.hints(question);
    let mut lines = Vec::new();
    for (number, hint) in hints {
        let of = available.map(|available| format!(" of {available}")).unwrap_or_default();
        let mark = Span::styled(format!("hint {number}{of}  "), theme.accent());
        let room = columns.saturating_sub(wrap::width(&mark.content));
        lines.extend(wrap::hang(&mark, code::lines(hint, room, Style::new(), theme)));
    }
    lines
}

/// The shown answer of a question, with its points.
pub(super) fn shown_lines(
    open: &OpenInterview,
    question: &Question,
    columns: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let reference = question.shown.as_ref().map_or("", |shown| shown.reference.as_str());
    let mut lines = code::lines(reference, columns, Style::new(), theme);
    let points = open.practice.points(question.id);
    if !points.is_empty() {
        report::set_apart(&mut lines);
        lines.push(Line::styled("Its points", Theme::strong()));
    }
    let mark = Span::styled("▸ ", theme.accent());
    for point in points {
        let point = code::lines(point, columns.saturating_sub(2), Style::new(), theme);
        lines.extend(wrap::hang(&mark, point));
    }
    lines
}

/// Draws the points to choose from.
pub(crate) fn draw(model: &Model, question: Option<usize>, selected: usize, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    let title = match question {
        None => format!("To work on · {}", interview::title(model)),
        Some(at) => format!("To work on · question {}", at + 1),
    };
    header::draw(model, &title, &[], parts.header, frame);
    if let Some(open) = &model.open {
        // The mark of the selected point is in the margin.
        let area = ratatui::layout::Rect {
            x: parts.body.x.saturating_sub(layout::MARGIN),
            width: (parts.body.width + layout::MARGIN).min(report::TEXT + layout::MARGIN),
            ..parts.body
        };
        let (lines, points) =
            point_lines(open, question, selected, area.width, Theme::of(model.look));
        let height = usize::from(area.height);
        let chosen = points.get(selected).cloned().unwrap_or_default();
        // Show all of the selected point, and as much as possible before it.
        let top = chosen.end.saturating_sub(height).min(chosen.start);
        for (row, line) in (area.y..area.bottom()).zip(top..) {
            if let Some(at) = points.iter().position(|point| point.contains(&line)) {
                let row = ratatui::layout::Rect { y: row, height: 1, ..area };
                clicks::entry(model, row, at, selected);
            }
        }
        // Below the last point is an empty line.
        let left = lines.len().saturating_sub(top + height + 1);
        report::draw_more(model, left, parts, frame);
        let lines: Vec<_> = lines.into_iter().skip(top).take(height).collect();
        frame.render_widget(Text::from(lines), area);
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// The points as lines, and which of the lines are each point's.
fn point_lines(
    open: &OpenInterview,
    question: Option<usize>,
    selected: usize,
    columns: u16,
    theme: Theme,
) -> (Vec<Line<'static>>, Vec<std::ops::Range<usize>>) {
    let room = usize::from(columns).saturating_sub(7);
    let (mut lines, mut points) = (Vec::new(), Vec::new());
    for (at, it) in findings::to_choose(open.questions(), question).iter().enumerate() {
        let is_chosen = at == selected;
        let style = if is_chosen { Theme::chosen() } else { Style::new() };
        let start = lines.len();
        let mark = report::points::mark(it.finding.outcome, theme);
        let mut point = wrap::spans(&code::spans(it.finding.point, style, theme), room);
        let about = about(open, it, question.is_some());
        if !about.is_empty() {
            point.extend(wrap::plain(&about, room, Theme::faint()));
        }
        let numbered = wrap::hang(
            &Span::styled(format!("{} ", at + 1), Theme::strong()),
            wrap::hang(&mark, point),
        );
        let margin = if is_chosen { "> " } else { "  " };
        lines.extend(wrap::hang(&Span::styled(margin, theme.accent()), numbered));
        lines.push(Line::default());
        points.push(start..lines.len() - 1);
    }
    (lines, points)
}

/// Which question a point belongs to, unless all belong to one, and what the answer says about it.
fn about(open: &OpenInterview, it: &findings::WeakPoint<'_>, is_one: bool) -> String {
    let slot = &open.questions()[it.question];
    let topic = slot.question.as_ref().map_or("", |question| question.topic.as_str());
    let question = format!("question {} {}", it.question + 1, wrap::fit(topic, 20));
    let said = match it.finding.outcome {
        Outcome::Contradicted => format!("you say the opposite: “{}”", it.finding.quote),
        Outcome::Near => format!("you come near: “{}”", it.finding.quote),
        Outcome::Missed | Outcome::Made => String::new(),
    };
    let question = if is_one { String::new() } else { question };
    let parts = [question.trim_end(), &said];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
