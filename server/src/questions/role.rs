//! What a role in free text is about. Words that are known stand for topics and roles of the bank; a role
//! that the bank cannot serve is told from one that it can, so that nobody gets questions on databases who
//! wrote "registered nurse".

use std::collections::HashSet;

use strsim::osa_distance;
use unicode_normalization::UnicodeNormalization as _;

use super::{
    subjects::{AMBIGUOUS, EVERYDAY, MEANINGS, VAGUE},
    titles::{FIELDS, FOREIGN, HEADS, LINKS, NEUTRAL, SOFTWARE},
};

/// A word of fewer letters may be anything with another letter in it.
const LEAST_TO_CORRECT: usize = 5;

/// A word of so many letters may have two wrong ones.
const LEAST_FOR_TWO: usize = 8;

/// A word of so many letters may be the beginning of a longer one.
const LEAST_TO_BEGIN: usize = 6;

/// Parts of a compound have at least so many letters.
const LEAST_PART: usize = 3;

/// A role as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    /// Words of the bank that it stands for, and its own.
    pub(super) words: HashSet<String>,
    /// How far it was understood.
    pub(super) kind: Kind,
}

/// How far a role was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It names a subject.
    Known,
    /// It is about software, and says no more.
    Software,
    /// The bank has nothing for it.
    Unknown,
}

/// What one word says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    /// A subject, as words of the bank, and whether nothing else is called so.
    Subject(Vec<String>, bool),
    /// A profession that builds software, or may.
    Head,
    /// Software as such.
    Software,
    /// A subject only where something else is about software: "tester", "server".
    Vague(Vec<String>),
    /// A field of engineering without software: "civil".
    Field,
    /// Nothing: a level, a preposition.
    Neutral,
    /// Something that nobody knows here.
    Unknown(String),
}

impl Role {
    /// Understands a role. `names` are the words in the names of the bank's topics and roles.
    pub(super) fn of(text: &str, names: &HashSet<String>) -> Self {
        let said: Vec<Word> = words(text).iter().flat_map(|word| understood(word, names)).collect();
        let has = |kind: fn(&Word) -> bool| said.iter().any(kind);
        let has_head = has(|word| matches!(word, Word::Head | Word::Software));
        let has_subject = has(|word| matches!(word, Word::Subject(..)));
        let is_certain = has(|word| matches!(word, Word::Subject(_, true)));
        let has_field = has(|word| matches!(word, Word::Field));
        let all_known = !has(|word| matches!(word, Word::Unknown(_)));
        let is_software = has(|word| matches!(word, Word::Software));
        let kind = match () {
            () if has_field && !is_software => Kind::Unknown,
            () if is_certain || (has_subject && (has_head || all_known)) => Kind::Known,
            () if has_head && has(|word| matches!(word, Word::Vague(_))) => Kind::Known,
            () if has_head && all_known => Kind::Software,
            // "Software engineer, payments": its subject is none of the bank's.
            () if is_software => Kind::Software,
            () => Kind::Unknown,
        };
        let words = match kind {
            Kind::Unknown | Kind::Software => HashSet::new(),
            Kind::Known => said.into_iter().flat_map(Word::meaning).collect(),
        };
        Self { words, kind }
    }
}

impl Word {
    fn meaning(self) -> Vec<String> {
        match self {
            Self::Subject(words, _) | Self::Vague(words) => words,
            _ => Vec::new(),
        }
    }
}

/// What a word of a role says; a compound says several things.
fn understood(word: &str, names: &HashSet<String>) -> Vec<Word> {
    if let Some(known) = known(word, names) {
        return vec![known];
    }
    let foreign: Vec<Word> = FOREIGN
        .iter()
        .filter(|(part, _)| word.contains(part))
        .filter_map(|(_, english)| known(english, names))
        .collect();
    if !foreign.is_empty() {
        return foreign;
    }
    compound(word, names)
        .or_else(|| beginning(word, names).map(|word| vec![word]))
        .or_else(|| corrected(word, names).map(|word| vec![word]))
        .unwrap_or_else(|| vec![Word::Unknown(word.to_owned())])
}

fn known(word: &str, names: &HashSet<String>) -> Option<Word> {
    let owned = |text: &str| text.split(' ').map(ToOwned::to_owned).collect::<Vec<_>>();
    if let Some((_, meant)) = MEANINGS.iter().find(|(said, _)| *said == word) {
        let mut words = owned(meant);
        words.push(word.to_owned());
        let is_certain = !EVERYDAY.contains(&word) && !AMBIGUOUS.contains(&word);
        return Some(Word::Subject(words, is_certain));
    }
    if let Some((_, meant)) = VAGUE.iter().find(|(said, _)| *said == word) {
        return Some(Word::Vague(owned(meant)));
    }
    if HEADS.contains(&word) {
        return Some(Word::Head);
    }
    if SOFTWARE.contains(&word) {
        return Some(Word::Software);
    }
    if FIELDS.contains(&word) {
        return Some(Word::Field);
    }
    if NEUTRAL.contains(&word) {
        return Some(Word::Neutral);
    }
    names.contains(word).then(|| Word::Subject(vec![word.to_owned()], false))
}

/// Two or three known words written as one, as in German, Dutch or Swedish.
fn compound(word: &str, names: &HashSet<String>) -> Option<Vec<Word>> {
    let ends = word.char_indices().map(|(at, _)| at).skip(LEAST_PART);
    for at in ends.filter(|at| word.len() - at >= LEAST_PART) {
        let (first, rest) = word.split_at(at);
        let Some(first) = known(first, names).filter(|word| *word != Word::Neutral) else {
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
fn beginning(word: &str, names: &HashSet<String>) -> Option<Word> {
    let length = |text: &str| text.chars().count();
    let begins = |(said, _): &&(&str, &str)| {
        length(said) >= LEAST_TO_BEGIN && length(word) > length(said) + 3 && word.starts_with(said)
    };
    known(MEANINGS.iter().find(begins)?.0, names)
}

/// The known word that is nearest, with the same first letter and a letter or two wrong.
fn corrected(word: &str, names: &HashSet<String>) -> Option<Word> {
    let letters = word.chars().count();
    let most = match letters {
        0..LEAST_TO_CORRECT => return None,
        LEAST_TO_CORRECT..LEAST_FOR_TWO => 1,
        _ => 2,
    };
    let all = MEANINGS.iter().chain(VAGUE.iter()).map(|(said, _)| *said);
    let all = all.chain(HEADS).chain(SOFTWARE).chain(names.iter().map(String::as_str));
    let near = all
        .filter(|known| {
            known.chars().count() >= LEAST_TO_CORRECT && known.chars().next() == word.chars().next()
        })
        .map(|known| (osa_distance(known, word), known))
        .filter(|(distance, _)| *distance <= most)
        .min()?;
    known(near.1, names)
}

/// Words in lower case without accents; `front-end` as `frontend` and so on.
pub(super) fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .nfkd()
        // The accents of Latin letters; in other scripts marks make other letters.
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .nfc()
        .collect::<String>()
        .to_lowercase();
    let joined = [
        "front end",
        "back end",
        "full stack",
        "dev ops",
        "on call",
        "on-call",
        "front-end",
        "back-end",
        "full-stack",
        "dev-ops",
    ]
    .iter()
    .fold(plain.replace(".net", " dotnet"), |text, apart| {
        text.replace(apart, &apart.replace([' ', '-'], ""))
    });
    joined
        .split(|c: char| !c.is_alphanumeric() && c != '+' && c != '#')
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

/// Words of the bank that a job advert stands for. It is long and names much in passing: what everybody
/// writes ("performance bonus", "job security") counts only if it is said again, or beside another word for
/// the same; a word of three letters or fewer not at all, for "go" and "c" are found in any text.
pub(super) fn of_advert(advert: &str, names: &HashSet<String>) -> HashSet<String> {
    let (mut once, mut certain) = (HashSet::new(), HashSet::new());
    for word in words(&without_markup(advert)).into_iter().filter(|word| word.chars().count() > 3) {
        let Some(Word::Subject(meant, _)) = known(&word, names) else { continue };
        for meaning in meant {
            if !EVERYDAY.contains(&word.as_str()) || !once.insert(meaning.clone()) {
                certain.insert(meaning);
            }
        }
    }
    certain
}

/// A text without what stands between angle brackets.
fn without_markup(text: &str) -> String {
    let mut inside = false;
    let kept = text.chars().filter_map(|c| match c {
        '<' => {
            inside = true;
            Some(' ')
        }
        '>' => {
            inside = false;
            Some(' ')
        }
        c => (!inside).then_some(c),
    });
    kept.collect()
}
