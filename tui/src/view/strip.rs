//! The strip of questions: shows evaluations as they arrive during the interview, and selects a
//! question in the report.

use crossterm::event::KeyCode;
use ratatui::{
    layout::Rect,
    text::{Line, Span},
};
use viva_proto::v1::Answer;

use super::{bar, clicks, header, theme::Theme, wrap};
use crate::{
    keys::{self, Action},
    model::{
        Model,
        open::{OpenInterview, Standing},
    },
    words,
};

/// The most lines of the strip, unless even its shortest form needs more.
const MOST_LINES: usize = 2;
const GAP: &str = "   ";

/// The strip, and where each of its segments is.
#[derive(Debug, Default)]
pub(crate) struct Strip {
    /// Its lines, and below them how many evaluations failed.
    pub(crate) lines: Vec<Line<'static>>,
    /// Line, column and width of each segment.
    segments: Vec<(u16, u16, u16)>,
}

impl Strip {
    /// Makes the segments clickable, if the strip is drawn in `area` and the segment `current` is in front.
    pub(crate) fn note_clicks(&self, model: &Model, current: usize, area: Rect) {
        for (at, (row, column, width)) in self.segments.iter().enumerate() {
            let code = if at < current { KeyCode::F(2) } else { KeyCode::F(3) };
            let place = Rect { x: area.x + column, y: area.y + row, width: *width, height: 1 };
            if at != current && place.y < area.bottom() {
                clicks::key(model, place, code, at.abs_diff(current));
            }
        }
    }
}

/// How much is shown of each question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    Full,
    NoBars,
    Numbers,
    Marks,
}

impl Detail {
    /// Whether topics are shown.
    fn has_topics(self) -> bool {
        matches!(self, Self::Full | Self::NoBars)
    }
}

/// The strip during an interview: the question in front is "now".
pub(crate) fn of_interview(model: &Model, open: &OpenInterview, columns: usize) -> Strip {
    let theme = Theme::of(model.look);
    let mut strip = best(columns, |detail| {
        let segments = open.questions().iter().enumerate().map(|(at, slot)| {
            let is_now = at == open.current;
            let mut spans = vec![number(at, theme, is_now)];
            let standing = open.standing(slot, &model.drafts);
            let is_plain = standing == Standing::Unanswered;
            if detail.has_topics() && !is_plain {
                spans.push(Span::raw(topic(slot)));
            }
            if is_now {
                spans.push(Span::styled("▸ ", theme.accent()));
            }
            match (is_plain, is_now) {
                (true, true) => spans.push(Span::styled("now", theme.accent())),
                (true, false) => spans.push(Span::styled("·", Theme::faint())),
                _ => spans.extend(state(model, open, &standing, detail)),
            }
            spans
        });
        segments.collect()
    });
    strip.lines.extend(failures(model, open));
    strip
}

/// The strip of a report: the summary and the questions, the selected one in brackets.
pub(crate) fn of_report(model: &Model, open: &OpenInterview, columns: usize) -> Strip {
    let theme = Theme::of(model.look);
    let mut strip = best(columns, |detail| {
        let summary = vec![Span::raw("summary")];
        let questions = open.questions().iter().enumerate().map(|(at, slot)| {
            let standing = open.standing(slot, &model.drafts);
            let mut spans = vec![Span::raw(format!("{} ", at + 1))];
            if detail.has_topics() && standing != Standing::Unanswered {
                spans.push(Span::raw(topic(slot)));
            }
            match standing {
                Standing::Unanswered if !detail.has_topics() => spans.push(Span::raw("·")),
                Standing::Unanswered => spans.push(Span::raw("not answered")),
                standing => {
                    let detail = if detail == Detail::Full { Detail::NoBars } else { detail };
                    spans.extend(state(model, open, &standing, detail));
                }
            }
            spans
        });
        let segments = std::iter::once(summary).chain(questions).enumerate();
        segments.map(|(at, spans)| bracketed(spans, at == open.selected, theme)).collect()
    });
    // Indented like the words in brackets.
    strip.lines.extend(failures(model, open).map(|mut line| {
        line.spans.insert(0, Span::raw(" "));
        line
    }));
    strip
}

/// Brackets around the selected one and spaces around the others, so that nothing moves.
fn bracketed(spans: Vec<Span<'static>>, chosen: bool, theme: Theme) -> Vec<Span<'static>> {
    let (open, close) = if chosen { ("[", "]") } else { (" ", " ") };
    let mut all = vec![Span::styled(open, theme.accent())];
    all.extend(spans.into_iter().map(|span| {
        let style = if chosen { span.style.bold() } else { span.style };
        span.style(style)
    }));
    all.push(Span::styled(close, theme.accent()));
    all
}

fn number(at: usize, theme: Theme, is_now: bool) -> Span<'static> {
    let style = if is_now { theme.accent() } else { Theme::strong() };
    Span::styled(format!("{} ", at + 1), style)
}

fn topic(slot: &viva_proto::v1::QuestionReport) -> String {
    let topic = slot.question.as_ref().map_or("", |question| question.topic.as_str());
    if topic.is_empty() { String::new() } else { format!("{} ", wrap::fit(topic, 16)) }
}

/// The status of an answer, in a word or a number.
fn state(
    model: &Model,
    open: &OpenInterview,
    standing: &Standing<'_>,
    detail: Detail,
) -> Vec<Span<'static>> {
    let theme = Theme::of(model.look);
    let is_short = detail == Detail::Marks;
    let waiting = |text: &str| vec![Span::styled(text.to_owned(), theme.fair())];
    match standing {
        Standing::Unanswered => Vec::new(),
        Standing::Shown => {
            vec![Span::styled(if is_short { "–" } else { "– shown" }, Theme::faint())]
        }
        Standing::Withheld => {
            vec![Span::styled(if is_short { "✓" } else { "✓ answered" }, Theme::faint())]
        }
        Standing::Queued | Standing::Sending if is_short => waiting("…"),
        Standing::Queued => waiting("queued"),
        Standing::Sending => waiting(&format!("{} sending", header::spinner(model))),
        Standing::Pending(answer, _) => waiting(&pending(model, open, answer, is_short)),
        Standing::Failed(evaluation) if words::is_refused(evaluation) => {
            vec![Span::styled(if is_short { "–" } else { "– no score" }, Theme::faint())]
        }
        Standing::Failed(_) if is_short => vec![Span::styled("✗", theme.bad())],
        Standing::Failed(_) => vec![Span::styled("✗ failed", theme.bad())],
        Standing::Done(_, score) if detail == Detail::Full => {
            let mut spans = bar::bar(*score, 8, theme).to_vec();
            spans.push(Span::raw(format!(" {}", words::score(*score))));
            spans
        }
        Standing::Done(_, score) => vec![Span::styled(words::score(*score), theme.score(*score))],
    }
}

/// How long an answer has been in evaluation, or when that is retried; the spinner turns only while
/// something is being done.
fn pending(model: &Model, open: &OpenInterview, answer: &Answer, is_short: bool) -> String {
    let waiting = open.waiting(answer, model.now);
    let rests = waiting.as_ref().is_some_and(|waiting| waiting.due_in > 0);
    match (rests, is_short) {
        (true, true) => "!".to_owned(),
        (false, true) => header::spinner(model).to_owned(),
        (true, false) => waiting.map(|waiting| waiting.seconds()).unwrap_or_default(),
        (false, false) => {
            let seconds = waiting.map(|waiting| waiting.seconds()).unwrap_or_default();
            format!("{} {seconds}", header::spinner(model))
        }
    }
}

/// How many evaluations failed, and the key that requests them again.
fn failures(model: &Model, open: &OpenInterview) -> Option<Line<'static>> {
    let failed = open.failed().len();
    if failed == 0 {
        return None;
    }
    let theme = Theme::of(model.look);
    let key = keys::label(model.context_below(), Action::Retry);
    // If the question in front is one of several that failed, the key retries only that one.
    let is_one = open.to_retry(model.chosen()).len() < failed;
    let end = if is_one { " to try this one again" } else { " to try again" };
    Some(Line::from(vec![
        Span::styled(format!("{failed} failed"), theme.bad()),
        Span::raw(" · "),
        Span::styled(key, theme.accent()),
        Span::raw(end),
    ]))
}

/// The most detailed form of the strip that fits.
fn best(columns: usize, segments: impl Fn(Detail) -> Vec<Vec<Span<'static>>>) -> Strip {
    for detail in [Detail::Full, Detail::NoBars, Detail::Numbers] {
        let strip = lay(segments(detail), columns);
        if strip.lines.len() <= MOST_LINES {
            return strip;
        }
    }
    lay(segments(Detail::Marks), columns)
}

fn lay(segments: Vec<Vec<Span<'static>>>, columns: usize) -> Strip {
    let cells = |width: usize| u16::try_from(width).unwrap_or(u16::MAX);
    let mut strip = Strip::default();
    for spans in segments {
        let segment = Line::from(spans);
        let width = segment.width();
        match strip.lines.last_mut() {
            Some(line) if line.width() + GAP.len() + width <= columns => {
                line.push_span(Span::raw(GAP));
                line.spans.extend(segment.spans);
            }
            _ => strip.lines.push(segment),
        }
        let end = strip.lines.last().map_or(0, Line::width);
        let row = strip.lines.len() - 1;
        strip.segments.push((cells(row), cells(end - width), cells(width)));
    }
    strip
}
