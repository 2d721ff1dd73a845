//! Writing a note on a question.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Text},
};

use super::{editor, footer, header, layout, notice, theme::Theme, wrap};
use crate::{
    model::{
        Model, Overlay,
        editor::Room,
        marks::{NOTE_CHARS, NoteEditor},
    },
    words,
};

/// The most rows of the question above.
const MOST_QUESTION: u16 = 4;

/// Draws the screen.
pub(crate) fn draw(model: &Model, note: &NoteEditor, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    header::draw(model, "Note", &[header::place(model)], parts.header, frame);
    let (question, area) = places(note, parts.body);
    let columns = usize::from(question.width);
    let lines = question_lines(note, columns);
    let lines = layout::cut(lines, usize::from(question.height), columns, layout::CUT);
    frame.render_widget(Text::from(lines), question);
    let text = note.editor.text();
    let chars = text.chars().count();
    let is_long = chars > NOTE_CHARS;
    let labels = editor::Labels {
        title: "your note".to_owned(),
        amount: words::count(words::word_count(&text), "word"),
        fault: if is_long { format!("{chars} of at most 4,000 characters") } else { String::new() },
        saved: if model.marks.notes.is_on_disk(note.id) {
            "for you alone · saved here".to_owned()
        } else {
            "for you alone".to_owned()
        },
    };
    let inside = editor::frame(&labels, model.look, area, frame);
    editor::text(&note.editor, true, inside, frame);
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// The room that a note is written in.
pub(crate) fn room(model: &Model) -> Room {
    let (columns, rows) = model.size;
    let body = layout::parts(model, Rect::new(0, 0, columns, rows)).body;
    let area = match &model.overlay {
        Some(Overlay::Note(note)) => places(note, body).1,
        _ => body,
    };
    // As `editor::frame` leaves it: the frame and a cell of air.
    Room {
        columns: usize::from(area.width.saturating_sub(4)),
        rows: usize::from(area.height.saturating_sub(2)),
    }
}

fn question_lines(note: &NoteEditor, columns: usize) -> Vec<Line<'static>> {
    wrap::plain(&note.question, columns, Theme::strong())
}

fn places(note: &NoteEditor, area: Rect) -> (Rect, Rect) {
    let rows = question_lines(note, usize::from(area.width)).len();
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(MOST_QUESTION);
    let (question, below) = layout::split_top(area, rows.min(area.height / 3));
    (question, layout::split_top(below, 1).1)
}
