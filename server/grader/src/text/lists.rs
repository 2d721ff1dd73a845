//! The short closed word lists of the model, and what a word is by them.

use super::antonyms::AntonymSet;

/// Function words, which carry next to no meaning of their own. Sorted.
const STOP_WORDS: [&str; 127] = [
    "a", "about", "again", "all", "also", "am", "an", "and", "another", "any", "are", "as", "at",
    "be", "because", "been", "being", "between", "both", "but", "by", "can", "could", "d", "did",
    "do", "does", "doing", "done", "down", "during", "each", "either", "etc", "every", "few",
    "for", "from", "further", "had", "has", "have", "having", "he", "her", "here", "his", "how",
    "i", "if", "in", "into", "is", "it", "its", "just", "ll", "m", "may", "me", "might", "more",
    "most", "must", "my", "neither", "of", "off", "on", "once", "one", "only", "onto", "or",
    "other", "our", "out", "over", "own", "re", "s", "same", "shall", "she", "should", "so",
    "some", "such", "t", "than", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "those", "through", "to", "under", "until", "up", "us", "use", "used", "using", "ve",
    "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "why",
    "will", "with", "would", "you", "your",
];

/// Words that deny what they stand beside. Sorted.
const NEGATIONS: [&str; 30] = [
    "aren't", "arent", "can't", "cannot", "cant", "didn't", "didnt", "doesn't", "doesnt", "don't",
    "dont", "fails", "isn't", "isnt", "lack", "lacks", "n't", "neither", "never", "no", "none",
    "nor", "not", "nothing", "unable", "unlike", "without", "won't", "wont", "wouldn't",
];

/// Words that take up room in speech. Sorted.
const FILLERS: [&str; 17] = [
    "actually",
    "basically",
    "etc",
    "guess",
    "just",
    "kind",
    "like",
    "literally",
    "maybe",
    "probably",
    "really",
    "somehow",
    "sort",
    "stuff",
    "thing",
    "things",
    "very",
];

/// Words that announce a reason, a condition or an example. Sorted.
const REASON_WORDS: [&str; 16] = [
    "because",
    "example",
    "hence",
    "if",
    "instance",
    "means",
    "otherwise",
    "since",
    "so",
    "therefore",
    "thus",
    "trade",
    "tradeoff",
    "unless",
    "whereas",
    "while",
];

/// What a word is by the lists above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WordClass {
    /// A function word.
    pub(crate) stop: bool,
    /// Whether and how the word denies.
    pub(crate) negation: Negation,
    /// The word's own place among the words that have an antonym.
    pub(crate) antonyms: AntonymSet,
    /// Nothing but digits.
    pub(crate) number: bool,
}

/// Whether a word denies what it stands beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Negation {
    /// It does not.
    None,
    /// It is on the list of negations.
    Listed,
    /// It is a contraction with "n't" that is not on the list, such as "hadn't".
    Contracted,
}

impl WordClass {
    pub(crate) fn of(word: &str) -> Self {
        let negation = if contains(&NEGATIONS, word) {
            Negation::Listed
        } else if word.ends_with("n't") {
            Negation::Contracted
        } else {
            Negation::None
        };
        Self {
            stop: contains(&STOP_WORDS, word),
            negation,
            antonyms: AntonymSet::of(word),
            number: word.bytes().all(|byte| byte.is_ascii_digit()),
        }
    }

    /// Whether the word denies.
    pub(crate) fn negates(self) -> bool {
        self.negation != Negation::None
    }

    /// Whether the word carries content: it neither serves grammar only nor denies.
    pub(crate) fn is_content(self) -> bool {
        !self.stop && !self.negates()
    }
}

pub(crate) fn is_filler(word: &str) -> bool {
    contains(&FILLERS, word)
}

pub(crate) fn is_reason_word(word: &str) -> bool {
    contains(&REASON_WORDS, word)
}

fn contains(sorted: &[&str], word: &str) -> bool {
    sorted.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_lists_are_sorted_so_that_they_can_be_searched() {
        for list in [&STOP_WORDS[..], &NEGATIONS, &FILLERS, &REASON_WORDS] {
            assert!(list.is_sorted());
        }
    }

    #[test]
    fn contractions_deny_whether_listed_or_not() {
        assert_eq!(WordClass::of("don't").negation, Negation::Listed);
        assert_eq!(WordClass::of("hadn't").negation, Negation::Contracted);
        assert!(!WordClass::of("hadn't").is_content());
    }
}
