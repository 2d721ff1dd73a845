//! Style: what an answer's form shows without knowing what it is about.

use crate::{
    answer::{Answer, words},
    assessment::Style,
    text::lists::{is_filler, is_reason_word, is_stop_word},
};

/// How an answer is written.
pub(super) fn of(answer: &Answer) -> Style {
    let text = answer.folded.text.to_lowercase();
    let count = words(&text).count();
    let share = |of: usize| of as f64 / count.max(1) as f64;
    let density = |of: usize, scale: f64| (scale * share(of)).min(1.0);
    let of_kind = |is: fn(&str) -> bool| words(&text).filter(|word| is(word)).count();
    Style {
        words: count,
        sentence_words: count as f64 / answer.sentences.len().max(1) as f64,
        prose: 1.0 - share(bare_words(&text)),
        length: (count as f64 / 40.0).min(1.0),
        filler: density(of_kind(is_filler), 12.0),
        reasoning: density(of_kind(is_reason_word), 25.0),
        specifics: ((specifics(&text) as f64).ln_1p() / 2.4).min(1.0),
    }
}

/// How easy it is to follow, judged by its form alone.
pub(super) fn clarity(style: &Style) -> f64 {
    let too_long = (style.sentence_words - 24.0).max(0.0) / 24.0;
    let flow = (1.0 - too_long).clamp(0.0, 1.0);
    0.5 * style.prose + 0.25 * flow + 0.25 * (1.0 - style.filler)
}

/// Counts the words in items, separated by punctuation or line breaks, that contain no function
/// word: prose needs function words, a list of keywords does not.
fn bare_words(text: &str) -> usize {
    let separates = |c: char| matches!(c, ',' | ';' | ':' | '.' | '\n' | '/' | '|' | '•');
    let bare = |item: &str| words(item).all(|word| !is_stop_word(word));
    text.split(separates).filter(|item| bare(item)).map(|item| words(item).count()).sum()
}

/// Counts words with a digit, an underscore or the brackets of a call, and code in backticks.
fn specifics(text: &str) -> usize {
    let specific = |word: &&str| {
        word.contains(|c: char| c.is_ascii_digit() || c == '_') || word.ends_with("()")
    };
    let names = text.split_whitespace().filter(specific).count();
    names + text.matches('`').count() / 2
}
