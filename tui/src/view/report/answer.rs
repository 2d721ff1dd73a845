//! The answer with its quoted words marked and numbered as in the list of points, and the example
//! of a good one. Long ones are laid out once.

use prost::Message as _;
use ratatui::{
    style::Style,
    text::{Line, Span},
};
use viva_proto::v1::QuestionReport;

use super::{quotes::Quoted, summary::set_apart};
use crate::{
    view::{code, memo, theme::Theme, wrap},
    words,
};

/// Lays the answer out in lines of this many columns.
pub(crate) fn lines(slot: &QuestionReport, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let Some(answer) = &slot.answer else {
        let question = slot.question.clone().unwrap_or_default();
        return wrap::plain(&words::unanswered(&question), columns, Style::new());
    };
    let words = words::count(words::word_count(&answer.answer_text), "word");
    let attempt = match answer.attempt {
        0 | 1 => String::new(),
        n => format!(", attempt {n}"),
    };
    let head = format!("Your answer, {words}{attempt}");
    let mut lines = vec![Line::styled(head, Theme::strong())];
    set_apart(&mut lines);
    lines.extend(memo::lines((answer.encode_to_vec(), columns, theme), || {
        wrap::spans(&Quoted::of(answer, theme).spans, columns)
    }));
    lines
}

/// The example of a good answer, labelled as one.
pub(crate) fn example_lines(
    slot: &QuestionReport,
    columns: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let evaluation = slot.answer.as_ref().and_then(|answer| answer.evaluation.as_ref());
    let example = evaluation.map(|e| e.reference_answer.trim()).filter(|text| !text.is_empty());
    let Some(example) = example else {
        let text = "An example of a good answer is shown once yours is evaluated.";
        return wrap::plain(text, columns, Theme::faint());
    };
    let mut lines = vec![Line::from(vec![
        Span::styled("Example of a good answer", Theme::strong()),
        Span::styled(", one of many", Theme::faint()),
    ])];
    set_apart(&mut lines);
    lines.extend(memo::lines((example, columns, theme), || {
        code::lines(example, columns, Style::new(), theme)
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Look, ThemeName};
    use viva_proto::v1::{Question, ShownAnswer};

    #[test]
    fn a_question_whose_answer_was_shown_shows_a_good_answer() {
        let shown = ShownAnswer { reference: "A lock.".to_owned(), ..ShownAnswer::default() };
        let question = Question { shown: Some(shown), ..Question::default() };
        let slot = QuestionReport { question: Some(question), answer: None };
        let theme = Theme::of(Look { theme: ThemeName::Mono, ascii: false });
        let said: String = lines(&slot, 80, theme).iter().map(ToString::to_string).collect();
        assert_eq!(said, "No score: the answer was shown. A good answer says: A lock.");
    }
}
