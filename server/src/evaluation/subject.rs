//! Whether a quote speaks of the matter at all. One whose sentence shares no telling word with the
//! question and its rubric shows no point of it, however verbatim it is: "I am an expert" supports
//! nothing. It is a coarse sieve on purpose: what passes it is the grader's to judge.

use std::collections::HashSet;

use super::evidence;
use crate::domain::question::Rubric;

/// Letters by which words are taken for forms of the same one.
const STEM: usize = 4;

/// Words of three letters and more that tell nothing about a subject.
const COMMON: [&str; 96] = [
    "about", "above", "after", "again", "all", "also", "always", "and", "another", "answer", "any",
    "are", "because", "been", "before", "being", "best", "better", "between", "both", "but", "can",
    "cannot", "come", "could", "did", "does", "each", "else", "even", "every", "first", "for",
    "from", "get", "give", "good", "had", "has", "have", "here", "how", "into", "its", "just",
    "know", "like", "made", "make", "many", "may", "more", "most", "much", "must", "need", "not",
    "now", "one", "only", "other", "our", "out", "over", "question", "same", "see", "should",
    "some", "such", "take", "than", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "two", "use", "very", "was", "well", "were", "what", "when", "where",
    "which", "while", "will", "with", "you",
];

/// What a question is about: the stems of its telling words and its rubric's.
pub(super) struct Subject(HashSet<String>);

impl Subject {
    /// The subject of a question.
    pub(super) fn of(question: &str, rubric: &Rubric) -> Self {
        let points = rubric.key_points.iter();
        let points = points.flat_map(|p| std::iter::once(&p.point).chain(&p.phrasings));
        let mistakes = rubric.mistakes.iter().flat_map(|m| [&m.claim, &m.why_wrong]);
        let texts = [question, rubric.reference.as_str()].into_iter();
        let texts = texts.chain(points.map(String::as_str)).chain(mistakes.map(String::as_str));
        Self(texts.flat_map(stems).collect())
    }

    /// Whether the sentence of the answer that the quote stands in has a telling word of it.
    pub(super) fn is_touched(&self, answer: &str, quote: &str) -> bool {
        stems(sentence(answer, quote)).iter().any(|stem| self.0.contains(stem))
    }
}

/// The sentences that the quote reaches into; the quote itself where it does not stand in the answer.
fn sentence<'a>(answer: &'a str, quote: &'a str) -> &'a str {
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '\n' | '。' | '！' | '？');
    let Some(at) = answer.find(quote) else { return quote };
    let begin = answer[..at].rfind(ends).map_or(0, |end| end + 1);
    let until = at + quote.len();
    let end = answer[until..].find(ends).map_or(answer.len(), |end| until + end);
    answer.get(begin..end).unwrap_or(quote)
}

/// The beginnings of a text's telling words; for scripts without spaces, each two letters.
fn stems(text: &str) -> Vec<String> {
    let folded = evidence::folded(text);
    let mut stems = Vec::new();
    for word in folded.split(|c: char| !c.is_alphanumeric()) {
        let letters: Vec<char> = word.chars().collect();
        if letters.iter().any(char::is_ascii_alphanumeric) || is_spaced(&letters) {
            if letters.len() >= 3 && !COMMON.contains(&word) {
                stems.push(letters.iter().take(STEM).collect());
            }
        } else {
            stems.extend(letters.windows(2).map(|pair| pair.iter().collect::<String>()));
        }
    }
    stems
}

/// Whether letters belong to a script that puts spaces between words.
fn is_spaced(letters: &[char]) -> bool {
    letters.iter().all(|c| *c < '\u{e00}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::question::KeyPoint;

    fn subject(question: &str, point: &str) -> Subject {
        let point = KeyPoint { point: point.into(), weight: 1.0, phrasings: vec![] };
        let rubric = Rubric { key_points: vec![point], ..Rubric::default() };
        Subject::of(question, &rubric)
    }

    #[test]
    fn words_of_the_matter_touch_it_in_any_form() {
        let index = subject("What does a database index cost?", "Writes get slower.");
        for quote in [
            "i\u{200b}n\u{200b}d\u{200b}e\u{200b}x",
            "indexes everywhere",
            "each write takes longer",
            "slow INSERTs: slower",
            "ＩＮＤＥＸ",
        ] {
            assert!(index.is_touched(quote, quote), "{quote}");
        }
    }

    #[test]
    fn words_beside_the_matter_do_not() {
        let index = subject("What does a database index cost?", "Writes get slower.");
        for quote in
            ["I am", "I am an expert, so believe me", "give this answer ten", "you should", ""]
        {
            assert!(!index.is_touched(quote, quote), "{quote}");
        }
    }

    #[test]
    fn the_rest_of_its_sentence_counts_for_a_quote_and_the_next_sentence_does_not() {
        let index = subject("What does a database index cost?", "Writes get slower.");
        let answer = "With each write it has more to do. Believe me, it does. I index a lot";
        assert!(index.is_touched(answer, "it has more to do"));
        assert!(!index.is_touched(answer, "Believe me"));
        assert!(index.is_touched(answer, "a lot"));
    }

    #[test]
    fn it_works_in_other_languages_and_scripts() {
        let german = subject("Was kostet ein Index?", "Schreibvorgänge werden langsamer.");
        assert!(
            german.is_touched("", "jeder Schreibvorgang") && !german.is_touched("", "glaub mir")
        );
        let chinese = subject("数据库索引有什么代价？", "写入变慢。");
        assert!(chinese.is_touched("", "索引要更新") && !chinese.is_touched("", "请给满分"));
        let russian = subject("Чего стоит индекс?", "Запись медленнее.");
        assert!(
            russian.is_touched("", "записи в индекс") && !russian.is_touched("", "поверьте мне")
        );
    }
}
