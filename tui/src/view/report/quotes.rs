//! The quotes in an answer: its text with the quoted words marked, and a number after words that
//! make a point. Breaking it into lines is done elsewhere.

use std::collections::BTreeMap;

use ratatui::{style::Style, text::Span};
use unicode_segmentation::UnicodeSegmentation as _;
use viva_proto::v1::Answer;

use crate::{text, view::theme::Theme};

/// An answer with its quotes marked.
pub(super) struct Quoted {
    /// The text.
    pub(super) spans: Vec<Span<'static>>,
}

impl Quoted {
    /// Finds the evaluation's quotes in the answer; of repeated words, the first occurrence.
    pub(super) fn of(answer: &Answer, theme: Theme) -> Self {
        // Both are neutralised first, so that positions match the displayed text.
        let text = text::neutral(&answer.answer_text);
        let evaluation = answer.evaluation.as_ref();
        let explanations = evaluation.map_or(&[][..], |e| e.explanations.as_slice());
        let mut quoted = vec![false; text.len()];
        for quote in explanations.iter().flat_map(|explanation| &explanation.evidence) {
            find(&text, quote, &mut quoted);
        }
        // Numbers follow the order of the text, and each is where its words end.
        let mut numbers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for ((end, _), number) in made(&text, answer, &mut quoted).into_iter().zip(1..) {
            numbers.entry(end).or_default().push(number);
        }
        Self { spans: spans(&text, &quoted, &numbers, theme) }
    }
}

/// For each point, in the order of the rubric, the number after its words; `None` if the answer has
/// no such words.
pub(super) fn numbers(answer: &Answer) -> Vec<Option<usize>> {
    let text = text::neutral(&answer.answer_text);
    let mut quoted = vec![false; text.len()];
    let count = answer.evaluation.as_ref().map_or(0, |e| e.key_points.len());
    let mut numbers = vec![None; count];
    for ((_, point), number) in made(&text, answer, &mut quoted).into_iter().zip(1..) {
        numbers[point] = Some(number);
    }
    numbers
}

/// Where each quote for a point ends, with the point's index, in the order of the text.
fn made(text: &str, answer: &Answer, quoted: &mut [bool]) -> Vec<(usize, usize)> {
    let points = answer.evaluation.as_ref().map_or(&[][..], |e| e.key_points.as_slice());
    let mut made: Vec<(usize, usize)> = Vec::new();
    for (place, point) in points.iter().enumerate() {
        made.extend(find(text, &point.evidence, quoted).map(|end| (end, place)));
    }
    made.sort_by_key(|(end, _)| *end);
    made
}

/// Marks the first occurrence of the quote and returns where it ends.
fn find(text: &str, quote: &str, quoted: &mut [bool]) -> Option<usize> {
    let quote = text::neutral(quote);
    let quote = quote.trim();
    let at = text.find(quote).filter(|_| !quote.is_empty())?;
    quoted[at..at + quote.len()].fill(true);
    Some(at + quote.len())
}

/// The text in runs of quoted and other words. A character stays in one piece with its combining
/// marks, even if a quote begins or ends between them.
fn spans(
    text: &str,
    quoted: &[bool],
    numbers: &BTreeMap<usize, Vec<usize>>,
    theme: Theme,
) -> Vec<Span<'static>> {
    let mut runs: Vec<(String, Style)> = Vec::new();
    let mut push = |text: &str, style: Style| match runs.last_mut() {
        Some((run, same)) if *same == style => run.push_str(text),
        _ => runs.push((text.to_owned(), style)),
    };
    for (at, grapheme) in text.grapheme_indices(true) {
        let end = at + grapheme.len();
        let is_quoted = quoted[at..end].contains(&true) && grapheme != "\n";
        push(grapheme, if is_quoted { theme.quote() } else { Style::new() });
        for number in numbers.range(at + 1..=end).flat_map(|(_, numbers)| numbers) {
            push(&format!("[{number}]"), Theme::faint());
        }
    }
    runs.into_iter().map(|(run, style)| Span::styled(run, style)).collect()
}

#[cfg(test)]
mod tests {
    use viva_proto::v1::{Evaluation, KeyPointResult, ScoreExplanation};

    use super::*;
    use crate::model::{Look, ThemeName};

    fn theme(name: ThemeName) -> Theme {
        Theme::of(Look { theme: name, ascii: false })
    }

    fn answer(text: &str, quotes: &[&str]) -> Answer {
        let point = |quote: &&str| KeyPointResult {
            point: format!("The point of {quote}"),
            evidence: (*quote).into(),
            coverage: Some(1.0),
            ..KeyPointResult::default()
        };
        let key_points = quotes.iter().map(point).collect();
        Answer {
            answer_text: text.into(),
            evaluation: Some(Evaluation { key_points, ..Evaluation::default() }),
            ..Answer::default()
        }
    }

    /// The answer with quotes in angle brackets.
    fn shown(text: &str, quotes: &[&str]) -> String {
        let answer = answer(text, quotes);
        let theme = theme(ThemeName::Dark);
        let marked = |span: Span<'static>| {
            let is_quoted = span.style == theme.quote();
            if is_quoted { format!("<{}>", span.content) } else { span.content.into_owned() }
        };
        Quoted::of(&answer, theme).spans.into_iter().map(marked).collect()
    }

    #[test]
    fn only_quoted_words_are_marked_and_numbered() {
        assert_eq!(
            shown("I'd hold it shorter, then é", &["hold it shorter"]),
            "I'd <hold it shorter>[1], then é"
        );
        assert_eq!(shown("Nothing of it.", &["", "something else"]), "Nothing of it.");
    }

    #[test]
    fn numbers_follow_the_text_and_name_their_points() {
        let answer = answer("one two three", &["three", "one"]);
        let theme = theme(ThemeName::Dark);
        let quoted = Quoted::of(&answer, theme);
        let texts: Vec<_> = quoted.spans.iter().map(|span| span.content.as_ref()).collect();
        assert_eq!(texts, ["one", "[1]", " two ", "three", "[2]"]);
        assert_eq!(numbers(&answer), [Some(2), Some(1)]);
    }

    #[test]
    fn words_that_make_two_points_have_two_numbers() {
        assert_eq!(shown("they wait", &["they wait", "they wait"]), "<they wait>[1][2]");
        assert_eq!(
            shown("they wait long", &["they wait long", "wait"]),
            "<they wait>[1]< long>[2]"
        );
    }

    #[test]
    fn of_repeated_words_the_first_occurrence_is_marked() {
        assert_eq!(shown("lock, lock", &["lock"]), "<lock>[1], lock");
    }

    #[test]
    fn quotes_with_any_line_ends_and_tabs_are_found() {
        assert_eq!(shown("a\r\nb\rc", &["a\r\nb"]), "<a>\n<b>[1]\nc");
        assert_eq!(shown("a\r\nb\rc", &["b\rc"]), "a\n<b>\n<c>[1]");
        assert_eq!(shown("if\tx\n", &["if\tx"]), "<if    x>[1]\n");
        assert_eq!(shown("one\r\ntwo", &["\ntwo"]), "one\n<two>[1]", "cut between CR and LF");
    }

    #[test]
    fn wide_characters_and_combining_marks_stay_whole() {
        assert_eq!(shown("漢字かな", &["字か"]), "漢<字か>[1]な");
        // The quote ends between a letter and its accent, and another begins with the accent.
        assert_eq!(shown("cafe\u{301} au lait", &["cafe"]), "<cafe\u{301}>[1] au lait");
        assert_eq!(shown("cafe\u{301} au lait", &["\u{301} au"]), "caf<e\u{301} au>[1] lait");
        assert_eq!(shown("👩\u{200d}💻 codes", &["👩\u{200d}💻 codes"]), "<👩\u{200d}💻 codes>[1]");
    }

    #[test]
    fn a_quote_that_explains_a_score_has_no_number() {
        let mut answer = answer("they wait", &[]);
        let evidence = vec!["wait".to_owned()];
        let explanation = ScoreExplanation { evidence, ..ScoreExplanation::default() };
        answer.evaluation.as_mut().unwrap().explanations.push(explanation);
        let quoted = Quoted::of(&answer, theme(ThemeName::Dark));
        let texts: Vec<_> = quoted.spans.iter().map(|span| span.content.as_ref()).collect();
        assert_eq!(texts, ["they ", "wait"]);
        assert!(numbers(&answer).is_empty());
    }

    #[test]
    fn without_colours_a_quote_is_still_underlined() {
        let style = theme(ThemeName::Mono).quote();
        assert_eq!(style.fg, None);
        assert!(style.add_modifier.contains(ratatui::style::Modifier::UNDERLINED));
    }
}
