//! Finds a quote in an answer. A quote counts as verbatim if it matches after both sides are
//! normalised as follows. What is kept is always the answer's own text, never the quote as it came:
//!
//! - letters ignore case and are in their compatibility decomposition, with the marks of a letter
//!   in one order (so that é is é however it is composed, and a full-width letter is the letter);
//! - any run of white space is one space;
//! - typographic quotation marks and dashes are plain ones;
//! - invisible characters (zero-width, bidi, other controls), back-ticks and asterisks are left
//!   out;
//! - punctuation around the quote does not count, and "..." inside it means words left out: then
//!   each part must be in the answer, in order, and the longest one is kept.

use std::ops::Range;

use unicode_normalization::char::{
    canonical_combining_class, decompose_compatible, is_combining_mark,
};

/// The most characters of a quote that are kept; nobody would read more.
const MOST_CHARS: usize = 400;

/// An answer that quotes are looked up in.
pub(super) struct Searchable<'a> {
    answer: &'a str,
    folded: String,
    /// For each byte of `folded`, where in the answer its character begins and ends.
    origin: Vec<(usize, usize)>,
}

impl<'a> Searchable<'a> {
    /// Folds an answer.
    pub(super) fn new(answer: &'a str) -> Self {
        let mut this = Self { answer, folded: String::new(), origin: Vec::new() };
        for (c, origin) in characters(answer) {
            this.folded.push(c);
            this.origin.resize(this.folded.len(), origin);
        }
        this
    }

    /// The words of the answer that the quote repeats; `None` if they are not there, or are too few
    /// to show anything.
    pub(super) fn find(&self, quote: &str) -> Option<&'a str> {
        self.place(quote).and_then(|place| self.answer.get(place))
    }

    /// The place of those words in the answer.
    pub(super) fn place(&self, quote: &str) -> Option<Range<usize>> {
        let place = self.whole_place(quote)?;
        let words = self.answer.get(place.clone()).unwrap_or_default();
        Some(place.start..place.start + cut(words).len())
    }

    /// The same, however long the quote is.
    pub(super) fn whole_place(&self, quote: &str) -> Option<Range<usize>> {
        let quote = folded(quote);
        let parts = quote.split("...").map(bare).filter(|part| !part.is_empty());
        let mut longest = 0..0;
        let mut from = 0;
        for part in parts {
            let (start, end) = self.find_part(part, from)?;
            from = end;
            let place = self.original(start, end);
            if longest.len() < place.len() {
                longest = place;
            }
        }
        self.answer.get(longest.clone()).filter(|words| says_something(words))?;
        Some(longest)
    }

    /// The place of the part in the folded text at or after `from`, as whole words.
    fn find_part(&self, part: &str, from: usize) -> Option<(usize, usize)> {
        let tail = self.folded.get(from..)?;
        let places = tail.match_indices(part).map(|(at, _)| (from + at, from + at + part.len()));
        places
            .into_iter()
            .find(|(start, end)| !is_inside(&self.folded, *start) && !is_inside(&self.folded, *end))
    }

    fn original(&self, start: usize, end: usize) -> Range<usize> {
        // Marks that were put in order may have been in another one.
        let origins = self.origin.get(start..end).unwrap_or_default();
        let begin = origins.iter().map(|place| place.0).min();
        let stop = origins.iter().map(|place| place.1).max();
        begin.unwrap_or_default()..stop.unwrap_or_default()
    }
}

/// Whether a place is inside a word, or between a letter and its marks.
fn is_inside(text: &str, at: usize) -> bool {
    let before = text[..at].chars().rev().find(|c| !is_combining_mark(*c));
    let after = text[at..].chars().next();
    let is_spaced_mark = |c: char| is_combining_mark(c) && !is_unspaced(c);
    let is_letter = |c: char| c.is_alphanumeric() && !is_unspaced(c);
    after.is_some_and(is_spaced_mark)
        || (before.is_some_and(is_letter) && after.is_some_and(is_letter))
}

/// A text's characters as they are compared, each with the place of the character that it came
/// from.
fn characters(text: &str) -> Vec<(char, (usize, usize))> {
    let mut characters: Vec<(char, (usize, usize))> = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let origin = (at, at + c.len_utf8());
        fold(c, |folded| {
            if folded != ' ' || characters.last().is_none_or(|(last, _)| *last != ' ') {
                characters.push((folded, origin));
            }
        });
    }
    // Two marks of one letter may come in either order.
    let is_mark = |(c, _): &(char, _)| canonical_combining_class(*c) != 0;
    for marks in characters.chunk_by_mut(|one, other| is_mark(one) && is_mark(other)) {
        marks.sort_by_key(|(c, _)| canonical_combining_class(*c));
    }
    characters
}

/// Whether a character belongs to a script that has no spaces between words or attaches endings to
/// them: Thai to Khmer, Chinese, Japanese, Korean.
const fn is_unspaced(c: char) -> bool {
    matches!(
        c,
        '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{11ff}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{2e80}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

/// Calls `put` with the folded form of a character.
fn fold(c: char, mut put: impl FnMut(char)) {
    if c.is_whitespace() {
        return put(' ');
    }
    if is_unseen(c) {
        return;
    }
    match c {
        '`' | '*' => {}
        '‘' | '’' | '‚' | '‛' | '′' => put('\''),
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => put('"'),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => put('-'),
        _ => decompose_compatible(c, |part| {
            if part.is_whitespace() { put(' ') } else { part.to_lowercase().for_each(&mut put) }
        }),
    }
}

/// Whether a character is invisible.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A text as it is compared.
fn folded(text: &str) -> String {
    characters(text).into_iter().map(|(c, _)| c).collect()
}

/// The part without punctuation and spaces around it.
fn bare(part: &str) -> &str {
    part.trim_matches(|c: char| c == ' ' || (c.is_ascii_punctuation() && !"()[]{}<>".contains(c)))
}

/// Whether there are two words, or as many letters as in a long word. A letter beyond ASCII may be
/// a whole word.
fn says_something(words: &str) -> bool {
    let letters: usize = words
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| if c.is_ascii() { 1 } else { 2 })
        .sum();
    letters >= 6 || (letters >= 3 && words.split_whitespace().count() >= 2)
}

fn cut(words: &str) -> &str {
    words.char_indices().nth(MOST_CHARS).map_or(words, |(at, _)| &words[..at])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find<'a>(answer: &'a str, quote: &str) -> Option<&'a str> {
        Searchable::new(answer).find(quote)
    }

    #[test]
    fn the_answers_own_text_is_kept() {
        let answer = "I'd say: “Only one\n  thread” — not two.";
        assert_eq!(
            find(answer, "i'd say: \"only one thread\""),
            Some("I'd say: “Only one\n  thread")
        );
        assert_eq!(
            find(answer, "Only one thread\" - not two"),
            Some("Only one\n  thread” — not two")
        );
    }

    #[test]
    fn what_the_answer_does_not_say_is_not_found() {
        let answer = "An index makes reads faster.";
        for quote in ["an index makes writes faster", "", " ", "...", "makes reads faster too"] {
            assert_eq!(find(answer, quote), None, "{quote}");
        }
    }

    #[test]
    fn a_quote_is_made_of_whole_words_and_says_something() {
        let answer = "It avoids deadlocks, it is a B-tree.";
        for quote in ["lock", "a", "is", "it", "void deadlocks"] {
            assert_eq!(find(answer, quote), None, "{quote}");
        }
        assert_eq!(find(answer, "deadlocks"), Some("deadlocks"));
        assert_eq!(find("невозможно без блокировки", "возможно без"), None);
        assert_eq!(find("невозможно без блокировки", "без блокировки"), Some("без блокировки"));
        assert_eq!(find("用B树可以减少查找时间", "减少查找"), Some("减少查找"));
    }

    #[test]
    fn words_left_out_are_allowed_in_order_and_the_longest_part_is_kept() {
        let answer = "Every write must also update the index, and it takes disk space.";
        assert_eq!(find(answer, "Every write ... takes disk space."), Some("takes disk space"));
        assert_eq!(find(answer, "takes disk space … every write"), None);
        assert_eq!(find(answer, "every write … takes no space"), None);
    }

    #[test]
    fn unseen_characters_and_encodings_do_not_hide_a_quote() {
        let answer = "a\u{200b}n i\u{200b}ndex se\u{301}pare\u{301}";
        assert_eq!(find(answer, "an index"), Some("a\u{200b}n i\u{200b}ndex"));
        assert_eq!(
            find(answer, "index s\u{e9}par\u{e9}"),
            Some("i\u{200b}ndex se\u{301}pare\u{301}")
        );
        assert_eq!(
            find("Use `Arc<Mutex<T>>` *here*.", "use Arc<Mutex<T>> here"),
            Some("Use `Arc<Mutex<T>>` *here")
        );
    }

    #[test]
    fn letters_are_found_however_their_marks_are_composed_and_ordered() {
        for (answer, quote) in [
            // ợ: composed, in two parts, and with its two marks the other way round.
            ("được l\u{1ee3}i nhiều", "l\u{6f}\u{323}\u{31b}i nhiều"),
            ("l\u{6f}\u{323}\u{31b}i nhiều", "l\u{1ee3}i nhiều"),
            ("l\u{1a1}\u{323}i nhiều", "l\u{1ecd}\u{31b}i nhiều"),
            ("가나다 인덱스는", "\u{110b}\u{1175}\u{11ab}덱스는"),
            ("データベース", "テ\u{3099}ータヘ\u{3099}ース"),
        ] {
            let found = find(answer, quote);
            assert!(found.is_some_and(|words| answer.contains(words)), "{quote} in {answer}");
        }
    }

    #[test]
    fn no_letter_is_separated_from_its_marks() {
        assert_eq!(find("a cafe\u{301} here", "a cafe"), None);
        assert_eq!(find("the cafe\u{301}s here", "the café"), None);
        assert_eq!(find("a cafe\u{301} here", "a café"), Some("a cafe\u{301}"));
    }

    #[test]
    fn a_long_quote_is_kept_in_part() {
        let answer = "word ".repeat(200);
        let found = find(&answer, &answer).unwrap();
        assert_eq!(found.chars().count(), MOST_CHARS);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn whatever_is_found_is_in_the_answer(answer in "\\PC{0,80}", quote in "\\PC{0,20}") {
            if let Some(found) = find(&answer, &quote) {
                prop_assert!(answer.contains(found) && !found.trim().is_empty());
            }
        }

        #[test]
        fn any_run_of_the_answers_words_is_found(
            words in prop::collection::vec("[a-zA-Zäß]{3,9}", 2..20), from in 0usize..18, len in 2usize..6,
        ) {
            let answer = words.join(" ");
            let from = from.min(words.len() - 2);
            let quote = words[from..words.len().min(from + len)].join(" ");
            prop_assert!(find(&answer, &quote).is_some(), "{quote:?} in {answer:?}");
        }
    }
}
