//! The strip of questions: where evaluations arrive while the interview goes on, and how one turns
//! to another question in the report.

use ratatui::text::{Line, Span};

use super::{bar, header, theme::Theme, wrap};
use crate::{
    keys::{self, Action},
    model::{
        Model,
        open::{Open, Standing},
    },
    words,
};

/// The most lines that the strip takes.
const MOST_LINES: usize = 2;
const GAP: &str = "   ";

/// How much is said of each question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    Full,
    NoBars,
    Numbers,
}

/// The strip during an interview: the question in front is "now".
pub(crate) fn of_interview(model: &Model, open: &Open, columns: usize) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let mut lines = best(columns, |detail| {
        let segments = open.questions().iter().enumerate().map(|(at, slot)| {
            let is_now = at == open.current;
            let mut spans = vec![number(at, theme, is_now)];
            let standing = open.standing(slot, &model.journal);
            let is_plain = standing == Standing::Open;
            if detail != Detail::Numbers && !is_plain {
                spans.push(Span::raw(topic(slot)));
            }
            if is_now {
                spans.push(Span::styled("▸ ", theme.accent()));
            }
            match (is_plain, is_now) {
                (true, true) => spans.push(Span::styled("now", theme.accent())),
                (true, false) => spans.push(Span::styled("·", Theme::faint())),
                _ => spans.extend(state(model, &standing, detail)),
            }
            spans
        });
        segments.collect()
    });
    lines.extend(failures(model, open));
    lines
}

/// The strip of a report: the summary and the questions, the chosen one in brackets.
pub(crate) fn of_report(model: &Model, open: &Open, columns: usize) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let mut lines = best(columns, |detail| {
        let summary = vec![Span::raw("summary")];
        let questions = open.questions().iter().enumerate().map(|(at, slot)| {
            let standing = open.standing(slot, &model.journal);
            let mut spans = vec![Span::raw(format!("{} ", at + 1))];
            if detail != Detail::Numbers && standing != Standing::Open {
                spans.push(Span::raw(topic(slot)));
            }
            match standing {
                Standing::Open if detail == Detail::Numbers => spans.push(Span::raw("·")),
                Standing::Open => spans.push(Span::raw("not answered")),
                standing => spans.extend(state(model, &standing, Detail::NoBars)),
            }
            spans
        });
        let segments = std::iter::once(summary).chain(questions).enumerate();
        segments.map(|(at, spans)| bracketed(spans, at == open.selected, theme)).collect()
    });
    // As far in as the words in their brackets.
    lines.extend(failures(model, open).map(|mut line| {
        line.spans.insert(0, Span::raw(" "));
        line
    }));
    lines
}

/// Brackets around the chosen one, room for them around the others, so that nothing moves.
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

/// How an answer stands, in a word or a number.
fn state(model: &Model, standing: &Standing<'_>, detail: Detail) -> Vec<Span<'static>> {
    let theme = Theme::of(model.look);
    let waiting = |text: &str| vec![Span::styled(text.to_owned(), theme.fair())];
    match standing {
        Standing::Open => Vec::new(),
        Standing::Queued => waiting("queued"),
        Standing::Sending => waiting(&format!("{} sending", header::spinner(model))),
        Standing::Pending(answer, evaluation) => {
            let again = words::moment(evaluation.next_attempt_at.as_ref());
            let text = match again.map(|at| words::seconds_between(model.now, at)) {
                Some(seconds) if seconds > 0 => format!("again in {seconds} s"),
                _ => {
                    let since = words::moment(answer.submitted_at.as_ref()).unwrap_or(model.now);
                    let seconds = words::seconds_between(since, model.now);
                    format!("{} {seconds} s", header::spinner(model))
                }
            };
            waiting(&text)
        }
        Standing::Failed(_) => vec![Span::styled("✗ failed", theme.bad())],
        Standing::Done(_, score) if detail == Detail::Full => {
            let mut spans = bar::bar(*score, 8, theme).to_vec();
            spans.push(Span::raw(format!(" {}", words::score(*score))));
            spans
        }
        Standing::Done(_, score) => vec![Span::styled(words::score(*score), theme.score(*score))],
    }
}

/// How many evaluations failed, and the key that asks for them again.
fn failures(model: &Model, open: &Open) -> Option<Line<'static>> {
    let failed = open.failed().len();
    if failed == 0 {
        return None;
    }
    let theme = Theme::of(model.look);
    let key = keys::label(model.context_below(), Action::Retry);
    let end = " to try again";
    Some(Line::from(vec![
        Span::styled(format!("{failed} failed"), theme.bad()),
        Span::raw(" · "),
        Span::styled(key, theme.accent()),
        Span::raw(end),
    ]))
}

/// The most telling form of the strip that fits.
fn best(
    columns: usize,
    segments: impl Fn(Detail) -> Vec<Vec<Span<'static>>>,
) -> Vec<Line<'static>> {
    for detail in [Detail::Full, Detail::NoBars] {
        let lines = lay(segments(detail), columns);
        if lines.len() <= MOST_LINES {
            return lines;
        }
    }
    let mut lines = lay(segments(Detail::Numbers), columns);
    lines.truncate(MOST_LINES);
    lines
}

fn lay(segments: Vec<Vec<Span<'static>>>, columns: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    for spans in segments {
        let segment = Line::from(spans);
        match lines.last_mut() {
            Some(line) if line.width() + GAP.len() + segment.width() <= columns => {
                line.push_span(Span::raw(GAP));
                line.spans.extend(segment.spans);
            }
            _ => lines.push(segment),
        }
    }
    lines
}
