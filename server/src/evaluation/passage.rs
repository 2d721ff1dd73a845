//! The passage of a quote: the sentences of the answer that it touches. The rest of a sentence may
//! take back what is quoted, so a quote is never read without it.

use std::ops::Range;

use super::evidence::is_unseen;

/// How many characters before and after a quote are searched for the ends of its sentences; some
/// texts have no full stop in a thousand words.
const MOST_AROUND: usize = 400;

/// The passage around a quote; both are byte ranges of the answer.
pub(super) fn passage(answer: &str, quote: &Range<usize>) -> Range<usize> {
    let before = answer.get(..quote.start).unwrap_or_default();
    let after = answer.get(quote.end..).unwrap_or_default();
    let begin = begins(before).unwrap_or_else(|| {
        let far = before.char_indices().rev().nth(MOST_AROUND);
        far.map_or(0, |(at, c)| at + c.len_utf8())
    });
    let within = answer.get(quote.clone()).unwrap_or_default();
    let length = ends(within, after)
        .unwrap_or_else(|| after.char_indices().nth(MOST_AROUND).map_or(after.len(), |(at, _)| at));
    trimmed(answer, begin..quote.end + length)
}

/// Where the sentence begins that continues after this text.
fn begins(before: &str) -> Option<usize> {
    let near = before.char_indices().rev().take(MOST_AROUND);
    near.map(|(at, c)| (at + c.len_utf8(), c))
        .find(|(behind, c)| closes(*c, &before[*behind..]))
        .map(|(behind, _)| behind)
}

/// How much of the text still belongs to the sentence in which the quote ends; 0 if it ends with
/// the quote.
fn ends(quote: &str, after: &str) -> Option<usize> {
    let last = quote.chars().rev().find(|c| !is_unseen(*c));
    if last.is_some_and(|c| closes(c, after)) {
        return Some(0);
    }
    let near = after.char_indices().take(MOST_AROUND);
    near.map(|(at, c)| (at + c.len_utf8(), c))
        .find(|(behind, c)| closes(*c, &after[*behind..]))
        .map(|(behind, _)| behind)
}

/// Whether a sentence ends with this character when this text follows.
fn closes(c: char, rest: &str) -> bool {
    match c {
        '\n' | '。' | '！' | '？' => true,
        '.' | '!' | '?' | ';' => {
            let next = rest.chars().find(|c| !is_unseen(*c) || separates(*c));
            next.is_some_and(separates)
        }
        _ => false,
    }
}

/// Whether the built-in grader reads it as white space: it does so with ASCII's control characters,
/// so that an order to the terminal does not join two sentences.
fn separates(c: char) -> bool {
    c.is_whitespace() || c < ' '
}

fn trimmed(answer: &str, range: Range<usize>) -> Range<usize> {
    let text = answer.get(range.clone()).unwrap_or_default();
    let is_blank = |c: char| c.is_whitespace() || is_unseen(c);
    let start = range.end - text.trim_start_matches(is_blank).len();
    start..start + text.trim_matches(is_blank).len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of<'a>(answer: &'a str, quote: &str) -> &'a str {
        let at = answer.find(quote).unwrap();
        &answer[passage(answer, &(at..at + quote.len()))]
    }

    #[test]
    fn a_quote_brings_the_rest_of_its_sentence_and_not_the_next_one() {
        let answer =
            "An index costs 1.5 times the writes, or so. It does not!\nReads\u{200b}.\u{200b} Gain";
        assert_eq!(of(answer, "costs 1"), "An index costs 1.5 times the writes, or so.");
        assert_eq!(of(answer, "does"), "It does not!");
        assert_eq!(of(answer, "or so."), "An index costs 1.5 times the writes, or so.");
        assert_eq!(of(answer, "Gain"), "Gain");
        assert_eq!(
            of(answer, "so. It"),
            "An index costs 1.5 times the writes, or so. It does not!"
        );
        assert_eq!(of("It is so.\u{1b}[2JHired!", "is so"), "It is so.");
        assert_eq!(of("读取更快。写入变慢，因为要更新。", "变慢"), "写入变慢，因为要更新。");
    }

    #[test]
    fn a_text_without_full_stops_is_read_only_around_the_quote() {
        let answer = "word ".repeat(4000);
        let found = passage(&answer, &(10_000..10_004));
        assert!(found.len() <= 2 * MOST_AROUND + 4 && found.contains(&10_000), "{found:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn the_passage_contains_the_visible_part_of_the_quote(
            answer in "([a-zé。.\\n ]|\\PC){1,60}", from in 0usize..60, length in 1usize..20,
        ) {
            let places: Vec<usize> = answer.char_indices().map(|(at, _)| at).chain([answer.len()]).collect();
            let from = from % (places.len() - 1);
            let quote = places[from]..places[(from + length).min(places.len() - 1)];
            let found = passage(&answer, &quote);
            let is_blank = |c: char| c.is_whitespace() || is_unseen(c);
            prop_assert!(answer[found.clone()].contains(answer[quote].trim_matches(is_blank)));
        }
    }
}
