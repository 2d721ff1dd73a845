//! The list of marked questions, and below it the marks of the selected one.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};
use viva_proto::v1::{MarkedQuestion, QuestionMark};

use super::{clicks, footer, header, layout, notice, report::TEXT, theme::Theme, wrap};
use crate::{
    keys::{self, Action, Context},
    model::Model,
    text::neutral_line,
    words,
};

/// The most rows kept free below the list for the selected question.
const MOST_DETAIL: u16 = 10;
/// Width of the column for a topic.
const TOPIC: usize = 18;
/// Width of the column for a wish.
const WISH: usize = 11;

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    let title = "Starred and noted questions";
    header::draw(model, title, &[header::place(model)], parts.header, frame);
    let list = &model.marks.list;
    let columns = usize::from(parts.body.width);
    if let Some(problem) = list.problem.as_ref().filter(|_| list.questions.is_empty()) {
        let key = keys::label(Context::Marks, Action::Refresh);
        let text = format!("{}\n\n{key}  tries again, Esc goes back", problem.message);
        draw_text(&text, columns, parts.body, frame);
    } else if !list.loaded {
        draw_text(&format!("{} loading", header::spinner(model)), columns, parts.body, frame);
    } else if list.questions.is_empty() {
        draw_text(&invitation(), columns, parts.body, frame);
    } else {
        draw_list(model, parts.body, frame);
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// How many questions are visible at once.
pub(crate) fn height(model: &Model) -> usize {
    let (columns, rows) = model.size;
    let body = layout::parts(model, Rect::new(0, 0, columns, rows)).body;
    usize::from(places(body, model.marks.list.questions.len()).0.height).max(1)
}

/// A question's marks, in lines of `columns`; of the note, at most `most` lines.
pub(super) fn lines(mark: &QuestionMark, columns: usize, most: usize) -> Vec<Line<'static>> {
    let mut lines = wrap::plain(&words::mark(mark), columns, Theme::strong());
    lines.retain(|line| line.width() > 0);
    if !mark.note.is_empty() {
        let label = Span::styled("note  ", Theme::strong());
        let note = wrap::plain(&mark.note, columns.saturating_sub(6), Style::new());
        lines.extend(layout::cut(wrap::hang(&label, note), most, columns, layout::CUT));
    }
    lines
}

fn invitation() -> String {
    let key = |action| keys::label(Context::Report, action);
    format!(
        "Nothing is starred or noted yet.\n\nIn an interview or a report, {} stars a question and {} writes a private note on it.",
        key(Action::Star),
        key(Action::Note)
    )
}

fn draw_text(text: &str, columns: usize, area: Rect, frame: &mut Frame<'_>) {
    frame.render_widget(Text::from(wrap::plain(text, columns, Style::new())), area);
}

/// The areas for a list of `count` questions and for what is below it.
fn places(area: Rect, count: usize) -> (Rect, Rect) {
    let most = area.height.saturating_sub((area.height * 2 / 3).min(MOST_DETAIL));
    let rows = u16::try_from(count).unwrap_or(u16::MAX).min(most);
    let (list, below) = layout::split_top(area, rows);
    (list, layout::split_top(below, 1).1)
}

fn draw_list(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let list = &model.marks.list;
    let (rows, detail) = places(area, list.questions.len());
    // The mark of the selected line is in the margin.
    let rows = Rect { x: rows.x - layout::MARGIN, width: rows.width + layout::MARGIN, ..rows };
    let height = usize::from(rows.height);
    let last_top = list.questions.len().saturating_sub(height);
    let top = list.selected.saturating_sub(height / 2).min(last_top);
    clicks::list(model, rows, top..list.questions.len(), list.selected);
    let shown = list.questions.iter().enumerate().skip(top).take(height);
    let lines =
        shown.map(|(at, marked)| row(model, marked, at == list.selected, usize::from(rows.width)));
    frame.render_widget(lines.collect::<Text<'_>>(), rows);
    if let Some(chosen) = list.chosen() {
        let columns = usize::from(detail.width.min(TEXT));
        let rows = usize::from(detail.height);
        let lines = detail_lines(chosen, columns);
        let lines = layout::cut(lines, rows, columns, layout::CUT);
        frame.render_widget(Text::from(lines), detail);
    }
}

fn row(model: &Model, marked: &MarkedQuestion, is_chosen: bool, columns: usize) -> Line<'static> {
    let theme = Theme::of(model.look);
    let mark = marked.mark.clone().unwrap_or_default();
    let star = if mark.starred { "★ " } else { "  " };
    let wish = words::mark(&QuestionMark { starred: false, ..mark });
    let room = columns.saturating_sub(4 + TOPIC + WISH);
    let style = if is_chosen { Theme::chosen() } else { Style::new() };
    Line::from(vec![
        Span::styled(if is_chosen { "> " } else { "  " }, theme.accent()),
        Span::styled(star, theme.fair()),
        Span::raw(wrap::pad(&marked.topic, TOPIC)),
        Span::styled(wrap::pad(&marked.text, room), style),
        Span::styled(wrap::pad_left(&wish, WISH), Theme::faint()),
    ])
}

fn detail_lines(marked: &MarkedQuestion, columns: usize) -> Vec<Line<'static>> {
    let mut lines = wrap::plain(&marked.text, columns, Theme::strong());
    let gone = if marked.interview_id == 0 { "its interview was deleted" } else { "" };
    let parts = [&neutral_line(&marked.topic), words::level(marked.level()), gone];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    lines.extend(wrap::plain(&parts.join(" · "), columns, Theme::faint()));
    if let Some(mark) = &marked.mark {
        lines.extend(self::lines(mark, columns, usize::MAX));
    }
    lines
}
