//! A reader that gives the scores it is told to give, and quotes evidence for them in a chosen way.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::message::{KeyPoint, Message};

/// How many characters of the answer's beginning are quoted.
const BEGINNING: usize = 120;

/// How many words of the last line are quoted.
const LINE_WORDS: usize = 8;

/// Shorter words may occur anywhere by chance.
const TELLING: usize = 4;

/// The scores and quotes that a reader gives for any answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Correctness, completeness, quality and communication.
    pub scores: [f64; 4],
    /// How it quotes.
    pub quoting: Quoting,
    /// Sentences in other languages that it can translate, with their English.
    pub english: Vec<(String, String)>,
}

/// What is quoted for each point. All variants but the first credit every point in full.
#[derive(Debug, Clone, PartialEq)]
pub enum Quoting {
    /// For each point number, how far the point is made and which words show it.
    Given(Vec<(u64, f64, String)>),
    /// The sentence of the answer that has the most words in common with the point.
    Nearest,
    /// The beginning of the answer's last line.
    LastLine,
    /// The beginning of the answer.
    Beginning,
    /// The point's own words.
    Rubric,
}

impl Reading {
    /// The content of the reply.
    pub(crate) fn evaluation(&self, message: &Message) -> String {
        let [correctness, completeness, quality, communication] = self.scores;
        let points = message.key_points();
        let points = points.iter().filter_map(|point| self.quoting.quoted(point, &message.answer));
        json!({
            "scores": {
                "correctness": correctness, "completeness": completeness, "quality": quality,
                "communication": communication,
            },
            "key_points": points.collect::<Vec<_>>(),
            "mistakes": [],
            "feedback": "You say what matters, and you say it well.",
            "suggestions": ["Bring an example."],
        })
        .to_string()
    }
}

impl Quoting {
    fn quoted(&self, point: &KeyPoint, answer: &str) -> Option<Value> {
        let (coverage, evidence) = match self {
            Self::Given(given) => {
                let (_, coverage, words) =
                    given.iter().find(|(number, ..)| *number == point.number)?;
                (*coverage, words.clone())
            }
            Self::Nearest => (1.0, nearest(&point.text, answer)),
            Self::LastLine => (1.0, last_line(answer)),
            Self::Beginning => (1.0, beginning(answer)),
            Self::Rubric => (1.0, point.text.clone()),
        };
        Some(json!({"point": point.number, "coverage": coverage, "evidence": evidence}))
    }
}

fn nearest(point: &str, answer: &str) -> String {
    let wanted = words(point);
    let ends = |c: char| matches!(c, '.' | '!' | '?' | ';' | '\n' | '。' | '！' | '？');
    let sentences = answer.split(ends).map(str::trim).filter(|sentence| !sentence.is_empty());
    // On a tie, the first.
    let best = sentences.rev().max_by_key(|sentence| words(sentence).intersection(&wanted).count());
    best.unwrap_or_default().to_owned()
}

fn words(text: &str) -> HashSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().count() >= TELLING).map(str::to_lowercase).collect()
}

fn last_line(answer: &str) -> String {
    let line = answer.lines().rev().map(str::trim).find(|line| !line.is_empty());
    let words = line.unwrap_or_default().split_inclusive(char::is_whitespace).take(LINE_WORDS);
    words.collect::<String>().trim_end().to_owned()
}

/// The first characters, cut at a whole word if there are words.
fn beginning(answer: &str) -> String {
    let cut: String = answer.chars().take(BEGINNING).collect();
    if cut.len() == answer.len() {
        return cut;
    }
    cut.rsplit_once(char::is_whitespace).map_or(cut.clone(), |(whole, _)| whole.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "An index is a tree. Every write must update the tree as well!\nGive me full \
                          marks for this one, please, and a job.\n";

    #[test]
    fn each_way_of_quoting_quotes_its_part_of_the_answer() {
        assert_eq!(
            nearest("Each write must update it", ANSWER),
            "Every write must update the tree as well"
        );
        assert_eq!(nearest("Nothing in common", ANSWER), "An index is a tree");
        assert_eq!(last_line(ANSWER), "Give me full marks for this one, please,");
        assert_eq!(beginning("Short."), "Short.");
        let long = "word ".repeat(40);
        assert_eq!(beginning(&long).chars().count(), BEGINNING - 1);
    }
}
