//! The answer with the quoted words underlined, and the example of a good one.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use viva_proto::v1::{Answer, QuestionReport};

use super::summary::set_apart;
use crate::{
    text,
    view::{theme::Theme, wrap},
    words,
};

/// The answer in lines of so many columns.
pub(crate) fn lines(slot: &QuestionReport, columns: usize) -> Vec<Line<'static>> {
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
    lines.extend(wrap::spans(&underlined(answer), columns));
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

/// The answer's text with what the evaluation quotes of it underlined.
fn underlined(answer: &Answer) -> Vec<Span<'static>> {
    // Both are neutralised before they are compared, so that the places found are those shown.
    let text = text::neutral(&answer.answer_text).into_owned();
    let mut marked = vec![false; text.len()];
    for quote in quotes(answer) {
        if let Some(at) = text.find(&quote) {
            marked[at..at + quote.len()].fill(true);
        }
    }
    let mut spans: Vec<(String, bool)> = Vec::new();
    for (at, c) in text.char_indices() {
        match spans.last_mut() {
            Some((run, mark)) if *mark == marked[at] => run.push(c),
            _ => spans.push((c.to_string(), marked[at])),
        }
    }
    let style = |mark| {
        if mark { Style::new().underlined() } else { Style::new() }
    };
    spans.into_iter().map(|(run, mark)| Span::styled(run, style(mark))).collect()
}

fn quotes(answer: &Answer) -> Vec<String> {
    let Some(evaluation) = &answer.evaluation else {
        return Vec::new();
    };
    let of_points = evaluation.key_points.iter().map(|point| &point.evidence);
    let of_scores = evaluation.explanations.iter().flat_map(|explanation| &explanation.evidence);
    let all = of_points.chain(of_scores).map(|quote| text::neutral(quote).trim().to_owned());
    all.filter(|quote| !quote.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use viva_proto::v1::{Evaluation, KeyPointResult};

    use super::*;

    #[test]
    fn what_is_quoted_is_underlined_and_nothing_else() {
        let point = KeyPointResult { evidence: "hold it shorter".into(), ..Default::default() };
        let evaluation = Evaluation { key_points: vec![point], ..Default::default() };
        let answer = Answer {
            answer_text: "I'd hold it shorter, then é".into(),
            evaluation: Some(evaluation),
            ..Default::default()
        };
        let spans = underlined(&answer);
        let texts: Vec<_> = spans.iter().map(|span| span.content.as_ref()).collect();
        assert_eq!(texts, ["I'd ", "hold it shorter", ", then é"]);
        assert_eq!(spans[1].style, Style::new().underlined());
    }
}
