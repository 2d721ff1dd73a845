//! Writing a note on a question.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Text},
};

use super::{editor, footer, header, layout, notice, report::TEXT, theme::Theme, wrap};
use crate::{
    model::{
        Model, Overlay,
        editor::Room,
        marks::{NOTE_CHARS, NoteEditor},
    },
    words,
};

/// The most rows of the question above the note.
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
    let labels = editor::Labels {
        title: "your note".to_owned(),
        amount: words::amount(&text, NOTE_CHARS),
        fault: words::too_long(&text, NOTE_CHARS).unwrap_or_default(),
        saved: if model.marks.notes.is_on_disk(note.id) {
            "private · saved here".to_owned()
        } else {
            "private".to_owned()
        },
    };
    editor::text_box(&note.editor, &labels, (true, model.look), area, frame);
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// The area in which a note is written.
pub(crate) fn room(model: &Model) -> Room {
    let (columns, rows) = model.size;
    let body = layout::parts(model, Rect::new(0, 0, columns, rows)).body;
    let area = match &model.overlay {
        Some(Overlay::Note(note)) => places(note, body).1,
        _ => body,
    };
    let inside = editor::inside(area);
    Room { columns: usize::from(inside.width), rows: usize::from(inside.height) }
}

fn question_lines(note: &NoteEditor, columns: usize) -> Vec<Line<'static>> {
    wrap::plain(&note.question, columns, Theme::strong())
}

fn places(note: &NoteEditor, area: Rect) -> (Rect, Rect) {
    // Longer lines are hard to read.
    let area = Rect { width: area.width.min(TEXT), ..area };
    let rows = question_lines(note, usize::from(area.width)).len();
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(MOST_QUESTION);
    let (question, below) = layout::split_top(area, rows.min(area.height / 3));
    (question, layout::split_top(below, 1).1)
}
