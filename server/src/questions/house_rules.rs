//! Rules for Viva's own bank beyond the format: enough questions on every level, everything that
//! practice needs of each, and no two questions of a topic that ask for the same.

use std::{collections::BTreeSet, ops::RangeInclusive};

use super::bank::{Bank, BankQuestion, Topic};
use super::bank_check::BankFault;
use crate::domain::{interview::Level, question::KeyPoint};

/// The fewest questions of a topic, and of each of its levels.
const QUESTIONS: usize = 14;
const QUESTIONS_OF_A_LEVEL: usize = 3;
/// Key points of a question: usually up to six; five older questions have seven.
const POINTS: RangeInclusive<usize> = 3..=7;
/// The fewest for each key point.
const PHRASINGS: usize = 3;
const PROMPTS: usize = 2;
/// The fewest mistakes, and the number of hints, for each question.
const MISTAKES: usize = 2;
const HINTS: RangeInclusive<usize> = 1..=3;
/// From this share of common words on, two key points say the same; from this share of common key
/// points on, two questions ask for the same.
const SAME_POINT: f64 = 0.5;
const SAME_QUESTION: f64 = 0.5;
/// Words of at most this length are ignored: they are in every sentence.
const SHORT: usize = 3;

/// Everything that breaks a house rule, topic by topic.
pub fn house_faults(bank: &Bank) -> Vec<BankFault> {
    bank.topics.iter().flat_map(topic_faults).collect()
}

fn topic_faults(topic: &Topic) -> Vec<BankFault> {
    let fault = |entry: &str, field: &str, problem: String| BankFault {
        file: format!("{}.toml", topic.name),
        entry: entry.to_owned(),
        field: field.to_owned(),
        problem,
    };
    let mut found = Vec::new();
    let count = topic.questions.len();
    if count < QUESTIONS {
        found.push(fault("", "question", format!("must have {QUESTIONS} entries, not {count}")));
    }
    for level in Level::ALL {
        let count = topic.questions.iter().filter(|question| question.level == level).count();
        if count < QUESTIONS_OF_A_LEVEL {
            let wanted = format!("{QUESTIONS_OF_A_LEVEL} entries for {}", level.word());
            let problem = format!("must have {wanted}, not {count}");
            found.push(fault("", "question", problem));
        }
    }
    for question in &topic.questions {
        found.extend(
            lacks(question).into_iter().map(|(field, problem)| fault(&question.id, field, problem)),
        );
    }
    for (one, other) in pairs(&topic.questions) {
        if ask_for_the_same(one, other) {
            let problem = format!("half of its key points are those of {}", one.id);
            found.push(fault(&other.id, "key_points", problem));
        }
    }
    found
}

/// What a question lacks, by field.
fn lacks(question: &BankQuestion) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut ask = |is_right: bool, field, problem: String| {
        if !is_right {
            found.push((field, problem));
        }
    };
    let points = question.rubric.key_points.len();
    let (least, most) = (POINTS.start(), POINTS.end());
    ask(
        POINTS.contains(&points),
        "key_points",
        format!("must have {least} to {most} entries, not {points}"),
    );
    for (point, asked) in question.rubric.key_points.iter().zip(&question.prompts) {
        let of = &point.point;
        let says = |what: &str| format!("{what}: {of}");
        ask(asked.id.is_some(), "key_points", says("a point has no id"));
        ask(
            asked.prompts.len() >= PROMPTS,
            "key_points",
            says("a point has fewer than two prompts"),
        );
        let phrasings = point.phrasings.len() >= PHRASINGS;
        ask(phrasings, "key_points", says("a point has fewer than three phrasings"));
    }
    let mistakes = question.rubric.mistakes.len();
    ask(mistakes >= MISTAKES, "mistakes", format!("must have {MISTAKES} entries, not {mistakes}"));
    let hints = question.hints.len();
    ask(HINTS.contains(&hints), "hints", format!("must have one to three entries, not {hints}"));
    ask(question.follow_ups.is_some(), "follow_ups", "must be there".to_owned());
    found
}

fn pairs(questions: &[BankQuestion]) -> impl Iterator<Item = (&BankQuestion, &BankQuestion)> {
    questions
        .iter()
        .enumerate()
        .flat_map(|(at, one)| questions.iter().skip(at + 1).map(move |other| (one, other)))
}

fn ask_for_the_same(one: &BankQuestion, other: &BankQuestion) -> bool {
    let of = |question: &BankQuestion| -> Vec<BTreeSet<String>> {
        question.rubric.key_points.iter().map(words).collect()
    };
    let (one, other) = (of(one), of(other));
    shared(&one, &other) >= SAME_QUESTION || shared(&other, &one) >= SAME_QUESTION
}

/// The share of `these` points that are among `those`.
fn shared(these: &[BTreeSet<String>], those: &[BTreeSet<String>]) -> f64 {
    let is_there = |point: &&BTreeSet<String>| those.iter().any(|that| overlap(point, that));
    these.iter().filter(is_there).count() as f64 / these.len().max(1) as f64
}

fn overlap(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let both = one.intersection(other).count() as f64;
    both >= SAME_POINT * one.union(other).count().max(1) as f64
}

fn words(point: &KeyPoint) -> BTreeSet<String> {
    let words = point.point.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.len() > SHORT).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tell(bank: &Bank) -> Vec<String> {
        house_faults(bank).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_built_in_bank_keeps_every_house_rule() {
        let bank = Bank::built_in().unwrap();
        assert!(bank.questions().count() >= 450 && bank.topics.len() >= 32);
        assert_eq!(tell(&bank), Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_is_named_with_file_entry_and_field() {
        let mut bank = Bank::clone(&Bank::built_in().unwrap());
        bank.topics.truncate(1);
        let file = format!("{}.toml", bank.topics[0].name);
        let question = &mut bank.topics[0].questions[0];
        let (id, point) = (question.id.clone(), question.rubric.key_points[0].point.clone());
        question.prompts[0].id = None;
        question.rubric.mistakes.truncate(1);
        question.hints.clear();
        assert_eq!(
            tell(&bank),
            [
                format!("{file}: {id}: key_points: a point has no id: {point}"),
                format!("{file}: {id}: mistakes: must have 2 entries, not 1"),
                format!("{file}: {id}: hints: must have one to three entries, not 0"),
            ]
        );
    }

    #[test]
    fn a_topic_that_is_too_small_says_which_level_lacks_questions() {
        let mut bank = Bank::clone(&Bank::built_in().unwrap());
        bank.topics.truncate(1);
        bank.topics[0].questions.retain(|question| question.level != Level::Staff);
        let told = tell(&bank);
        assert!(told.iter().any(|line| line.ends_with("must have 3 entries for staff, not 0")));
        assert!(told.iter().any(|line| line.contains("must have 14 entries, not ")));
    }

    #[test]
    fn two_questions_with_half_of_their_points_in_common_are_one_too_many() {
        let mut bank = Bank::clone(&Bank::built_in().unwrap());
        bank.topics.truncate(1);
        let questions = &mut bank.topics[0].questions;
        let borrowed = questions[0].rubric.key_points.clone();
        let half = borrowed.len().div_ceil(2);
        let points = &mut questions[1].rubric.key_points;
        let half = half.max(points.len().div_ceil(2)).min(borrowed.len()).min(points.len());
        points[..half].clone_from_slice(&borrowed[..half]);
        let (first, second) = (questions[0].id.clone(), questions[1].id.clone());
        let expected = format!("{second}: key_points: half of its key points are those of {first}");
        assert!(tell(&bank).iter().any(|line| line.ends_with(&expected)));
    }
}
