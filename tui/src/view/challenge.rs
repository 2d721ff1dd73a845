//! Challenging a finding: the points of an answer to choose from, or its sentences to mark.

use std::ops::Range;

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};
use viva_proto::v1::KeyPointResult;

use super::{code, footer, header, layout, notice, report, theme::Theme, wrap};
use crate::{
    evaluation::remarks,
    keys::{self, Action, Context},
    model::{
        Model,
        challenge::{Challenge, Marking},
        open::OpenInterview,
    },
};

/// Draws the points, or the sentences while words are marked.
pub(crate) fn draw(model: &Model, challenge: Challenge, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    let title = match challenge.marking {
        None => format!("Challenge a finding · question {}", challenge.question + 1),
        Some(_) => "Mark the words that make this point".to_owned(),
    };
    header::draw(model, &title, &[], parts.header, frame);
    if let Some(open) = &model.open {
        // The mark of the selected line is in the margin.
        let area = Rect {
            x: parts.body.x.saturating_sub(layout::MARGIN),
            width: (parts.body.width + layout::MARGIN).min(report::TEXT + layout::MARGIN),
            ..parts.body
        };
        let theme = Theme::of(model.look);
        let (lines, chosen) = match challenge.marking {
            None => points(open, challenge, area.width, theme),
            Some(marking) => sentences(open, challenge, marking, area.width, theme),
        };
        let height = usize::from(area.height);
        let top = chosen.end.saturating_sub(height).min(chosen.start);
        let lines: Vec<_> = lines.into_iter().skip(top).take(height).collect();
        frame.render_widget(Text::from(lines), area);
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// The points as lines, and which of the lines are the selected point's.
fn points(
    open: &OpenInterview,
    challenge: Challenge,
    columns: u16,
    theme: Theme,
) -> (Vec<Line<'static>>, Range<usize>) {
    let room = usize::from(columns).saturating_sub(2);
    let (mut lines, mut chosen) = (Vec::new(), 0..0);
    for (at, (_, point)) in challenge.points(open).into_iter().enumerate() {
        let is_chosen = at == challenge.selected;
        let style = if is_chosen { Theme::chosen() } else { Style::new() };
        let start = lines.len();
        let mut text = wrap::spans(&code::spans(&point.point, style, theme), room);
        for about in about(point) {
            text.extend(wrap::plain(&about, room, Theme::faint()));
        }
        let margin = if is_chosen { "> " } else { "  " };
        lines.extend(wrap::hang(&Span::styled(margin, theme.accent()), text));
        lines.push(Line::default());
        if is_chosen {
            chosen = start..lines.len() - 1;
        }
    }
    (lines, chosen)
}

/// What the evaluation says about a point, what you say, and what you can do.
fn about(point: &KeyPointResult) -> Vec<String> {
    let mut about = Vec::new();
    if remarks::is_asked_about(point) {
        let keys = [Action::Yes, Action::Partly, Action::No];
        let [yes, partly, no] = keys.map(|action| keys::label(Context::Challenge, action));
        about.push(format!(
            "Did you say this? “{}” {yes} yes, {partly} partly, {no} no",
            point.evidence.trim()
        ));
    } else if point.coverage() > 0.0 {
        about.push(format!("made in part: “{}”", point.evidence.trim()));
    } else {
        about.push("not found in your answer".to_owned());
    }
    about.extend(remarks::of(point));
    about
}

/// The point and the answer's sentences as lines, and which of the lines are the current sentence's.
fn sentences(
    open: &OpenInterview,
    challenge: Challenge,
    marking: Marking,
    columns: u16,
    theme: Theme,
) -> (Vec<Line<'static>>, Range<usize>) {
    let room = usize::from(columns).saturating_sub(4);
    let point = challenge.point(open).map_or("", |(_, point)| point.point.as_str());
    let mut lines = wrap::hang(&Span::raw("  "), code::lines(point, room, Theme::strong(), theme));
    lines.push(Line::default());
    let answer = challenge.answer(open).map_or("", |answer| answer.answer_text.as_str());
    let mut chosen = 0..0;
    for (at, range) in remarks::sentences(answer).into_iter().enumerate() {
        let is_marked = marking.marked().contains(&at);
        let style = if is_marked { Theme::chosen() } else { Style::new() };
        let text = answer.get(range).unwrap_or_default();
        let margin = match (at == marking.at, is_marked) {
            (true, _) => "> ",
            (false, true) => "| ",
            (false, false) => "  ",
        };
        let start = lines.len();
        let wrapped = wrap::plain(text, room, style);
        lines.extend(wrap::hang(&Span::styled(margin, theme.accent()), wrapped));
        if at == marking.at {
            chosen = start..lines.len();
        }
    }
    (lines, chosen)
}
