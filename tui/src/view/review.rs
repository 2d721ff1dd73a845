//! Reviewing a point: the prompt, the answer, and the grader's result.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};
use viva_proto::v1::{MemoryCounts, Review, ReviewRating, SubmitReviewResponse};

use super::{
    code, editor, footer, header, interview, layout, notice, report::TEXT, theme::Theme, wrap,
};
use crate::{
    keys::{self, Action, Context},
    model::{
        Model,
        editor::Room,
        review::{ANSWER_CHARS, Stage},
    },
    text::{neutral_line, sentence},
    words,
};

/// The rows of the answer's box, its frame included.
const BOX: u16 = 8;

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    header::draw(model, "Review", &standing(model), parts.header, frame);
    let body = Rect { width: parts.body.width.min(TEXT), ..parts.body };
    let reviews = &model.reviews;
    match (&reviews.stage, reviews.queue.front()) {
        (Stage::Loading, _) => {
            frame.render_widget(Line::raw(format!("{} loading", header::spinner(model))), body);
        }
        (Stage::Failed(problem), _) => {
            let key = keys::label(Context::Reviewed, Action::Confirm);
            let text = format!("{}\n\n{key}  tries again, Esc goes back", problem.message);
            draw_text(&text, body, frame);
        }
        (Stage::Done, _) | (_, None) => draw_text(&done(model), body, frame),
        (Stage::Graded(reply), Some(point)) => {
            let mut lines = prompt(model, point, body);
            lines.push(Line::default());
            lines.extend(found(model, reply, usize::from(body.width)));
            frame.render_widget(Text::from(lines), body);
        }
        (Stage::Asking | Stage::Sending(_), Some(point)) => draw_asking(model, point, body, frame),
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// The area in which the answer is written.
pub(crate) fn room(model: &Model) -> Room {
    let (columns, rows) = model.size;
    let body = layout::parts(model, Rect::new(0, 0, columns, rows)).body;
    let area = Rect { width: body.width.min(TEXT), height: BOX.min(body.height), ..body };
    let inside = editor::inside(area);
    Room { columns: usize::from(inside.width), rows: usize::from(inside.height) }
}

fn standing(model: &Model) -> Vec<String> {
    let reviews = &model.reviews;
    let Some(point) = reviews.queue.front() else { return vec![header::place(model)] };
    let place = format!("{} of {}", reviews.done + 1, reviews.total());
    vec![place, wrap::fit(&neutral_line(&point.topic_title), 24)]
}

fn draw_text(text: &str, area: Rect, frame: &mut Frame<'_>) {
    frame.render_widget(Text::from(wrap::plain(text, usize::from(area.width), Style::new())), area);
}

fn prompt(model: &Model, point: &Review, area: Rect) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let spans = code::spans(&point.prompt, Theme::strong(), theme);
    wrap::spans(&spans, usize::from(area.width))
}

fn draw_asking(model: &Model, point: &Review, area: Rect, frame: &mut Frame<'_>) {
    let lines = prompt(model, point, area);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let (above, below) = layout::split_top(area, rows.min(area.height.saturating_sub(BOX + 1)));
    frame.render_widget(Text::from(lines), above);
    let (_, below) = layout::split_top(below, 1);
    let (place, below) = layout::split_top(below, BOX);
    let text = model.reviews.answer.text();
    let labels = editor::Labels {
        title: "your answer, a sentence or two".to_owned(),
        amount: words::amount(&text, ANSWER_CHARS),
        fault: words::too_long(&text, ANSWER_CHARS).unwrap_or_default(),
        saved: interview::saved(model, model.reviews.writing(), Context::Review),
    };
    editor::text_box(&model.reviews.answer, &labels, (true, model.look), place, frame);
    if let Stage::Sending(since) = model.reviews.stage {
        let seconds = words::seconds_between(since, model.now);
        let time =
            if seconds > 0 { format!(" {}", words::lasting(seconds)) } else { String::new() };
        let text = format!("{} looking for the point{time}", header::spinner(model));
        frame.render_widget(Line::raw(text), layout::split_top(below, 1).1);
    }
}

/// What the grader found: how well the point was made, what it is, and when it comes again.
fn found(model: &Model, reply: &SubmitReviewResponse, columns: usize) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    if reply.failure_code != 0 {
        let text = format!("No rating: {}", sentence(&reply.failure_reason));
        return wrap::plain(&text, columns, theme.fair());
    }
    let (mark, said, style) = match reply.rating() {
        ReviewRating::Good | ReviewRating::Easy => ("✓ ", "Right.", theme.good()),
        ReviewRating::Hard => ("~ ", "Touched on.", theme.fair()),
        ReviewRating::Again | ReviewRating::Unspecified => ("✗ ", "Missed.", theme.bad()),
    };
    let mut lines = vec![Line::from(vec![Span::styled(mark, style), Span::styled(said, style)])];
    let indent = Span::raw("  ");
    let room = columns.saturating_sub(2);
    let point = code::spans(&reply.point, Style::new(), theme);
    lines.extend(wrap::hang(&indent, wrap::spans(&point, room)));
    if !reply.evidence.is_empty() {
        let quote = format!("“{}”", neutral_line(&reply.evidence));
        lines.extend(wrap::hang(&indent, wrap::plain(&quote, room, theme.quote())));
    }
    if !reply.correction.is_empty() {
        lines.push(Line::default());
        lines.extend(wrap::hang(&indent, wrap::plain(&reply.correction, room, Style::new())));
    }
    let days = usize::try_from(reply.due_in_days).unwrap_or(0);
    lines.push(Line::default());
    let next = format!("It comes back in {}.", words::count(days, "day"));
    lines.extend(wrap::hang(&indent, wrap::plain(&next, room, Theme::faint())));
    lines
}

/// What is shown when nothing is left.
fn done(model: &Model) -> String {
    let next = match model.reviews.counts.as_ref() {
        None => String::new(),
        Some(counts) => next_day(counts),
    };
    match model.reviews.done {
        0 => {
            format!("Nothing is to be reviewed yet: points come from your evaluated answers.{next}")
        }
        done => format!("{} reviewed. That is all for now.{next}", words::count(done, "point")),
    }
}

fn next_day(counts: &MemoryCounts) -> String {
    match counts.next_due_day.as_str() {
        "" => String::new(),
        day => format!(" The next ones are due on {}.", neutral_line(day)),
    }
}
