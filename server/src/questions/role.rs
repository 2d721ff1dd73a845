//! What a role in free text is about. Known words mean topics and roles of the bank. A role that the bank
//! cannot serve is told from one that it can, so that "registered nurse" does not get questions about
//! databases.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use strsim::osa_distance;

use super::{
    levels,
    subjects::{ALONE, AMBIGUOUS, EVERYDAY, LACKING, MEANINGS, VAGUE},
    titles::{FIELDS, FOREIGN, HEADS, LINKS, NEUTRAL, SOFTWARE},
    words::words,
};
use crate::domain::interview::Level;

/// The fewest letters of a word that is corrected: a shorter one with another letter may be anything.
const LEAST_TO_CORRECT: usize = 5;

/// The fewest letters of a word in which two may be wrong.
const LEAST_FOR_TWO: usize = 8;

/// The fewest letters of a word that may be the beginning of a longer one.
const LEAST_TO_BEGIN: usize = 6;

/// The fewest letters of a part of a compound.
const LEAST_PART: usize = 3;

/// A role as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    /// The words of the bank that it means, and its own.
    pub(super) words: HashSet<String>,
    /// How far it was understood.
    pub(super) kind: RoleKind,
    /// The level that it names, if any.
    pub(super) level: Option<Level>,
    /// Languages that it names but the bank has nothing on.
    pub(super) lacking: Vec<&'static str>,
}

/// How far a role was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RoleKind {
    /// It names a subject.
    Known,
    /// It is about software, without a subject.
    Software,
    /// The bank has nothing for it.
    Unknown,
}

/// What one word means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WordMeaning {
    /// A subject, as words of the bank, and whether the word means nothing else.
    Subject(Vec<String>, bool),
    /// A profession that builds software, or may build it.
    Head,
    /// Software as such.
    Software,
    /// A subject only if another word is about software: "tester".
    Vague(Vec<String>),
    /// A subject only if no other word is one: "analyst".
    Alone(Vec<String>),
    /// A field of engineering without software: "civil".
    Field,
    /// Nothing about the subject: a level, a preposition.
    Neutral,
    /// An unknown word.
    Unknown,
}

impl Role {
    /// Understands a role. `names` are the words in the names of the bank's topics and roles.
    pub(super) fn of(text: &str, names: &HashSet<String>) -> Self {
        let text = words(text);
        let said: Vec<WordMeaning> = text.iter().flat_map(|word| understood(word, names)).collect();
        let level = level(&text);
        let kind = kind(&said, level.is_some());
        if kind == RoleKind::Unknown {
            return Self { words: HashSet::new(), kind, level: None, lacking: Vec::new() };
        }
        let has_subject = said.iter().any(|word| matches!(word, WordMeaning::Subject(..)));
        let counts = |word: &WordMeaning| !has_subject || !matches!(word, WordMeaning::Alone(_));
        let meant = match kind {
            RoleKind::Known => {
                said.into_iter().filter(counts).flat_map(WordMeaning::meaning).collect()
            }
            _ => HashSet::new(),
        };
        let mut lacking: Vec<_> = text.iter().filter_map(|word| lacking(word, names)).collect();
        lacking.sort_unstable();
        lacking.dedup();
        Self { words: meant, kind, level, lacking }
    }
}

impl WordMeaning {
    /// The words of the bank that it means.
    pub(super) fn meaning(self) -> Vec<String> {
        match self {
            Self::Subject(words, _) | Self::Vague(words) | Self::Alone(words) => words,
            _ => Vec::new(),
        }
    }
}

/// How far a role with these words was understood.
fn kind(said: &[WordMeaning], has_level: bool) -> RoleKind {
    let has = |kind: fn(&WordMeaning) -> bool| said.iter().any(kind);
    let is_software = has(|word| matches!(word, WordMeaning::Software));
    let has_head = has(|word| matches!(word, WordMeaning::Head));
    let has_subject = has(|word| matches!(word, WordMeaning::Subject(..)));
    let is_certain = has(|word| matches!(word, WordMeaning::Subject(_, true)));
    let is_vague = has(|word| matches!(word, WordMeaning::Vague(_) | WordMeaning::Alone(_)));
    let has_field = has(|word| matches!(word, WordMeaning::Field));
    let all_known = !has(|word| matches!(word, WordMeaning::Unknown));
    let all_neutral = !has(|word| *word != WordMeaning::Neutral);
    let is_about_software = is_software || has_head;
    match () {
        () if has_field && !(has_head && (is_software || is_certain)) => RoleKind::Unknown,
        () if is_certain || (has_subject && (is_about_software || all_known)) => RoleKind::Known,
        () if is_about_software && is_vague => RoleKind::Known,
        () if is_about_software && all_known => RoleKind::Software,
        // "Software engineer, insurance": its subject is not in the bank. "Software journalist" is neither.
        () if is_software && has_head => RoleKind::Software,
        // A level and no profession: "intern".
        () if all_neutral && has_level => RoleKind::Software,
        () => RoleKind::Unknown,
    }
}

/// The level that the words of a role name. A number is a level only after a profession: "SDE 2".
fn level(text: &[String]) -> Option<Level> {
    let words =
        text.iter().filter_map(|word| levels::of_word(word).or_else(|| levels::of_parts(word)));
    let numbers = text.windows(2).filter_map(|pair| {
        let is_counted = [HEADS, SOFTWARE, "sdet sre"].iter().any(|list| has(list, &pair[0]));
        let at = pair[1].parse::<usize>().ok().filter(|_| is_counted)?;
        Level::ALL.get(at.checked_sub(1)?).map(|level| levels::LevelWord::Level(*level))
    });
    levels::of_all(words.chain(numbers))
}

/// The language that a word names, if the bank has nothing on it.
pub(super) fn lacking(word: &str, names: &HashSet<String>) -> Option<&'static str> {
    let named = LACKING.iter().find(|(said, _)| *said == word).map(|(_, name)| *name)?;
    (!names.contains(word)).then_some(named)
}

/// What a word of a role means; a compound means several things.
fn understood(word: &str, names: &HashSet<String>) -> Vec<WordMeaning> {
    if let Some(known) = known(word, names) {
        return vec![known];
    }
    let foreign = foreign(word, names);
    if !foreign.is_empty() {
        return foreign;
    }
    // A level in a script without spaces, or inflected.
    if !word.is_ascii() && levels::of_parts(word).is_some() {
        return vec![WordMeaning::Neutral];
    }
    compound(word, names)
        .or_else(|| beginning(word, names).map(|word| vec![word]))
        .or_else(|| corrected(word, names).map(|word| vec![word]))
        .unwrap_or_else(|| vec![WordMeaning::Unknown])
}

/// What the parts of a word in another script mean; of a part within a longer one, only the longer counts.
pub(super) fn foreign(word: &str, names: &HashSet<String>) -> Vec<WordMeaning> {
    let found: Vec<_> = FOREIGN.iter().filter(|(part, _)| word.contains(part)).collect();
    let is_within =
        |part: &str| found.iter().any(|(other, _)| *other != part && other.contains(part));
    let longest = found.iter().filter(|(part, _)| !is_within(part));
    longest.filter_map(|(_, english)| known(english, names)).collect()
}

/// What a word means as it is written.
pub(super) fn known(word: &str, names: &HashSet<String>) -> Option<WordMeaning> {
    if let Some(known) = DICTIONARY.get(word) {
        return Some(known.clone());
    }
    match () {
        () if says_nothing(word) => Some(WordMeaning::Neutral),
        () if names.contains(word) => Some(WordMeaning::Subject(vec![word.to_owned()], false)),
        () if lacking(word, names).is_some() => {
            Some(if has(AMBIGUOUS, word) { WordMeaning::Neutral } else { WordMeaning::Software })
        }
        () => None,
    }
}

/// The words of all tables with their meanings. If a word is in several tables, the first counts.
static DICTIONARY: LazyLock<HashMap<&'static str, WordMeaning>> = LazyLock::new(|| {
    let owned = |text: &str| text.split(' ').map(ToOwned::to_owned).collect::<Vec<_>>();
    let mut all: HashMap<&'static str, WordMeaning> = HashMap::new();
    for (word, meant) in MEANINGS {
        let mut words = owned(meant);
        if !words.iter().any(|one| one == word) {
            words.push((*word).to_owned());
        }
        let is_certain = !has(EVERYDAY, word) && !has(AMBIGUOUS, word);
        all.entry(word).or_insert(WordMeaning::Subject(words, is_certain));
    }
    for (word, meant) in VAGUE {
        all.entry(word).or_insert_with(|| WordMeaning::Vague(owned(meant)));
    }
    for (word, meant) in ALONE {
        all.entry(word).or_insert_with(|| WordMeaning::Alone(owned(meant)));
    }
    let lists = [
        (HEADS, WordMeaning::Head),
        (SOFTWARE, WordMeaning::Software),
        (FIELDS, WordMeaning::Field),
        (NEUTRAL, WordMeaning::Neutral),
    ];
    for (list, says) in lists {
        for word in list.split_whitespace() {
            all.entry(word).or_insert_with(|| says.clone());
        }
    }
    all
});

/// Whether a word says nothing about the subject: a level, a preposition, a number, a letter.
fn says_nothing(word: &str) -> bool {
    let is_short = word.len() <= 4 && word.contains(|c: char| c.is_ascii_digit());
    let is_letter = word.len() == 1 && !["c", "r"].contains(&word);
    levels::of_word(word).is_some() || is_short || is_letter
}

/// Whether a list of words has this one.
pub(super) fn has(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

/// Two or three known words written as one, as in German, Dutch or Swedish.
fn compound(word: &str, names: &HashSet<String>) -> Option<Vec<WordMeaning>> {
    let ends = word.char_indices().map(|(at, _)| at).skip(LEAST_PART);
    for at in ends.filter(|at| word.len() - at >= LEAST_PART) {
        let (first, rest) = word.split_at(at);
        let says = |known: &WordMeaning| {
            *known != WordMeaning::Neutral || levels::of_word(first).is_some()
        };
        let Some(first) = known(first, names).filter(says) else {
            continue;
        };
        for link in LINKS {
            let Some(rest) = rest.strip_prefix(link) else { continue };
            let rest = known(rest, names).map(|word| vec![word]).or_else(|| compound(rest, names));
            if let Some(rest) = rest {
                return Some([vec![first], rest].concat());
            }
        }
    }
    None
}

/// The subject with which a long word begins: "Sicherheitsbeauftragter".
fn beginning(word: &str, names: &HashSet<String>) -> Option<WordMeaning> {
    let length = |text: &str| text.chars().count();
    let begins = |(said, _): &&(&str, &str)| {
        length(said) >= LEAST_TO_BEGIN && length(word) > length(said) + 3 && word.starts_with(said)
    };
    known(MEANINGS.iter().find(begins)?.0, names)
}

/// The nearest known word: with a letter typed twice, or with the same first letter and one or two wrong
/// ones. A corrected word is never certain.
fn corrected(word: &str, names: &HashSet<String>) -> Option<WordMeaning> {
    let mut once: Vec<char> = word.chars().collect();
    once.dedup();
    let once: String = once.into_iter().collect();
    let known = |word: &str| known(word, names).map(WordMeaning::doubted);
    if once != word
        && let Some(known) = known(&once)
    {
        return Some(known);
    }
    let letters = word.chars().count();
    let most = match letters {
        0..LEAST_TO_CORRECT => return None,
        LEAST_TO_CORRECT..LEAST_FOR_TWO => 1,
        _ => 2,
    };
    let all = MEANINGS.iter().chain(VAGUE).chain(ALONE).map(|(said, _)| *said);
    let all = all.chain(HEADS.split_whitespace()).chain(SOFTWARE.split_whitespace());
    let all = all.chain(names.iter().map(String::as_str));
    let near = all
        .filter(|known| {
            known.chars().count() >= LEAST_TO_CORRECT && known.chars().next() == word.chars().next()
        })
        .map(|known| (osa_distance(known, word), known))
        .filter(|(distance, _)| *distance <= most)
        .min()?;
    known(near.1)
}

impl WordMeaning {
    /// The same word, but as an uncertain subject.
    fn doubted(self) -> Self {
        match self {
            Self::Subject(words, _) => Self::Subject(words, false),
            word => word,
        }
    }
}
