//! Checks a set of questions that a language model wrote.

use std::{collections::HashSet, ops::RangeInclusive};

use super::reply::{Reply, ReplyPoint, ReplyQuestion};
use crate::{
    domain::question::{KeyPoint, NewQuestion, QuestionOrigin, Rubric},
    questions::QuestionRequest,
};

/// The number of characters that each text may have. The prompt asks for fewer than the most, so
/// that a model that counts badly need not try again.
const QUESTION: RangeInclusive<usize> = 15..=600;
const TOPIC: RangeInclusive<usize> = 1..=50;
const REFERENCE: RangeInclusive<usize> = 40..=4000;
const POINT: RangeInclusive<usize> = 10..=300;

/// Key points of a question.
const POINTS: RangeInclusive<usize> = 3..=6;

/// Questions that share this much of their words ask the same.
const SAME: f64 = 0.75;

/// The questions as they will be asked, or everything that is wrong with them.
pub(super) fn check(
    reply: &Reply,
    request: &QuestionRequest,
    asked: &[String],
) -> Result<Vec<NewQuestion>, Vec<String>> {
    let mut faults = Vec::new();
    let got = reply.questions.len();
    if got != request.count {
        faults.push(format!("There must be exactly {} questions, not {got}.", request.count));
    }
    let mut questions: Vec<NewQuestion> = Vec::new();
    for (question, number) in reply.questions.iter().zip(1..) {
        match checked(question, request) {
            Err(fault) => faults.push(format!("Question {number}: {fault}")),
            Ok(question) => {
                if asked.iter().any(|known| are_alike(known, &question.text)) {
                    faults.push(format!("Question {number} was asked before."));
                } else if questions.iter().any(|other| are_alike(&other.text, &question.text)) {
                    faults.push(format!("Question {number} asks the same as another."));
                }
                questions.push(question);
            }
        }
    }
    if faults.is_empty() { Ok(questions) } else { Err(faults) }
}

fn checked(raw: &ReplyQuestion, request: &QuestionRequest) -> Result<NewQuestion, String> {
    let text = text("the question", &raw.question, QUESTION)?;
    let topic = topic(&raw.topic, request.topics)?;
    let reference = self::text("the reference", &raw.reference, REFERENCE)?;
    if !POINTS.contains(&raw.key_points.len()) {
        return Err(format!("it must have 3 to 6 key points, not {}.", raw.key_points.len()));
    }
    let key_points = raw.key_points.iter().map(key_point).collect::<Result<Vec<_>, _>>()?;
    let words: HashSet<_> = key_points.iter().map(|point| words(&point.point)).collect();
    if words.len() < key_points.len() {
        return Err("two of its key points say the same.".to_owned());
    }
    Ok(NewQuestion {
        text,
        topic,
        origin: QuestionOrigin::Model,
        bank_id: None,
        rubric: Rubric { reference, key_points, mistakes: Vec::new() },
    })
}

/// The text without white space around it, if its length is allowed.
pub(super) fn text(what: &str, raw: &str, chars: RangeInclusive<usize>) -> Result<String, String> {
    let text = raw.trim().replace('\0', "");
    // A letter beyond ASCII may be a whole word, so fewer of them say as much.
    let weight: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    if weight >= *chars.start() && text.chars().count() <= *chars.end() {
        return Ok(text);
    }
    Err(format!("{what} must be {} to {} characters.", chars.start(), chars.end()))
}

fn topic(raw: &str, chosen: &[String]) -> Result<String, String> {
    let topic = text("the topic", raw, TOPIC)?.split_whitespace().collect::<Vec<_>>().join(" ");
    if chosen.is_empty() {
        return Ok(topic.to_lowercase());
    }
    let words = words(&topic);
    chosen
        .iter()
        .find(|one| self::words(one) == words)
        .cloned()
        .ok_or_else(|| format!("its topic must be one of: {}.", chosen.join(", ")))
}

fn key_point(raw: &ReplyPoint) -> Result<KeyPoint, String> {
    if !(raw.weight > 0.0 && raw.weight <= 100.0) {
        return Err("the weight of a key point must be a number from 1 to 5.".to_owned());
    }
    let point = text("a key point", &raw.point, POINT)?;
    Ok(KeyPoint { point, weight: raw.weight, phrasings: Vec::new() })
}

/// The distinct words of a text in a fixed order, ignoring case.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_lowercase).collect();
    words.sort();
    words.dedup();
    words
}

/// Whether two texts share most of their words.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let shared = one.iter().filter(|word| other.binary_search(word).is_ok()).count();
    let all = one.len() + other.len() - shared;
    all > 0 && shared as f64 >= SAME * all as f64
}
