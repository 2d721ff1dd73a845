//! Words compared by their stems, and how much information each of them carries.
//!
//! The judge only knows what it was trained on, while words that an answer shares with a point say
//! something about any point. The two together find points better than either alone (docs/grader.md
//! has the figures). training/words.py does the same in Python.

use super::lists::is_stop_word;
use std::collections::BTreeMap;

/// How many letters of a stem are compared.
const STEM: usize = 7;

/// Endings to cut off: the first that matches, if at least this many letters remain.
const ENDINGS: [&str; 11] =
    ["ingly", "edly", "ing", "ers", "ies", "ied", "ed", "es", "ly", "er", "s"];
const STAY: usize = 3;

/// The informative words of a text: stems with their weights.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Words(BTreeMap<String, f64>);

impl Words {
    /// The words of a folded text; `weight` says how informative a lower-case word is.
    pub(crate) fn of(text: &str, weight: impl Fn(&str) -> f64) -> Self {
        let mut words = BTreeMap::new();
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '#';
        for word in text.split(|c| !inside(c)).filter(|word| !word.is_empty()) {
            let word = word.to_ascii_lowercase();
            if !is_stop_word(&word) {
                words.entry(stem(&word)).or_insert_with(|| weight(&word));
            }
        }
        Self(words)
    }

    /// The stems of these words, each once and in alphabetical order.
    pub(crate) fn stems(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The words that another text does not have.
    pub(crate) fn without(&self, other: &Self) -> Self {
        let kept = self.0.iter().filter(|(stem, _)| !other.0.contains_key(*stem));
        Self(kept.map(|(stem, weight)| (stem.clone(), *weight)).collect())
    }

    /// The share of these words, by weight, that another text has, 0 to 1.
    pub(crate) fn shared(&self, other: &Self) -> f64 {
        let all: f64 = self.0.values().sum();
        let found = self.0.iter().filter(|(stem, _)| other.0.contains_key(*stem));
        let found: f64 = found.map(|(_, weight)| weight).sum();
        if all > 0.0 { found / all } else { 0.0 }
    }
}

fn stem(word: &str) -> String {
    let ending = ENDINGS
        .iter()
        .find(|ending| word.strip_suffix(**ending).is_some_and(|stem| stem.len() >= STAY));
    let stem = ending.and_then(|ending| word.strip_suffix(ending)).unwrap_or(word);
    stem[..stem.len().min(STEM)].to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn stems(words: &Words) -> BTreeSet<&str> {
        words.stems().collect()
    }

    fn words(text: &str) -> Words {
        Words::of(text, |word| if word.starts_with('l') { 3.0 } else { 1.0 })
    }

    #[test]
    fn forms_of_a_word_are_one_and_function_words_none() {
        assert_eq!(stems(&words("The locks, locked: locking!")), BTreeSet::from(["lock"]));
        assert_eq!(stems(&words("C++ and C#")), BTreeSet::from(["c#", "c++"]));
        assert_eq!(stems(&words("is as us")), BTreeSet::new());
    }

    #[test]
    fn the_share_goes_by_weight() {
        let point = words("a lock guards");
        assert!((point.shared(&words("locks everywhere")) - 0.75).abs() < 1e-9);
        assert!((point.shared(&words("nothing at all"))).abs() < 1e-9);
        assert!(words("").shared(&point).abs() < 1e-9);
        assert_eq!(stems(&point.without(&words("locks"))), BTreeSet::from(["guard"]));
    }
}
