//! The summary of a report: strengths, and what to work on.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use viva_proto::v1::QuestionReport;

use super::points;
use crate::{
    evaluation::findings::{self, Outcome},
    keys::{self, Action, Context},
    model::{
        Model,
        open::{OpenInterview, Standing},
    },
    timing::WITHHELD,
    view::{code, news, theme::Theme, wrap},
    words,
};

/// How many points to work on are listed: nobody would work on more.
pub(crate) const MOST_OPEN: usize = 5;

/// Lays the summary out in lines of this many columns.
pub(crate) fn lines(model: &Model, open: &OpenInterview, columns: usize) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let Some(report) = &open.report else {
        return Vec::new();
    };
    let mut lines = to_work_on(open, columns, theme);
    section(&mut lines, "What went well", "✓ ", theme.good(), &report.strengths, columns);
    let standing = |wanted| {
        let is_it = |slot: &&QuestionReport| open.standing(slot, &model.drafts) == wanted;
        open.questions().iter().filter(is_it).count()
    };
    let mut states = Vec::new();
    if open.is_running() {
        let key = keys::label(Context::Report, Action::End);
        states.push(format!("{WITHHELD} {key} ends it now."));
    }
    match standing(Standing::Unanswered) {
        0 => {}
        left => states.push(format!("{} not answered yet.", words::count(left, "question"))),
    }
    match standing(Standing::Shown) {
        0 => {}
        1 => states.push("1 answer was shown, so it has no score.".to_owned()),
        n => states.push(format!("{n} answers were shown, so they have no score.")),
    }
    match open.pending() {
        0 => {}
        1 => states.push("1 answer is being evaluated; the result will appear here.".to_owned()),
        n => {
            states.push(format!("{n} answers are being evaluated; the results will appear here."));
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
    lines
}

/// The points that the answers contradict or leave out, worst first, each with its question, and
/// the key to practise the first.
fn to_work_on(open: &OpenInterview, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let found = findings::to_work_on(open.questions(), MOST_OPEN);
    let mut lines = Vec::new();
    if found.is_empty() {
        return lines;
    }
    let mut title = Line::styled("To work on", Theme::strong());
    if !open.is_sample {
        let key = keys::label(Context::Report, Action::Practise);
        let hint = " chooses one to practise";
        title.extend([
            Span::raw("   "),
            Span::styled(key, theme.accent()),
            Span::styled(hint, Theme::faint()),
        ]);
    }
    lines.push(title);
    for it in found {
        let slot = &open.questions()[it.question];
        let topic = slot.question.as_ref().map_or("", |question| question.topic.as_str());
        let place = format!("{} {}", it.question + 1, wrap::fit(topic, 20));
        let mark = points::mark(it.finding.outcome, theme);
        let mut spans = code::spans(it.finding.point, Style::new(), theme);
        spans.push(Span::styled(format!("  {}", place.trim_end()), Theme::faint()));
        if it.finding.outcome == Outcome::Contradicted {
            let said = format!(" · you say: “{}”", it.finding.quote);
            spans.push(Span::styled(said, theme.bad()));
        }
        lines.extend(wrap::hang(&mark, wrap::spans(&spans, columns.saturating_sub(2))));
    }
    lines
}

/// Adds a titled list, unless it is empty.
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

/// Adds an empty line, but not at the top.
pub(crate) fn set_apart(lines: &mut Vec<Line<'static>>) {
    if !lines.is_empty() {
        lines.push(Line::raw(""));
    }
}
