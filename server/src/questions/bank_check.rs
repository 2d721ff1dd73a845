//! Reads bank files strictly: all faults are reported together, each with its file, entry and
//! field.

use std::{collections::HashMap, fmt, ops::RangeInclusive};

use super::{
    bank::{Bank, BankQuestion, QuestionEntry, Topic, TopicFile},
    texts,
};
use crate::domain::interview::{Level, parse_role};

/// Words of a reference answer: enough to answer, few enough to be said.
pub(super) const REFERENCE_WORDS: RangeInclusive<usize> = 60..=180;
/// Words of a key point: a whole sentence that says one thing.
pub(super) const POINT_WORDS: RangeInclusive<usize> = 8..=20;
/// Key points of a question.
pub(super) const POINTS: RangeInclusive<usize> = 2..=8;
/// The most characters of a question.
const MOST_QUESTION_CHARS: usize = 4000;
/// The most characters of a topic's name, which is the limit for topics of an interview.
const MOST_NAME_CHARS: usize = 50;

/// A fault in a bank file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankFault {
    /// The file's name.
    pub file: String,
    /// The question's id or number; empty for the file as a whole.
    pub entry: String,
    /// The field; empty if the entry cannot be read at all.
    pub field: String,
    /// What is wrong and what is right.
    pub problem: String,
}

impl fmt::Display for BankFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = [&self.file, &self.entry, &self.field];
        let place: Vec<_> = place.into_iter().filter(|part| !part.is_empty()).cloned().collect();
        if place.is_empty() {
            return f.write_str(&self.problem);
        }
        write!(f, "{}: {}", place.join(": "), self.problem)
    }
}

/// The contents of bank files, with their faults.
#[derive(Debug, Default)]
pub(super) struct BankContents {
    /// Topics with their sound questions.
    pub(super) topics: Vec<Topic>,
    /// The same from files that add to a built-in topic.
    pub(super) extensions: Vec<Topic>,
    /// Everything that is wrong.
    pub(super) faults: Vec<BankFault>,
    /// Everything that is still to be written; what contains it is left out.
    pub(super) unfinished: Vec<BankFault>,
}

/// Reads files, each a name and its text, as one bank by itself.
pub(crate) fn parse(files: &[(&str, &str)]) -> Result<Bank, Vec<BankFault>> {
    let BankContents { mut topics, extensions, mut faults, unfinished } = read(files);
    for topic in &extensions {
        faults.push(BankFault::of_file(topic, "extends", "there is no other bank to extend"));
    }
    faults.extend(unfinished);
    topics.sort_by(|a, b| a.name.cmp(&b.name));
    if faults.is_empty() { Ok(Bank { topics }) } else { Err(faults) }
}

/// Reads files, each a name and its text.
pub(super) fn read(files: &[(&str, &str)]) -> BankContents {
    let mut faults = BankFaults::default();
    let mut contents = BankContents::default();
    for (name, text) in files {
        match parse_file(name, text, &mut faults) {
            Some((topic, true)) => contents.extensions.push(topic),
            Some((topic, false)) => contents.topics.push(topic),
            None => {}
        }
    }
    check_unique_ids(contents.topics.iter().chain(&contents.extensions), &mut faults);
    if files.is_empty() {
        faults.file.clear();
        faults.add("", "", "there is no bank file (TOPIC.toml) here");
    }
    BankContents { faults: faults.found, unfinished: faults.unfinished, ..contents }
}

impl BankFault {
    /// A fault in a topic's file as a whole.
    pub(super) fn of_file(topic: &Topic, field: &str, problem: impl Into<String>) -> Self {
        Self {
            file: format!("{}.toml", topic.name),
            entry: String::new(),
            field: field.to_owned(),
            problem: problem.into(),
        }
    }
}

/// The faults found so far, and the file that is being read.
#[derive(Default)]
struct BankFaults {
    file: String,
    found: Vec<BankFault>,
    unfinished: Vec<BankFault>,
}

impl BankFaults {
    fn add(&mut self, entry: &str, field: &str, problem: impl Into<String>) {
        let fault = self.fault(entry, field, problem);
        self.found.push(fault);
    }

    fn fault(&self, entry: &str, field: &str, problem: impl Into<String>) -> BankFault {
        BankFault {
            file: self.file.clone(),
            entry: entry.to_owned(),
            field: field.to_owned(),
            problem: problem.into(),
        }
    }

    /// Records the placeholders in a value; returns whether there are any. Text that cannot be
    /// stored is a fault.
    fn has_placeholder(&mut self, entry: &str, value: &toml::Value) -> bool {
        let found = texts::look_through(value);
        for field in found.not_storable {
            self.add(entry, &field, "must not have the character U+0000");
        }
        for field in &found.placeholders {
            let fault = self.fault(entry, field, texts::PLACEHOLDER_PROBLEM);
            self.unfinished.push(fault);
        }
        !found.placeholders.is_empty()
    }

    fn check(&mut self, right: bool, entry: &str, field: &str, problem: impl Into<String>) {
        if !right {
            self.add(entry, field, problem);
        }
    }
}

/// A file's topic, and whether its questions belong to the built-in topic with that name; `None` if
/// the file cannot be read or its head is unfinished.
fn parse_file(name: &str, text: &str, faults: &mut BankFaults) -> Option<(Topic, bool)> {
    name.clone_into(&mut faults.file);
    let file: TopicFile = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            faults.add("", "", error.to_string().trim_end());
            return None;
        }
    };
    let is_unfinished = faults.has_placeholder("", &head(&file));
    if !is_unfinished {
        check_head(name, &file, faults);
    }
    let entries = file.question.into_iter().zip(1..);
    let questions = entries.filter_map(|(value, at)| parse_question(value, at, faults)).collect();
    let topic = Topic { name: file.topic, title: file.title, roles: file.roles, questions };
    (!is_unfinished).then_some((topic, file.extends))
}

/// The part of a file above its questions.
fn head(file: &TopicFile) -> toml::Value {
    let mut head = toml::Table::new();
    head.insert("topic".to_owned(), file.topic.clone().into());
    head.insert("title".to_owned(), file.title.clone().into());
    head.insert("roles".to_owned(), file.roles.clone().into());
    head.into()
}

fn check_head(name: &str, file: &TopicFile, faults: &mut BankFaults) {
    let right_name = name.strip_suffix(".toml") == Some(&file.topic);
    faults.check(right_name, "", "topic", format!("must be the file's name, not {:?}", file.topic));
    faults.check(is_kebab(&file.topic), "", "topic", "must be kebab-case");
    let (chars, most) = (file.topic.chars().count(), MOST_NAME_CHARS);
    faults.check(chars <= most, "", "topic", format!("must have at most {most} characters"));
    let (has_title, has_roles) = (!file.title.trim().is_empty(), !file.roles.is_empty());
    if file.extends {
        let problem = "must be left out with extends = true: the topic already has a title";
        faults.check(!has_title, "", "title", problem);
    } else {
        faults.check(has_title, "", "title", "must not be empty");
        faults.check(has_roles, "", "roles", "must name at least one role");
    }
    let is_role = |role: &String| parse_role(role).is_ok_and(|parsed| parsed == *role);
    let problem = "each must be 1 to 100 characters on one line";
    faults.check(file.roles.iter().all(is_role), "", "roles", problem);
    faults.check(!file.question.is_empty(), "", "question", "must have at least one entry");
}

/// A question; `None` if it cannot be read or is unfinished.
fn parse_question(value: toml::Value, at: usize, faults: &mut BankFaults) -> Option<BankQuestion> {
    let id = value.get("id").and_then(toml::Value::as_str).map(ToOwned::to_owned);
    let is_id = |id: &String| !texts::is_placeholder(id);
    let name = id.filter(is_id).unwrap_or_else(|| format!("question {at}"));
    // A placeholder is reported only as such, not also as too short.
    let is_unfinished = faults.has_placeholder(&name, &value);
    let entry: QuestionEntry = match value.try_into() {
        Ok(entry) => entry,
        Err(error) => {
            faults.add(&name, "", error.message());
            return None;
        }
    };
    if is_unfinished {
        return None;
    }
    check_entry(&name, &entry, faults);
    let Some(level) = Level::from_word(&entry.level) else {
        faults.add(&name, "level", "must be junior, mid, senior or staff");
        return None;
    };
    Some(entry.into_question(level))
}

fn check_entry(name: &str, entry: &QuestionEntry, faults: &mut BankFaults) {
    faults.check(is_kebab(&entry.id), name, "id", "must be kebab-case");
    faults.check(!entry.question.trim().is_empty(), name, "question", "must not be empty");
    let (chars, most) = (entry.question.chars().count(), MOST_QUESTION_CHARS);
    faults.check(chars <= most, name, "question", format!("must have at most {most} characters"));
    let (words, limits) = (count_words(&entry.reference), REFERENCE_WORDS);
    faults.check(limits.contains(&words), name, "reference", wants(&limits, "words", words));
    let (points, limits) = (entry.key_points.len(), POINTS);
    faults.check(limits.contains(&points), name, "key_points", wants(&limits, "entries", points));
    for (mistake, at) in entry.mistakes.iter().zip(1..) {
        let is_said = !mistake.claim.trim().is_empty() && !mistake.why_wrong.trim().is_empty();
        let field = format!("mistakes {at}");
        faults.check(is_said, name, &field, "claim and why_wrong must not be empty");
    }
    for (point, at) in entry.key_points.iter().zip(1..) {
        let field = format!("key_points {at}");
        let (words, limits) = (count_words(&point.point), POINT_WORDS);
        faults.check(limits.contains(&words), name, &field, wants(&limits, "words", words));
        let weight = point.weight;
        let weighs = weight.is_finite() && weight > 0.0;
        faults.check(weighs, name, &field, format!("weight must be above 0, not {weight}"));
        let is_empty = |texts: &[String]| texts.iter().any(|text| text.trim().is_empty());
        faults.check(!is_empty(&point.phrasings), name, &field, "a phrasing must not be empty");
        faults.check(!is_empty(&point.prompts), name, &field, "a prompt must not be empty");
        let id = point.id.as_deref();
        faults.check(id.is_none_or(is_kebab), name, &field, "id must be kebab-case");
        let is_first =
            |id| !entry.key_points.iter().take(at - 1).any(|other| other.id.as_deref() == Some(id));
        faults.check(id.is_none_or(is_first), name, &field, "its id is already another point's");
    }
}

pub(super) fn wants(limits: &RangeInclusive<usize>, unit: &str, found: usize) -> String {
    format!("must have {} to {} {unit}, not {found}", limits.start(), limits.end())
}

fn check_unique_ids<'a>(topics: impl Iterator<Item = &'a Topic>, faults: &mut BankFaults) {
    let mut first: HashMap<&str, &str> = HashMap::new();
    for topic in topics {
        faults.file = format!("{}.toml", topic.name);
        for question in &topic.questions {
            if let Some(other) = first.insert(&question.id, &topic.name) {
                faults.add(&question.id, "id", format!("is also in {other}.toml"));
            }
        }
    }
}

pub(super) fn count_words(text: &str) -> usize {
    text.split_whitespace().count()
}

pub(super) fn is_kebab(text: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    text.split('-').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(question: &str) -> String {
        format!("topic = \"locks\"\ntitle = \"Locks\"\nroles = [\"Backend engineer\"]\n{question}")
    }

    fn question(id: &str, level: &str, reference_words: usize, weight: &str) -> String {
        let reference = "word ".repeat(reference_words);
        let point = format!(
            "[[question.key_points]]\npoint = \"A lock lets one thread in at a time.\"\nweight = {weight}\n"
        );
        format!(
            "[[question]]\nid = \"{id}\"\nlevel = \"{level}\"\nquestion = \"What is a lock?\"\n\
             reference = \"{reference}\"\n{point}{point}"
        )
    }

    fn faults(files: &[(&str, &str)]) -> Vec<String> {
        parse(files).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_sound_file_is_read_completely() {
        let text = file(&question("locks-what", "mid", 60, "3"));
        let bank = parse(&[("locks.toml", &text)]).unwrap();
        assert_eq!(bank.topics[0].questions[0].id, "locks-what");
        assert_eq!(bank.roles(), ["Backend engineer"]);
    }

    #[test]
    fn all_faults_are_reported_together_with_file_entry_and_field() {
        let text = file(&question("Locks What", "boss", 59, "0"));
        assert_eq!(
            faults(&[("locks.toml", &text)]),
            [
                "locks.toml: Locks What: id: must be kebab-case",
                "locks.toml: Locks What: reference: must have 60 to 180 words, not 59",
                "locks.toml: Locks What: key_points 1: weight must be above 0, not 0",
                "locks.toml: Locks What: key_points 2: weight must be above 0, not 0",
                "locks.toml: Locks What: level: must be junior, mid, senior or staff",
            ]
        );
    }

    #[test]
    fn a_missing_field_and_an_unknown_one_are_named() {
        let missing = file("[[question]]\nid = \"locks-what\"\n");
        assert!(faults(&[("locks.toml", &missing)])[0].contains("missing field `level`"));
        let unknown = file(&question("locks-what", "mid", 60, "3").replace("level", "levle"));
        assert!(faults(&[("locks.toml", &unknown)])[0].contains("unknown field `levle`"));
    }

    #[test]
    fn two_points_of_a_question_may_not_have_the_same_id() {
        let text = file(&question("locks-what", "mid", 60, "3\nid = \"one\""));
        assert_eq!(
            faults(&[("locks.toml", &text)]),
            ["locks.toml: locks-what: key_points 2: its id is already another point's"]
        );
    }

    #[test]
    fn an_id_that_is_used_twice_is_a_fault() {
        let text = file(&question("locks-what", "mid", 60, "3"));
        let other = text.replace("\"locks\"", "\"mutexes\"");
        let found = faults(&[("locks.toml", &text), ("mutexes.toml", &other)]);
        assert_eq!(found, ["mutexes.toml: locks-what: id: is also in locks.toml"]);
    }
}
