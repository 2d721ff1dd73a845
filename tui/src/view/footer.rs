//! The line of keys, from the table: as many as fit, with help always among them.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{theme::Theme, wrap};
use crate::{
    keys::{self, Action, Context},
    model::{Model, editor::Editor, local_models::Offer, open::Open},
};

const GAP: &str = "   ";

/// A key, or two that belong together, and what they do.
struct Entry {
    keys: String,
    label: &'static str,
}

impl Entry {
    fn width(&self) -> usize {
        wrap::width(&self.keys) + 1 + wrap::width(self.label)
    }
}

/// Draws the keys that hold now.
pub(crate) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let theme = Theme::of(model.look);
    let context = model.context();
    let mut line = Line::raw(" ");
    if context == Context::Confirm {
        line.push_span(Span::styled(question(model), Theme::strong()));
        line.push_span(Span::raw(GAP));
    }
    let room = usize::from(area.width).saturating_sub(line.width());
    for (at, entry) in fitting(entries(model, context), room).into_iter().enumerate() {
        if at > 0 {
            line.push_span(Span::raw(GAP));
        }
        line.push_span(Span::styled(entry.keys, theme.accent()));
        line.push_span(Span::raw(format!(" {}", entry.label)));
    }
    frame.render_widget(line, area);
}

/// What the user is asked before a submission.
fn question(model: &Model) -> String {
    let text = model.open.as_ref().and_then(Open::editor).map(Editor::text);
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

fn entries(model: &Model, context: Context) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for binding in keys::bindings(context).filter(|b| b.footer && is_of_use(model, b.action)) {
        let Some(chord) = binding.chords.first() else {
            continue;
        };
        match entries.last_mut() {
            // Left and right, say, share what they do.
            Some(entry) if entry.label == binding.label => {
                entry.keys = format!("{} {}", entry.keys, chord.label());
            }
            _ => entries.push(Entry { keys: chord.label(), label: binding.label }),
        }
    }
    entries
}

/// Whether a key would do anything now: the footer does not offer what is not there.
fn is_of_use(model: &Model, action: Action) -> bool {
    let list = &model.dashboard;
    match action {
        Action::Open | Action::Delete | Action::Filter
            if !list.filtering && model.context() != Context::Marks =>
        {
            model.context() != Context::Dashboard || !list.visible().is_empty()
        }
        Action::Report if model.context() == Context::Dashboard => !list.visible().is_empty(),
        Action::Retry if model.context() != Context::Fault => {
            model.open.as_ref().is_none_or(|o| o.report.is_none() || !o.failed().is_empty())
        }
        // Beside a question its own keys have the room; this one still works there.
        Action::Export => model.open.as_ref().is_some_and(|open| open.selected == 0),
        Action::TurnPage => model.open.as_ref().is_some_and(|open| open.selected > 0),
        Action::AnswerAgain if model.context() == Context::Report => {
            model.open.as_ref().is_some_and(|open| open.selected > 0)
        }
        Action::Star | Action::Note if model.context() == Context::Report => {
            model.open.as_ref().is_some_and(|open| open.selected > 0)
        }
        Action::Open | Action::Star | Action::Note if model.context() == Context::Marks => {
            model.marks.list.chosen().is_some()
        }
        // While a new interview is waited for, the message above says what Esc does.
        Action::Back => model.form.as_ref().is_none_or(|form| form.sending_since.is_none()),
        Action::Yes if model.context() == Context::Verdict => {
            model.local_models.offer.as_ref().is_some_and(Offer::can_be_used)
        }
        Action::Toggle => model
            .form
            .as_ref()
            .is_some_and(|form| form.field == crate::model::new_interview::Field::Topics),
        _ => true,
    }
}

/// As many as fit. The last, which is help, is always among them and then promises more.
fn fitting(mut entries: Vec<Entry>, room: usize) -> Vec<Entry> {
    let total = |entries: &[Entry]| {
        entries.iter().map(Entry::width).sum::<usize>()
            + entries.len().saturating_sub(1) * GAP.len()
    };
    while total(&entries) > room && entries.len() > 1 {
        let before_last = entries.len() - 2;
        entries.remove(before_last);
        if let Some(help) = entries.last_mut().filter(|entry| entry.label == "help") {
            help.label = "more";
        }
    }
    entries
}
