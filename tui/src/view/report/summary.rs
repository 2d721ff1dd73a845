//! The summary of a report: what went well, what to work on.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use crate::{
    model::{Model, open::Open},
    view::{news, theme::Theme, wrap},
    words,
};

/// The summary in lines of so many columns.
pub(crate) fn lines(model: &Model, open: &Open, columns: usize) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let Some(report) = &open.report else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    section(&mut lines, "What went well", "✓ ", theme.good(), &report.strengths, columns);
    section(&mut lines, "To work on", "▸ ", theme.fair(), &report.improvements, columns);
    let left = open.questions().iter().filter(|slot| slot.answer.is_none()).count();
    let mut states = Vec::new();
    if left > 0 {
        states.push(format!("{} not answered yet.", words::count(left, "question")));
    }
    match open.pending() {
        0 => {}
        1 => states.push("1 answer is being evaluated; it appears here by itself.".to_owned()),
        n => {
            states
                .push(format!("{n} answers are being evaluated; they appear here by themselves."));
        }
    }
    match open.failed().len() {
        0 => {}
        n => states.push(format!("{} could not be evaluated.", words::count(n, "answer"))),
    }
    if !states.is_empty() {
        set_apart(&mut lines);
        lines.extend(wrap::plain(&states.join(" "), columns, Style::new()));
    }
    for text in news::texts(model, open) {
        set_apart(&mut lines);
        lines.extend(wrap::plain(&text, columns, Style::new()));
    }
    if open.evaluated() > 0 {
        set_apart(&mut lines);
        let hint = "→ turns to the questions: what each answer made of its points.";
        lines.extend(wrap::plain(hint, columns, Theme::faint()));
    }
    lines
}

/// A titled list, if there is anything in it.
pub(crate) fn section(
    lines: &mut Vec<Line<'static>>,
    title: &'static str,
    mark: &'static str,
    style: Style,
    texts: &[String],
    columns: usize,
) {
    if texts.is_empty() {
        return;
    }
    set_apart(lines);
    lines.push(Line::styled(title, Theme::strong()));
    for text in texts {
        let wrapped = wrap::plain(text, columns.saturating_sub(2), Style::new());
        lines.extend(wrap::hang(&Span::styled(mark, style), wrapped));
    }
}

/// A line of air, but not at the top.
pub(crate) fn set_apart(lines: &mut Vec<Line<'static>>) {
    if !lines.is_empty() {
        lines.push(Line::raw(""));
    }
}
