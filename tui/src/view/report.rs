//! The report, as one page: on top the scores and the strip of questions, below them the summary,
//! or the selected question with its points, the answer and an example. When you scroll down, the
//! top shrinks to a line.

mod answer;
mod attempts;
mod head;
pub(crate) mod points;
mod quotes;
pub(crate) mod scores;
pub(crate) mod summary;

pub(crate) use self::summary::set_apart;

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span, Text},
};
use viva_proto::v1::QuestionReport;

use super::{footer, header, interview, layout, notice, theme::Theme};
use crate::{
    model::{
        Model,
        open::{OpenInterview, Page},
    },
    words,
};

/// The most columns of a line of text, however wide the terminal is.
pub(crate) const TEXT: u16 = 80;

/// The rows that the top shrinks to.
const PINNED: usize = 2;

/// The whole report, with the first line of each of its pages.
struct Whole {
    lines: Vec<Line<'static>>,
    answer: usize,
    example: usize,
}

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    header::draw(model, &title(model), &standing(model), parts.header, frame);
    match &model.open {
        Some(open) if open.report.is_some() => {
            let left = draw_open(model, open, parts.body, frame);
            draw_more(model, left, parts, frame);
        }
        Some(open) => interview::draw_loading(model, open, parts.body, frame),
        None => {}
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// The last line that the report can be scrolled to.
pub(crate) fn last_scroll(model: &Model) -> usize {
    let Some(open) = &model.open else { return 0 };
    let body = body(model);
    whole(model, open, body).lines.len().saturating_sub(usize::from(body.height))
}

/// The rows that a page scrolls: a screen, less the pinned rows and one row of overlap.
pub(crate) fn page_rows(model: &Model) -> usize {
    usize::from(body(model).height).saturating_sub(PINNED + 1).max(1)
}

/// The first line of a page of the question.
pub(crate) fn page_start(model: &Model, page: Page) -> usize {
    let Some(open) = &model.open else { return 0 };
    let whole = whole(model, open, body(model));
    match page {
        Page::Points => 0,
        Page::Answer => whole.answer.saturating_sub(PINNED),
        Page::Example => whole.example.saturating_sub(PINNED),
    }
}

/// The report's text below its head, for copying.
pub(crate) fn text(model: &Model) -> String {
    let Some(open) = &model.open else { return String::new() };
    let lines = match open.shown() {
        None => summary::lines(model, open, usize::from(TEXT)),
        Some(slot) => pages(model, open, slot, usize::from(TEXT)).lines,
    };
    let lines = lines.iter().map(|line| line.to_string().trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

fn body(model: &Model) -> Rect {
    let (columns, rows) = model.size;
    layout::parts(model, Rect::new(0, 0, columns, rows)).body
}

fn title(model: &Model) -> String {
    let name = if model.open.as_ref().is_some_and(|open| open.is_sample) {
        "Sample report"
    } else {
        "Report"
    };
    match interview::title(model).as_str() {
        "" => name.to_owned(),
        role => format!("{name} · {role}"),
    }
}

fn standing(model: &Model) -> Vec<String> {
    let Some(open) = &model.open else {
        return Vec::new();
    };
    let Some(report) = &open.report else {
        return Vec::new();
    };
    let day = words::day(words::moment(report.created_at.as_ref()), model.now, &model.zone);
    // Until an interview in real mode has ended, its evaluations are not mentioned.
    let state = header::left(model)
        .unwrap_or_else(|| format!("{} of {} evaluated", open.evaluated(), open.questions().len()));
    vec![day, state]
}

/// Draws the visible part of the report. Returns how many lines are below it.
fn draw_open(model: &Model, open: &OpenInterview, area: Rect, frame: &mut Frame<'_>) -> usize {
    let height = usize::from(area.height);
    let whole = whole(model, open, area);
    let last = whole.lines.len().saturating_sub(height);
    let top = open.page_scroll.min(last);
    // The strip's brackets are in the margin.
    let body = area;
    let area = Rect { x: area.x.saturating_sub(1), width: area.width + 2, ..area };
    if top == 0 {
        head::note_clicks(model, open, body, area);
    }
    let shown: Vec<Line<'static>> = whole.lines.into_iter().skip(top).take(height).collect();
    frame.render_widget(Text::from(shown), area);
    if top > 0 && height > PINNED {
        let (pinned, _) = layout::split_top(area, 2);
        frame.render_widget(ratatui::widgets::Clear, pinned);
        frame.render_widget(Text::from(head::pinned(model, open, area.width)), pinned);
    }
    last - top
}

/// Draws the number of lines below, on the line above the keys.
pub(crate) fn draw_more(model: &Model, left: usize, parts: layout::Parts, frame: &mut Frame<'_>) {
    if left == 0 || parts.notice.height > 0 {
        return;
    }
    let more = format!("↓ {}", words::count(left, "more line"));
    let line = Line::styled(more, Theme::of(model.look).accent()).right_aligned();
    let width = parts.body.width.min(TEXT);
    frame.render_widget(line, Rect { y: parts.body.bottom(), height: 1, width, ..parts.body });
}

fn whole(model: &Model, open: &OpenInterview, area: Rect) -> Whole {
    let mut lines = head::lines(model, open, area);
    let columns = usize::from(area.width.min(TEXT));
    let mut below = match open.shown() {
        None => Whole { lines: summary::lines(model, open, columns), answer: 0, example: 0 },
        Some(slot) => pages(model, open, slot, columns),
    };
    // The margin is used only by the strip.
    for line in &mut below.lines {
        line.spans.insert(0, Span::raw(" "));
    }
    let above = lines.len();
    lines.extend(below.lines);
    Whole { lines, answer: above + below.answer, example: above + below.example }
}

/// The points, the answer and the example of a question, one below the other.
fn pages(model: &Model, open: &OpenInterview, slot: &QuestionReport, columns: usize) -> Whole {
    let theme = Theme::of(model.look);
    let mut lines = points::lines(model, open, slot, columns);
    if slot.answer.is_none() {
        return Whole { lines, answer: 0, example: 0 };
    }
    set_apart(&mut lines);
    let answer = lines.len();
    lines.extend(answer::lines(slot, columns, theme));
    set_apart(&mut lines);
    let example = lines.len();
    lines.extend(answer::example_lines(slot, columns, theme));
    Whole { lines, answer, example }
}
