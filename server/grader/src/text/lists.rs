//! The short closed word lists of the grader.

/// Function words, which carry almost no meaning of their own. Sorted.
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

/// Filler words. Sorted.
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

/// Words that introduce a reason, a condition or an example. Sorted.
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

/// Whether a lower-case word is a function word.
pub(crate) fn is_stop_word(word: &str) -> bool {
    contains(&STOP_WORDS, word)
}

/// Whether a lower-case word is a filler.
pub(crate) fn is_filler(word: &str) -> bool {
    contains(&FILLERS, word)
}

/// Whether a lower-case word introduces a reason, a condition or an example.
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
        for list in [&STOP_WORDS[..], &FILLERS, &REASON_WORDS] {
            assert!(list.is_sorted());
        }
    }
}
