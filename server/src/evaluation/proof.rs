//! Whether the built-in grader can grade by a rubric: what its own texts must score.
//!
//! A rubric that fails here misleads whoever answers: a point that the reference does not make cannot be
//! made by anybody, and a mistake that scores well teaches it.

use std::{
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering},
    thread::{self, available_parallelism},
};

use super::offline::Standalone;
use crate::{
    domain::{
        evaluation::{Assessment, AssessmentParts, KeyPointResult},
        question::Rubric,
        score::Score,
    },
    questions::bank::{Bank, BankQuestion, Topic},
};

/// What the reference scores at least, 0 to 10.
const REFERENCE: f64 = 8.5;
/// What a listed mistake stays below in correctness.
const MISTAKE: f64 = 4.5;
/// What an answer to another question stays below.
const STRANGER: f64 = 3.0;
/// What ends a sentence.
const ENDS: [char; 3] = ['.', '!', '?'];

/// Something that the grader does not grade as it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// The topic's name.
    pub topic: String,
    /// The question's id.
    pub question: String,
    /// The field of the bank file that it is about.
    pub field: String,
    /// What was seen, and what should be.
    pub problem: String,
}

/// Tries every question of a bank out, on all processors: some ten gradings each, of a tenth of a second.
pub fn of_bank(bank: &Bank) -> Vec<Shortfall> {
    let all: Vec<_> = bank.topics.iter().flat_map(neighbours).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        while let Some((topic, question, stranger)) = all.get(next.fetch_add(1, Ordering::Relaxed))
        {
            found.extend(of_question(topic, question, *stranger));
        }
        found
    };
    let workers = available_parallelism().map_or(1, NonZero::get);
    let mut found: Vec<Shortfall> = thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running.into_iter().filter_map(|one| one.join().ok()).flatten().collect()
    });
    found.sort_by(|a, b| (&a.topic, &a.question).cmp(&(&b.topic, &b.question)));
    found
}

/// Each question of a topic with the reference of the one after it.
fn neighbours(topic: &Topic) -> impl Iterator<Item = (&Topic, &BankQuestion, Option<&str>)> {
    let others = topic.questions.iter().cycle().skip(1);
    topic.questions.iter().zip(others).map(move |(question, other)| {
        let other = Some(other.rubric.reference.as_str());
        (topic, question, other.filter(|_| topic.questions.len() > 1))
    })
}

/// Tries one question out; `stranger` is a good answer to another question of the topic.
pub fn of_question(
    topic: &Topic,
    question: &BankQuestion,
    stranger: Option<&str>,
) -> Vec<Shortfall> {
    let trial = Trial {
        grader: Standalone::new(question.text.clone(), question.rubric.clone()),
        rubric: &question.rubric,
    };
    let mut found = trial.of_reference();
    found.extend(trial.of_mistakes());
    found.extend(stranger.and_then(|answer| trial.of_stranger(answer)));
    found.extend(trial.of_copy(&question.text));
    let shortfall = |(field, problem)| Shortfall {
        topic: topic.name.clone(),
        question: question.id.clone(),
        field,
        problem,
    };
    found.into_iter().map(shortfall).collect()
}

/// A field of the bank file, and what is wrong with it.
type Found = (String, String);

struct Trial<'a> {
    grader: Standalone,
    rubric: &'a Rubric,
}

impl Trial<'_> {
    /// What the grader says of a text; none where it declines to judge it.
    fn grade(&self, text: &str) -> Option<AssessmentParts> {
        self.grader.grade(text)?.assessment.ok().map(Assessment::into_parts)
    }

    /// The reference scores well, and worse without the sentences that make a point.
    fn of_reference(&self) -> Vec<Found> {
        let Some(whole) = self.grade(&self.rubric.reference) else {
            return vec![shortfall("reference", "the built-in grader declines to judge it".into())];
        };
        let mut found = Vec::new();
        let score = whole.scores.mean();
        if score < REFERENCE {
            let problem = format!("scores {score:.1}; it should be {REFERENCE} or more");
            found.push(shortfall("reference", problem));
        }
        for (point, at) in whole.key_points.iter().zip(1..) {
            let field = format!("key_points {at}");
            if point.evidence.is_empty() {
                found.push(shortfall(&field, "the reference does not make it".into()));
            } else if self.is_missed_without(point, whole.scores.completeness) {
                let problem = "leaving it out of the reference costs nothing in completeness";
                found.push(shortfall(&field, problem.into()));
            }
        }
        found
    }

    /// Whether the reference is as complete without this point as with it. What makes it is left out
    /// sentence by sentence until nothing does.
    fn is_missed_without(&self, point: &KeyPointResult, completeness: Score) -> bool {
        let mut rest = self.rubric.reference.clone();
        let mut evidence = point.evidence.clone();
        while !evidence.is_empty() {
            rest = without_sentence(&rest, &evidence);
            let Some(graded) = self.grade(&rest) else { return false };
            if graded.scores.completeness < completeness {
                return false;
            }
            let same = graded.key_points.into_iter().find(|other| other.point == point.point);
            evidence = same.map(|other| other.evidence).unwrap_or_default();
        }
        true
    }

    /// A listed mistake, said on its own, is not right.
    fn of_mistakes(&self) -> Vec<Found> {
        let told = self.rubric.mistakes.iter().zip(1..).filter_map(|(mistake, at)| {
            let score = self.grade(&mistake.claim)?.scores.correctness.get();
            let problem = format!("scores {score:.1} in correctness; it should be below {MISTAKE}");
            (score >= MISTAKE).then(|| shortfall(&format!("mistakes {at}"), problem))
        });
        told.collect()
    }

    /// A good answer to another question is not one to this.
    fn of_stranger(&self, answer: &str) -> Option<Found> {
        let score = self.grade(answer)?.scores.mean();
        let problem = format!(
            "an answer to another question of the topic scores {score:.1}; it should be below {STRANGER}"
        );
        (score >= STRANGER).then(|| shortfall("key_points", problem))
    }

    /// The question copied back does not answer itself.
    fn of_copy(&self, question: &str) -> Option<Found> {
        let score = self.grade(question)?.scores.mean();
        let problem =
            format!("copied back as an answer it scores {score:.1}; it should be declined");
        Some(shortfall("question", problem))
    }
}

fn shortfall(field: &str, problem: String) -> Found {
    (field.to_owned(), problem)
}

/// The text without the sentences that the quote is in.
fn without_sentence(text: &str, quote: &str) -> String {
    let Some(start) = text.find(quote) else { return String::new() };
    let end = start + quote.len();
    let before = text[..start].rfind(ENDS).map_or("", |at| &text[..=at]);
    let after = text[end..].find(ENDS).map_or("", |at| &text[end + at + 1..]);
    format!("{before} {}", after.trim_start()).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        interview::Level,
        question::{KeyPoint, Mistake},
    };

    const BOTH: &str = "A mutex lets only one thread at a time into the critical section, so that \
        shared data stays consistent. Whoever holds a lock for long makes all other threads wait.";

    fn topic(reference: &str) -> Topic {
        let point =
            |point: &str| KeyPoint { point: point.to_owned(), weight: 1.0, phrasings: Vec::new() };
        let rubric = Rubric {
            reference: reference.to_owned(),
            key_points: vec![
                point("A mutex lets only one thread at a time into the critical section."),
                point("Whoever holds a lock for long makes all other threads wait."),
            ],
            mistakes: vec![Mistake {
                claim: "A mutex makes the program faster, because threads share their work.".into(),
                why_wrong: "It makes threads wait.".into(),
            }],
        };
        let question = BankQuestion {
            id: "locks-what".into(),
            level: Level::Mid,
            text: "What is a mutex for, and what does it cost?".into(),
            rubric,
            prompts: Vec::new(),
            hints: Vec::new(),
            follow_ups: None,
        };
        Topic {
            name: "locks".into(),
            title: "Locks".into(),
            roles: Vec::new(),
            questions: vec![question],
        }
    }

    fn tried(reference: &str, stranger: Option<&str>) -> Vec<Shortfall> {
        let topic = topic(reference);
        of_question(&topic, &topic.questions[0], stranger)
    }

    #[test]
    fn a_point_that_the_reference_does_not_make_is_named() {
        let half = "A mutex lets only one thread at a time into the critical section.";
        let expected = Shortfall {
            topic: "locks".into(),
            question: "locks-what".into(),
            field: "key_points 2".into(),
            problem: "the reference does not make it".into(),
        };
        let found = tried(half, None);
        assert!(found.contains(&expected), "{found:?}");
        let found = tried(BOTH, None);
        assert!(found.iter().all(|short| !short.field.starts_with("key_points")), "{found:?}");
    }

    #[test]
    fn an_answer_that_earns_too_much_elsewhere_is_named() {
        let found = tried(BOTH, Some(BOTH));
        let problem = "an answer to another question of the topic scores ";
        assert!(found.iter().any(|short| short.problem.starts_with(problem)), "{found:?}");
    }

    #[test]
    fn the_sentence_of_a_quote_is_left_out_whole() {
        let text = "One is first. The second, it is here! Third?";
        assert_eq!(without_sentence(text, "it is"), "One is first. Third?");
        assert_eq!(without_sentence(text, "One"), "The second, it is here! Third?");
        assert_eq!(without_sentence(text, "Third"), "One is first. The second, it is here!");
    }
}
