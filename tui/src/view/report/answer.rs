//! The answer with the quoted words marked and the points that they make, and the example of a good
//! one.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use viva_proto::v1::QuestionReport;

use super::{quotes::Quoted, summary::set_apart};
use crate::{
    view::{theme::Theme, wrap},
    words,
};

/// The answer in lines of so many columns.
pub(crate) fn lines(slot: &QuestionReport, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let Some(answer) = &slot.answer else {
        return wrap::plain("Not answered yet.", columns, Style::new());
    };
    let words = words::count(words::word_count(&answer.answer_text), "word");
    let attempt = match answer.attempt {
        0 | 1 => String::new(),
        n => format!(", attempt {n}"),
    };
    let head = format!("Your answer, {words}{attempt}");
    let mut lines = vec![Line::styled(head, Theme::strong())];
    set_apart(&mut lines);
    let quoted = Quoted::of(answer, theme);
    lines.extend(wrap::spans(&quoted.spans, columns));
    let legend = quoted.legend(columns, theme);
    if !legend.is_empty() {
        set_apart(&mut lines);
        lines.extend(legend);
    }
    lines
}

/// The example of a good answer, labelled as one.
pub(crate) fn example_lines(slot: &QuestionReport, columns: usize) -> Vec<Line<'static>> {
    let evaluation = slot.answer.as_ref().and_then(|answer| answer.evaluation.as_ref());
    let example = evaluation.map(|e| e.reference_answer.trim()).filter(|text| !text.is_empty());
    let Some(example) = example else {
        let text = "An example of a good answer is shown once yours is evaluated.";
        return wrap::plain(text, columns, Style::new());
    };
    let mut lines = vec![Line::from(vec![
        Span::styled("Example of a good answer", Theme::strong()),
        Span::styled(", one of many", Theme::faint()),
    ])];
    set_apart(&mut lines);
    lines.extend(wrap::plain(example, columns, Style::new()));
    lines
}
