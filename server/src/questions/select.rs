//! Choosing an interview's questions from the bank.

mod parts;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod wishes;

use std::{cmp::Ordering, collections::HashMap};

use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{
    bank::{Bank, BankQuestion, Topic},
    fit::{Fit, Fits, fits},
    notice::notice,
};
use crate::domain::{clock::Timestamp, interview::Level, question::NewQuestion};

/// What an interview's questions are to be.
#[derive(Debug, Clone)]
pub struct QuestionRequest<'a> {
    /// The role in free text.
    pub role: &'a str,
    /// The level.
    pub level: Level,
    /// How many.
    pub count: usize,
    /// Topics to keep to; empty: the role decides.
    pub topics: &'a [String],
    /// A job advert; may be empty.
    pub job_description: &'a str,
    /// BCP 47 tag.
    pub language: &'a str,
    /// The bank's questions that the candidate was asked before, and when last.
    pub asked: &'a [(String, Timestamp)],
    /// The bank's questions that the candidate does not want again.
    pub not_again: &'a [String],
    /// The bank's questions that the candidate wants soon.
    pub again_soon: &'a [String],
    /// Decides between questions that fit alike; the same seed gives the same questions.
    pub seed: u64,
}

/// Questions for an interview.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionSet {
    /// As many as were asked for, from easy to hard.
    pub questions: Vec<NewQuestion>,
    /// For a person, where it could not be just as asked; else empty.
    pub notice: String,
}

// What makes one question less welcome than another of the same place.
const ROLE_NOT_NAMED: f64 = 1.0;
const LEVEL_APART: f64 = 1.5;
const SAME_TOPIC_AGAIN: f64 = 1.3;
const CHANCE: f64 = 0.9;
/// Outweighs the others: what was asked longest ago comes again first.
const ASKED_LATER: f64 = 10.0;

/// How far from what was asked for a question is. Whatever is nearer comes first. What was asked before, is
/// outside, is not wanted again, or is two levels away comes with a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Whether its topic has nothing to do with the role, or is none of the chosen ones.
    pub(super) is_outside: bool,
    /// Whether the candidate does not want it again.
    pub(super) is_unwanted: bool,
    /// Whether it was asked before.
    pub(super) is_repeat: bool,
    rank: u8,
}

impl Place {
    fn of(fit: Fit, apart: u8, is_unwanted: bool, is_repeat: bool) -> Self {
        // Named topics mix with the role's: a Rust engineer is asked about Rust each time.
        let rank = match (fit, apart) {
            (Fit::Other, _) => apart,
            (Fit::Named, 0 | 1) | (Fit::Role, 0) => 0,
            (Fit::Role, 1) => 1,
            (Fit::Related, 0) => 2,
            (Fit::Related, 1) => 3,
            (Fit::Named | Fit::Role, 2) => 4,
            (Fit::Related, 2) => 5,
            (Fit::Named | Fit::Role, _) => 6,
            (Fit::Related, _) => 7,
        };
        let is_outside = fit == Fit::Other;
        // What comes again comes by its age.
        let rank = if is_repeat && !is_outside { 0 } else { rank };
        Self { is_outside, is_unwanted, is_repeat, rank }
    }
}

pub(super) struct Candidate<'a> {
    pub(super) topic: &'a Topic,
    pub(super) question: &'a BankQuestion,
    pub(super) place: Place,
    /// Whether the candidate wants it soon and it fits: it comes before all others.
    pub(super) is_due: bool,
    cost: f64,
}

impl Candidate<'_> {
    /// Whether it comes although it is not wanted again.
    pub(super) fn is_unwanted(&self) -> bool {
        self.place.is_unwanted && !self.is_due
    }

    /// Whether it comes again although nobody wanted that.
    pub(super) fn is_repeat(&self) -> bool {
        self.place.is_repeat && !self.place.is_unwanted && !self.is_due
    }

    /// Which of two comes first, at costs that may have changed since.
    fn order(&self, cost: f64, other: &Self, other_cost: f64) -> Ordering {
        let by_place = other.is_due.cmp(&self.is_due).then(self.place.cmp(&other.place));
        by_place.then(cost.total_cmp(&other_cost))
    }
}

impl Bank {
    /// Chooses `count` distinct questions, or all that the bank holds if those are fewer.
    pub fn choose(&self, request: &QuestionRequest) -> QuestionSet {
        let fits = fits(self, request.role, request.topics, request.job_description);
        let mut chosen = chosen(candidates(self, request, &fits), request.count);
        let notice = notice(request, &fits, &chosen);
        // A stable sort: within a level, what fitted best stays first.
        chosen.sort_by_key(|candidate| candidate.question.level);
        let questions = chosen.iter().map(|c| c.question.to_new_question(c.topic)).collect();
        QuestionSet { questions, notice }
    }

    /// At most `count` of the questions that the candidate wants soon and that fit.
    pub fn due(&self, request: &QuestionRequest) -> Vec<NewQuestion> {
        let fits = fits(self, request.role, request.topics, request.job_description);
        let mut due = candidates(self, request, &fits);
        due.retain(|candidate| candidate.is_due);
        let due = chosen(due, request.count);
        due.iter().map(|c| c.question.to_new_question(c.topic)).collect()
    }
}

/// The best of the candidates, each time the one that fits best beside those chosen already.
fn chosen(mut candidates: Vec<Candidate<'_>>, count: usize) -> Vec<Candidate<'_>> {
    let mut chosen: Vec<Candidate> = Vec::new();
    let mut taken: HashMap<&str, f64> = HashMap::new();
    while chosen.len() < count {
        let cost = |candidate: &Candidate| {
            let again = taken.get(candidate.topic.name.as_str()).copied().unwrap_or(0.0);
            candidate.cost + SAME_TOPIC_AGAIN * again
        };
        let by_welcome = |a: &usize, b: &usize| {
            let (a, b) = (&candidates[*a], &candidates[*b]);
            a.order(cost(a), b, cost(b))
        };
        let Some(best) = (0..candidates.len()).min_by(by_welcome) else { break };
        let candidate = candidates.swap_remove(best);
        *taken.entry(&candidate.topic.name).or_default() += 1.0;
        chosen.push(candidate);
    }
    chosen
}

/// Every question of the bank with how well it fits.
pub(super) fn candidates<'a>(
    bank: &'a Bank,
    request: &QuestionRequest,
    fits: &Fits,
) -> Vec<Candidate<'a>> {
    let mut dice = StdRng::seed_from_u64(request.seed);
    let ages = ages(request.asked);
    let topics = bank.topics.iter().zip(fits.topics.iter().copied());
    topics
        .flat_map(|(topic, fit)| topic.questions.iter().map(move |question| (topic, fit, question)))
        .map(|(topic, fit, question)| {
            let apart = levels_apart(question.level, request.level);
            let age = ages.get(question.id.as_str());
            let mut cost = CHANCE * dice.random::<f64>() + LEVEL_APART * f64::from(apart);
            cost += if fit == Fit::Role { ROLE_NOT_NAMED } else { 0.0 };
            cost += ASKED_LATER * age.map_or(0.0, |rank| *rank as f64);
            let is_due = fit != Fit::Other && request.again_soon.contains(&question.id);
            let is_unwanted = request.not_again.contains(&question.id);
            let place = Place::of(fit, apart, is_unwanted, age.is_some());
            Candidate { topic, question, place, is_due, cost }
        })
        .collect()
}

/// The questions that were asked before, each with how many were asked longer ago.
fn ages(asked: &[(String, Timestamp)]) -> HashMap<&str, usize> {
    let mut by_age: Vec<_> = asked.iter().collect();
    by_age.sort_by_key(|(_, at)| *at);
    by_age.into_iter().enumerate().map(|(rank, (id, _))| (id.as_str(), rank)).collect()
}

pub(super) fn levels_apart(one: Level, other: Level) -> u8 {
    (one as u8).abs_diff(other as u8)
}
