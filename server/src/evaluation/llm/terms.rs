//! Recognises bare lists of terms: a list claims nothing, yet a judge that looks for what is said
//! finds all of it there.

use super::story::is_among;

/// Words that are needed to say how terms are related.
const BINDING: &str = "\
    a an the is are was were be been has have had do does did can may must will would should \
    not no never nothing and or but so if when where while because since than then that which \
    who what how as of to in on at by for from with without into per over under after before \
    until it its they them this these those you we i each every all only";

/// The fewest words of a list: a shorter text may be a note that says something.
const LIST: usize = 12;

/// Fewer than one binding word in this many words occurs by chance.
const RARE: usize = 12;

/// Whether an English text is a bare list of terms.
pub(super) fn are_all(text: &str) -> bool {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-');
    let words: Vec<&str> = words.filter(|word| word.contains(char::is_alphanumeric)).collect();
    let binding = words.iter().filter(|word| is_among(BINDING, word)).count();
    words.len() >= LIST && binding * RARE < words.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_terms_is_told_from_the_tersest_sentence() {
        assert!(are_all(
            "index B-tree hash covering partial composite selectivity cardinality query plan EXPLAIN \
             full scan logarithmic write amplification disk space maintenance insert update delete"
        ));
        for text in [
            "Separate B-tree from column values to row addresses.",
            "Price: every insert, update and delete maintains it too, plus disk and memory.",
            "Cable, image, power, serial log, all fine.",
            "Pick the tree when: range queries, sorted iteration, floor or ceiling of a key, smallest, \
             largest.",
            "",
        ] {
            assert!(!are_all(text), "{text}");
        }
    }
}
