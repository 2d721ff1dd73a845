//! What a job advert is about. It is long and mentions much in passing, so a word counts less here than in
//! a role: "performance bonus", "java coffee", "we left PHP in 2015".

use std::collections::HashSet;

use super::{
    role::{self, WordMeaning, has},
    subjects::{AMBIGUOUS, EVERYDAY},
    visible::visible,
    words::words,
};

/// What an advert names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Advert {
    /// The words of the bank that it means.
    pub(super) words: HashSet<String>,
    /// Languages that it names but the bank has nothing on.
    pub(super) lacking: Vec<&'static str>,
}

/// Words beside which "Rust" means the language: "we write Rust", "experience with Go".
const ABOUT_SOFTWARE: &str = "backend code codebase coding developer developers development engineer engineers \
    engineering entwickeln entwickler erfahrung experience experienced expertise framework kenntnisse knowledge \
    language languages microservices proficient program programmer programming programs script scripts services \
    skills software stack write writes writing written";

/// Words with which a clause says what is not wanted.
const NOT: &str = "no not without never kein keine keinen ohne non sans sin nicht neither nor";

impl Advert {
    /// Reads an advert. `names` are the words in the names of the bank's topics and roles.
    pub(super) fn of(text: &str, names: &HashSet<String>) -> Self {
        let text = visible(text);
        let mut read = Self::default();
        let mut once = HashSet::new();
        // A point inside a word does not end a sentence: ".NET", "Node.js".
        for sentence in text.split([';', '!', '?', '\n', '。']).flat_map(|part| part.split(". ")) {
            let clauses = sentence.split([',', ':', '(', ')', '、', '，']);
            let wanted: Vec<String> = clauses.flat_map(wanted).collect();
            let is_about_software = wanted.iter().any(|word| says_software(word, names));
            for word in &wanted {
                if has(AMBIGUOUS, word) && !is_about_software {
                    continue;
                }
                read.lacking.extend(role::lacking(word, names));
                for meaning in subject(word, names) {
                    // Everyday words count only if they are repeated, or beside another word with the same
                    // meaning.
                    if !has(EVERYDAY, word) || !once.insert(meaning.clone()) {
                        read.words.insert(meaning);
                    }
                }
            }
        }
        read.lacking.sort_unstable();
        read.lacking.dedup();
        read
    }
}

/// The words of a clause; none if it says what is not wanted.
fn wanted(clause: &str) -> Vec<String> {
    let all = words(clause);
    if all.iter().any(|word| has(NOT, word)) { Vec::new() } else { named(clause, all) }
}

/// The words of a clause that may name something. "go" and "c" occur in any text; as names they have a
/// capital letter, and are not at the beginning.
fn named(clause: &str, all: Vec<String>) -> Vec<String> {
    let is_capital = |name: &str| {
        let mut apart = clause.split(|c: char| !c.is_alphanumeric() && c != '+' && c != '#');
        let name = |word: &str| word.to_lowercase() == name && word.starts_with(char::is_uppercase);
        let begins = apart.find(|word| !word.is_empty()).is_some_and(name);
        let again = apart.any(name);
        again || (begins && all.len() == 1)
    };
    let may_name = |word: &String| match word.chars().count() {
        1..=3 => word.contains(['+', '#']) || !word.is_ascii() || is_capital(word),
        _ => true,
    };
    let kept: Vec<bool> = all.iter().map(may_name).collect();
    all.into_iter().zip(kept).filter_map(|(word, kept)| kept.then_some(word)).collect()
}

/// Whether a word is about software, in any context.
fn says_software(word: &str, names: &HashSet<String>) -> bool {
    let is_certain = matches!(role::known(word, names), Some(WordMeaning::Subject(_, true)));
    is_certain || has(ABOUT_SOFTWARE, word)
}

/// The words of the bank that a word means.
fn subject(word: &str, names: &HashSet<String>) -> Vec<String> {
    let known = match role::known(word, names) {
        None if !word.is_ascii() => role::foreign(word, names),
        known => known.into_iter().collect(),
    };
    known
        .into_iter()
        .filter(|word| matches!(word, WordMeaning::Subject(..)))
        .flat_map(WordMeaning::meaning)
        .collect()
}
