//! Where an answer is quoted: its text with the quoted words marked, and a number after the words
//! that make a point. Laying it out in lines is not done here.

use std::collections::BTreeMap;

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use unicode_segmentation::UnicodeSegmentation as _;
use viva_proto::v1::{Answer, KeyPointResult};

use super::points;
use crate::{
    text,
    view::{theme::Theme, wrap},
};

/// An answer as it is shown with its quotes.
pub(super) struct Quoted<'a> {
    /// The text.
    pub(super) spans: Vec<Span<'static>>,
    /// The points that words of it make, in the order of their numbers, which begin with 1.
    points: Vec<&'a KeyPointResult>,
}

impl<'a> Quoted<'a> {
    /// Finds what the evaluation quotes of the answer; of words that stand there twice, the first.
    pub(super) fn of(answer: &'a Answer, theme: Theme) -> Self {
        // Both are neutralised before they are compared, so that the places found are those shown.
        let text = text::neutral(&answer.answer_text);
        let evaluation = answer.evaluation.as_ref();
        let explanations = evaluation.map_or(&[][..], |e| e.explanations.as_slice());
        let points = evaluation.map_or(&[][..], |e| e.key_points.as_slice());
        let mut quoted = vec![false; text.len()];
        for quote in explanations.iter().flat_map(|explanation| &explanation.evidence) {
            find(&text, quote, &mut quoted);
        }
        let mut made: Vec<(usize, &KeyPointResult)> = Vec::new();
        for point in points {
            made.extend(find(&text, &point.evidence, &mut quoted).map(|end| (end, point)));
        }
        // The numbers follow the text, and each stands where the words end.
        made.sort_by_key(|(end, _)| *end);
        let mut numbers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for ((end, _), number) in made.iter().zip(1..) {
            numbers.entry(*end).or_default().push(number);
        }
        let points = made.into_iter().map(|(_, point)| point).collect();
        Self { spans: spans(&text, &quoted, &numbers, theme), points }
    }

    /// The points with their numbers, in lines of so many columns.
    pub(super) fn legend(&self, columns: usize, theme: Theme) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        for (point, number) in self.points.iter().zip(1..) {
            let number = Span::styled(format!("[{number}] "), Theme::faint());
            let mark = points::mark(point.coverage, theme);
            let taken = wrap::width(&number.content) + wrap::width(&mark.content);
            let text = wrap::plain(&point.point, columns.saturating_sub(taken), Style::new());
            lines.extend(wrap::hang(&number, wrap::hang(&mark, text)));
        }
        lines
    }
}

/// Marks the first place where the quote stands, and gives where it ends.
fn find(text: &str, quote: &str, quoted: &mut [bool]) -> Option<usize> {
    let quote = text::neutral(quote);
    let quote = quote.trim();
    let at = text.find(quote).filter(|_| !quote.is_empty())?;
    quoted[at..at + quote.len()].fill(true);
    Some(at + quote.len())
}

/// The text in runs of words that are quoted and words that are not. A character is shown in one
/// piece with the marks upon it, also where a quote begins or ends between them.
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
    use viva_proto::v1::{Evaluation, ScoreExplanation};

    use super::*;
    use crate::model::{Look, Palette};

    fn theme(palette: Palette) -> Theme {
        Theme::of(Look { palette, ascii: false })
    }

    fn answer(text: &str, quotes: &[&str]) -> Answer {
        let point = |quote: &&str| KeyPointResult {
            point: format!("The point of {quote}"),
            evidence: (*quote).into(),
            coverage: 1.0,
            ..KeyPointResult::default()
        };
        let key_points = quotes.iter().map(point).collect();
        Answer {
            answer_text: text.into(),
            evaluation: Some(Evaluation { key_points, ..Evaluation::default() }),
            ..Answer::default()
        }
    }

    /// The answer with what is quoted in angle brackets.
    fn shown(text: &str, quotes: &[&str]) -> String {
        let answer = answer(text, quotes);
        let theme = theme(Palette::Dark);
        let marked = |span: Span<'static>| {
            let is_quoted = span.style == theme.quote();
            if is_quoted { format!("<{}>", span.content) } else { span.content.into_owned() }
        };
        Quoted::of(&answer, theme).spans.into_iter().map(marked).collect()
    }

    #[test]
    fn what_is_quoted_is_marked_and_numbered_and_nothing_else() {
        assert_eq!(
            shown("I'd hold it shorter, then é", &["hold it shorter"]),
            "I'd <hold it shorter>[1], then é"
        );
        assert_eq!(shown("Nothing of it.", &["", "something else"]), "Nothing of it.");
    }

    #[test]
    fn numbers_follow_the_text_and_name_their_points() {
        let answer = answer("one two three", &["three", "one"]);
        let theme = theme(Palette::Dark);
        let quoted = Quoted::of(&answer, theme);
        let texts: Vec<_> = quoted.spans.iter().map(|span| span.content.as_ref()).collect();
        assert_eq!(texts, ["one", "[1]", " two ", "three", "[2]"]);
        let legend: Vec<_> = quoted.legend(40, theme).iter().map(ToString::to_string).collect();
        assert_eq!(legend, ["[1] ✓ The point of one", "[2] ✓ The point of three"]);
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
    fn of_words_that_stand_there_twice_the_first_are_marked() {
        assert_eq!(shown("lock, lock", &["lock"]), "<lock>[1], lock");
    }

    #[test]
    fn line_ends_and_tabs_are_found_as_they_were_sent() {
        assert_eq!(shown("a\r\nb\rc", &["a\r\nb"]), "<a>\n<b>[1]\nc");
        assert_eq!(shown("a\r\nb\rc", &["b\rc"]), "a\n<b>\n<c>[1]");
        assert_eq!(shown("if\tx\n", &["if\tx"]), "<if    x>[1]\n");
        assert_eq!(shown("one\r\ntwo", &["\ntwo"]), "one\n<two>[1]", "cut between CR and LF");
    }

    #[test]
    fn wide_characters_and_marks_upon_letters_stay_whole() {
        assert_eq!(shown("漢字かな", &["字か"]), "漢<字か>[1]な");
        // The quote ends between a letter and the accent upon it, and another begins with it.
        assert_eq!(shown("cafe\u{301} au lait", &["cafe"]), "<cafe\u{301}>[1] au lait");
        assert_eq!(shown("cafe\u{301} au lait", &["\u{301} au"]), "caf<e\u{301} au>[1] lait");
        assert_eq!(shown("👩\u{200d}💻 codes", &["👩\u{200d}💻 codes"]), "<👩\u{200d}💻 codes>[1]");
    }

    #[test]
    fn what_explains_a_score_is_marked_without_a_number() {
        let mut answer = answer("they wait", &[]);
        let evidence = vec!["wait".to_owned()];
        let explanation = ScoreExplanation { evidence, ..ScoreExplanation::default() };
        answer.evaluation.as_mut().unwrap().explanations.push(explanation);
        let quoted = Quoted::of(&answer, theme(Palette::Dark));
        let texts: Vec<_> = quoted.spans.iter().map(|span| span.content.as_ref()).collect();
        assert_eq!(texts, ["they ", "wait"]);
        assert!(quoted.legend(40, theme(Palette::Dark)).is_empty());
    }

    #[test]
    fn without_colours_a_quote_is_still_underlined() {
        let style = theme(Palette::Mono).quote();
        assert_eq!(style.fg, None);
        assert!(style.add_modifier.contains(ratatui::style::Modifier::UNDERLINED));
    }
}
