//! The line of keys, from the table: as many as fit, always with help and the way out.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};
use viva_proto::v1::QuestionReport;

use super::{clicks, theme::Theme, wrap};
use crate::{
    evaluation::findings,
    keys::{self, Action, Chord, Context},
    model::{Model, editor::Editor, local_models::Offer, open::OpenInterview},
};

const GAP: &str = "   ";

/// A key, or two that belong together, and their label.
struct Entry {
    keys: String,
    chords: Vec<Chord>,
    label: &'static str,
    /// Whether it is a way out, which is always shown.
    leads_out: bool,
}

impl Entry {
    fn width(&self) -> usize {
        wrap::width(&self.keys) + 1 + wrap::width(self.label)
    }
}

/// Draws the keys that work now.
pub(crate) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let theme = Theme::of(model.look);
    let context = model.context();
    let mut line = Line::raw(" ");
    if let Some(question) = question(model, context) {
        line.push_span(Span::styled(question, Theme::strong()));
        line.push_span(Span::raw(GAP));
    }
    let room = usize::from(area.width).saturating_sub(line.width());
    for (at, entry) in fitting(entries(model, context), room).into_iter().enumerate() {
        if at > 0 {
            line.push_span(Span::raw(GAP));
        }
        note_keys(model, &entry, Rect { x: area.x + line_width(&line), ..area });
        line.push_span(Span::styled(entry.keys, theme.accent()));
        line.push_span(Span::raw(format!(" {}", entry.label)));
    }
    frame.render_widget(line, area);
}

fn line_width(line: &Line<'_>) -> u16 {
    u16::try_from(line.width()).unwrap_or(u16::MAX)
}

/// Makes the keys clickable, a single one with its label.
fn note_keys(model: &Model, entry: &Entry, area: Rect) {
    let cells = |width: usize| u16::try_from(width).unwrap_or(0);
    let mut x = area.x;
    for chord in &entry.chords {
        let width = match entry.chords.as_slice() {
            [_] => cells(entry.width()),
            _ => cells(wrap::width(&chord.label())),
        };
        clicks::key(model, Rect { x, width, ..area }, chord.event(), 1);
        x += width + 1;
    }
}

/// What the user is asked, if anything.
fn question(model: &Model, context: Context) -> Option<String> {
    match context {
        Context::Confirm => Some(submission(model)),
        Context::ShowMe => Some("Show it, without a score?".to_owned()),
        Context::Ending => Some(end(model)),
        Context::Again => Some("Start from".to_owned()),
        _ => None,
    }
}

/// What the user is asked before a submission.
fn submission(model: &Model) -> String {
    let text = model.open.as_ref().and_then(OpenInterview::editor).map(Editor::text);
    let words = crate::words::word_count(&text.unwrap_or_default());
    let words = crate::words::count(words, "word");
    let is_overtaken = model
        .open
        .as_ref()
        .is_some_and(|open| open.question().is_some_and(|question| open.is_overtaken(question.id)));
    if is_overtaken {
        return format!("Answered in another window. Submit {words} as the next answer?");
    }
    format!("Submit {words}?")
}

/// What the user is asked before an interview ends.
fn end(model: &Model) -> String {
    let left = model.open.as_ref().map_or(0, |open| open.open_count(&model.drafts));
    match left {
        0 => "End the interview?".to_owned(),
        left => format!("End with {} open?", crate::words::count(left, "question")),
    }
}

fn entries(model: &Model, context: Context) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for binding in keys::bindings(context).filter(|b| b.footer && is_of_use(model, b.action)) {
        let Some(chord) = binding.chords.first() else {
            continue;
        };
        match entries.last_mut() {
            // Left and right, for example, share a label.
            Some(entry) if entry.label == binding.label => {
                entry.keys = format!("{} {}", entry.keys, chord.label());
                entry.chords.push(*chord);
            }
            _ => entries.push(Entry {
                keys: chord.label(),
                chords: vec![*chord],
                label: binding.label,
                leads_out: matches!(binding.action, Action::Back | Action::No | Action::Quit),
            }),
        }
    }
    entries
}

/// Whether a key would do anything now; others are not offered.
fn is_of_use(model: &Model, action: Action) -> bool {
    let list = &model.dashboard;
    match action {
        Action::Open | Action::Delete | Action::Filter
            if !list.filtering && model.context() != Context::Marks =>
        {
            model.context() != Context::Dashboard || !list.visible().is_empty()
        }
        Action::Review => model.reviews.counts.as_ref().is_some_and(|counts| counts.points > 0),
        Action::Report if model.context() == Context::Dashboard => !list.visible().is_empty(),
        Action::Retry if model.context() != Context::Fault => {
            model.open.as_ref().is_none_or(|o| o.report.is_none() || !o.failed().is_empty())
        }
        // On a question's page, its own keys need the room; this one still works.
        Action::Export => model.open.as_ref().is_some_and(|open| open.selected == 0),
        Action::Practise => model.open.as_ref().is_some_and(|open| {
            !findings::to_choose(open.questions(), open.selected.checked_sub(1)).is_empty()
        }),
        // In real mode, help is withheld until the end.
        Action::Hint | Action::ShowMe if is_running(model) => false,
        Action::End => is_running(model),
        Action::Hint => model.open.as_ref().is_some_and(|open| {
            open.question().is_some_and(|question| !open.practice.has_all_hints(question.id))
        }),
        Action::Answer => chosen_slot(model).is_some_and(|slot| slot.answer.is_none()),
        Action::FollowUp if model.context() != Context::Practise => model
            .chosen()
            .is_some_and(|at| model.open.as_ref().is_some_and(|open| open.can_be_followed_up(at))),
        Action::TurnPage => chosen_slot(model).is_some_and(|slot| slot.answer.is_some()),
        Action::AnswerAgain if model.context() == Context::Report => {
            chosen_slot(model).is_some_and(|slot| slot.answer.is_some())
        }
        Action::Star | Action::Note if model.context() == Context::Report => {
            model.open.as_ref().is_some_and(|open| open.selected > 0)
        }
        Action::Open | Action::Star | Action::Note if model.context() == Context::Marks => {
            model.marks.list.chosen().is_some()
        }
        // While a new interview is being created, the message above says what Esc does.
        Action::Back => model.form.as_ref().is_none_or(|form| form.sending_since.is_none()),
        Action::Yes if model.context() == Context::Verdict => {
            model.local_models.offer.as_ref().is_some_and(Offer::can_be_used)
        }
        _ => true,
    }
}

/// Whether the open interview is in real mode and has not ended.
fn is_running(model: &Model) -> bool {
    model.open.as_ref().is_some_and(OpenInterview::is_running)
}

/// The question in front, with its answer.
fn chosen_slot(model: &Model) -> Option<&QuestionReport> {
    model.open.as_ref()?.questions().get(model.chosen()?)
}

/// As many keys as fit, always with the way out and, last, help, which says so if some are left
/// out.
fn fitting(mut entries: Vec<Entry>, room: usize) -> Vec<Entry> {
    let total = |entries: &[Entry]| {
        entries.iter().map(Entry::width).sum::<usize>()
            + entries.len().saturating_sub(1) * GAP.len()
    };
    while total(&entries) > room && entries.len() > 1 {
        let others = &entries[..entries.len() - 1];
        let Some(least) = others.iter().rposition(|entry| !entry.leads_out) else { break };
        entries.remove(least);
        if let Some(help) = entries.last_mut().filter(|entry| entry.label == "help") {
            help.label = "more";
        }
    }
    entries
}
