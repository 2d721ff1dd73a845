//! Whether the built-in grader can grade by a rubric, tested on the rubric's own texts.
//!
//! A rubric that fails here misleads candidates: nobody can make a point that the reference does not
//! make, and a mistake that scores well teaches it.

use std::{
    collections::BTreeSet,
    num::NonZero,
    panic::resume_unwind,
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

/// The lowest score for the reference, 0 to 10.
const REFERENCE: f64 = 8.5;
/// A listed mistake must score below this in correctness.
const MISTAKE: f64 = 4.5;
/// An answer to another question must score below this.
const STRANGER: f64 = 3.0;
/// What ends a sentence.
const ENDS: [char; 3] = ['.', '!', '?'];

/// What a question's own texts prove about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// The reference scores well.
    Reference,
    /// Leaving any point out of the reference lowers completeness.
    KeyPoints,
    /// No listed mistake scores as correct.
    Mistakes,
    /// An answer to another question of the topic scores low.
    OtherQuestion,
    /// The question copied back is not accepted as an answer.
    Copy,
}

impl Proof {
    /// Every proof.
    pub const ALL: [Self; 5] =
        [Self::Reference, Self::KeyPoints, Self::Mistakes, Self::OtherQuestion, Self::Copy];
}

/// How the questions of a bank were graded.
#[derive(Debug)]
pub struct Graded {
    /// How many questions there are.
    pub questions: usize,
    /// What was wrong, by topic and question.
    pub shortfalls: Vec<Shortfall>,
}

impl Graded {
    /// How many questions pass a proof; without one, how many pass all.
    pub fn passing(&self, proof: Option<Proof>) -> usize {
        let counts = |short: &&Shortfall| proof.is_none_or(|proof| short.proof == proof);
        let failing = self.shortfalls.iter().filter(counts);
        let failing: BTreeSet<_> = failing.map(|short| (&short.topic, &short.question)).collect();
        self.questions - failing.len()
    }
}

/// A text that the grader does not grade as it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// What it fails to prove.
    pub proof: Proof,
    /// The topic's name.
    pub topic: String,
    /// The question's id.
    pub question: String,
    /// The field of the bank file.
    pub field: String,
    /// What was seen, and what should be.
    pub problem: String,
}

/// Tries every question of a bank on all processors: some ten gradings each, of a tenth of a second.
/// `done` counts the questions that have been tried.
pub fn of_bank(bank: &Bank, done: &AtomicUsize) -> Graded {
    let all: Vec<_> = bank.topics.iter().flat_map(neighbours).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        while let Some((topic, question, stranger)) = all.get(next.fetch_add(1, Ordering::Relaxed))
        {
            found.extend(of_question(topic, question, *stranger));
            done.fetch_add(1, Ordering::Relaxed);
        }
        found
    };
    let workers = available_parallelism().map_or(1, NonZero::get);
    let mut shortfalls: Vec<Shortfall> = thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        // If a worker stopped, its questions would pass unseen.
        let joined = |one: thread::ScopedJoinHandle<'_, _>| {
            one.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        running.into_iter().flat_map(joined).collect()
    });
    shortfalls.sort_by(|a, b| (&a.topic, &a.question).cmp(&(&b.topic, &b.question)));
    Graded { questions: all.len(), shortfalls }
}

/// Each question of a topic with the reference of the next one.
fn neighbours(topic: &Topic) -> impl Iterator<Item = (&Topic, &BankQuestion, Option<&str>)> {
    let others = topic.questions.iter().cycle().skip(1);
    topic.questions.iter().zip(others).map(move |(question, other)| {
        let other = Some(other.rubric.reference.as_str());
        (topic, question, other.filter(|_| topic.questions.len() > 1))
    })
}

/// Tries one question; `stranger` is a good answer to another question of the topic.
pub fn of_question(
    topic: &Topic,
    question: &BankQuestion,
    stranger: Option<&str>,
) -> Vec<Shortfall> {
    let check = RubricCheck {
        grader: Standalone::new(question.text.clone(), question.rubric.clone()),
        rubric: &question.rubric,
    };
    let mut found = check.of_reference();
    found.extend(check.of_mistakes());
    found.extend(stranger.and_then(|answer| check.of_stranger(answer)));
    found.extend(check.of_copy(&question.text));
    let shortfall = |(proof, field, problem)| Shortfall {
        proof,
        topic: topic.name.clone(),
        question: question.id.clone(),
        field,
        problem,
    };
    found.into_iter().map(shortfall).collect()
}

/// What is not proved, a field of the bank file, and what is wrong with it.
type FieldProblem = (Proof, String, String);

struct RubricCheck<'a> {
    grader: Standalone,
    rubric: &'a Rubric,
}

impl RubricCheck<'_> {
    /// The grade of a text; `None` if the grader declines to judge it.
    fn grade(&self, text: &str) -> Option<AssessmentParts> {
        self.grader.grade(text)?.assessment.ok().map(Assessment::into_parts)
    }

    /// Checks that the reference scores well, and worse without the sentences that make a point.
    fn of_reference(&self) -> Vec<FieldProblem> {
        let Some(whole) = self.grade(&self.rubric.reference) else {
            let declined = "the built-in grader declines to judge it";
            let no_points = "the reference is not judged, so it makes no point";
            return vec![
                shortfall(Proof::Reference, "reference", declined.into()),
                shortfall(Proof::KeyPoints, "key_points", no_points.into()),
            ];
        };
        let mut found = Vec::new();
        let score = whole.scores.mean();
        if score < REFERENCE {
            // Rounded down, so that 8.49 does not read as 8.5.
            let score = (score * 10.0).floor() / 10.0;
            let problem = format!("scores {score:.1}; it should be {REFERENCE} or more");
            found.push(shortfall(Proof::Reference, "reference", problem));
        }
        for (point, at) in whole.key_points.iter().zip(1..) {
            let field = format!("key_points {at}");
            if point.evidence.is_empty() {
                let problem = "the reference does not make it";
                found.push(shortfall(Proof::KeyPoints, &field, problem.into()));
            } else if self.is_missed_without(point, whole.scores.completeness) {
                let problem = "leaving it out of the reference costs nothing in completeness";
                found.push(shortfall(Proof::KeyPoints, &field, problem.into()));
            }
        }
        found
    }

    /// Whether the reference is as complete without this point as with it. Sentences that make it
    /// are left out until none does.
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

    /// Checks that a listed mistake, said on its own, is not scored as correct.
    fn of_mistakes(&self) -> Vec<FieldProblem> {
        let told = self.rubric.mistakes.iter().zip(1..).filter_map(|(mistake, at)| {
            let score = self.grade(&mistake.claim)?.scores.correctness.get();
            let problem = format!("scores {score:.1} in correctness; it should be below {MISTAKE}");
            (score >= MISTAKE)
                .then(|| shortfall(Proof::Mistakes, &format!("mistakes {at}"), problem))
        });
        told.collect()
    }

    /// Checks that a good answer to another question scores low for this one.
    fn of_stranger(&self, answer: &str) -> Option<FieldProblem> {
        let score = self.grade(answer)?.scores.mean();
        let problem = format!(
            "an answer to another question of the topic scores {score:.1}; it should be below {STRANGER}"
        );
        (score >= STRANGER).then(|| shortfall(Proof::OtherQuestion, "key_points", problem))
    }

    /// Checks that the question copied back is not accepted as an answer.
    fn of_copy(&self, question: &str) -> Option<FieldProblem> {
        let score = self.grade(question)?.scores.mean();
        let problem =
            format!("copied back as an answer it scores {score:.1}; it should be declined");
        Some(shortfall(Proof::Copy, "question", problem))
    }
}

fn shortfall(proof: Proof, field: &str, problem: String) -> FieldProblem {
    (proof, field.to_owned(), problem)
}

/// The text without the sentences that the quote is from.
fn without_sentence(text: &str, quote: &str) -> String {
    let Some(start) = text.find(quote) else { return String::new() };
    let end = start + quote.len();
    let from = ends(text).take_while(|at| *at <= start).last().unwrap_or(0);
    let to = ends(text).find(|at| *at >= end).unwrap_or(text.len());
    format!("{} {}", text[..from].trim(), text[to..].trim()).trim().to_owned()
}

/// Where sentences end; a mark inside a word, as in "Node.js", ends none.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let after_marks = text.match_indices(ENDS).map(|(at, mark)| at + mark.len());
    after_marks.filter(|at| text[*at..].chars().next().is_none_or(char::is_whitespace))
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
            proof: Proof::KeyPoints,
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
    fn a_question_that_fails_twice_counts_once_and_each_proof_counts_on_its_own() {
        let shortfall = |question: &str, proof, field: &str| Shortfall {
            proof,
            topic: "locks".into(),
            question: question.into(),
            field: field.into(),
            problem: "scores too high".into(),
        };
        let shortfalls = vec![
            shortfall("one", Proof::Mistakes, "mistakes 1"),
            shortfall("one", Proof::Mistakes, "mistakes 2"),
            shortfall("two", Proof::Mistakes, "mistakes 1"),
            shortfall("two", Proof::Copy, "question"),
        ];
        let graded = Graded { questions: 10, shortfalls };
        let passing = Proof::ALL.map(|proof| graded.passing(Some(proof)));
        assert_eq!(passing, [10, 10, 8, 10, 9]);
        assert_eq!(graded.passing(None), 8);
    }

    #[test]
    fn every_question_of_a_bank_is_tried_and_counted() {
        let mut topic = topic(BOTH);
        let mut other = topic.questions[0].clone();
        other.id = "locks-again".into();
        topic.questions.push(other);
        let done = AtomicUsize::new(0);
        let graded = of_bank(&Bank { topics: vec![topic] }, &done);
        assert_eq!((graded.questions, done.into_inner()), (2, 2));
        // Each reference is a good answer to the other question, which asks for the same.
        assert_eq!(graded.passing(Some(Proof::OtherQuestion)), 0);
    }

    #[test]
    fn a_reference_that_the_grader_declines_proves_nothing() {
        let found =
            tried("Der Mutex lässt immer nur einen Faden in den kritischen Abschnitt.", None);
        let proofs: Vec<_> = found.iter().map(|short| short.proof).collect();
        assert!(proofs.starts_with(&[Proof::Reference, Proof::KeyPoints]), "{found:?}");
    }

    #[test]
    fn the_sentence_of_a_quote_is_left_out_whole() {
        let text = "One is first. The second, it is here! Third?";
        assert_eq!(without_sentence(text, "it is"), "One is first. Third?");
        assert_eq!(without_sentence(text, "One"), "The second, it is here! Third?");
        assert_eq!(without_sentence(text, "Third"), "One is first. The second, it is here!");
        assert_eq!(without_sentence(text, "The second, it is here!"), "One is first. Third?");
        assert_eq!(without_sentence(text, "first. The second"), "Third?");
        assert_eq!(without_sentence("Node.js waits. Go does not.", "waits"), "Go does not.");
    }
}
