//! Chooses an interview's questions from the bank.

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

/// What is requested of an interview's questions.
#[derive(Debug, Clone)]
pub struct QuestionRequest<'a> {
    /// The role in free text.
    pub role: &'a str,
    /// The level.
    pub level: Level,
    /// The number of questions.
    pub count: usize,
    /// Topics to keep to; if empty, the role decides.
    pub topics: &'a [String],
    /// A job advert; may be empty.
    pub job_description: &'a str,
    /// A BCP 47 tag.
    pub language: &'a str,
    /// Questions of the bank that the candidate was asked before, and when last.
    pub asked: &'a [(String, Timestamp)],
    /// Questions of the bank that the candidate does not want again.
    pub not_again: &'a [String],
    /// Questions of the bank that the candidate wants soon.
    pub again_soon: &'a [String],
    /// Decides between questions that fit equally well; the same seed gives the same questions.
    pub seed: u64,
}

/// Questions for an interview.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionSet {
    /// As many as requested, from easy to hard.
    pub questions: Vec<NewQuestion>,
    /// For a person, if they could not be exactly as requested; otherwise empty.
    pub notice: String,
}

// Costs that make one question less suitable than another with the same rank.
const ROLE_NOT_NAMED: f64 = 1.0;
const LEVEL_APART: f64 = 1.5;
const SAME_TOPIC_AGAIN: f64 = 1.3;
const CHANCE: f64 = 0.9;
/// Outweighs the others: of repeated questions, the one asked longest ago comes first.
const ASKED_LATER: f64 = 10.0;

/// How far a question is from the request; nearer ones come first. A question that was asked before, is
/// outside, is not wanted again, or is two levels away comes with a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// Whether its topic has nothing to do with the role, or is not a chosen one.
    pub(super) is_outside: bool,
    /// Whether the candidate does not want it again.
    pub(super) is_unwanted: bool,
    /// Whether it was asked before.
    pub(super) is_repeat: bool,
    group: u8,
}

impl Rank {
    fn of(fit: Fit, apart: u8, is_unwanted: bool, is_repeat: bool) -> Self {
        // Named topics mix with the role's: a Rust engineer is asked about Rust each time.
        let group = match (fit, apart) {
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
        // Repeated questions are ordered by age.
        let group = if is_repeat && !is_outside { 0 } else { group };
        Self { is_outside, is_unwanted, is_repeat, group }
    }
}

pub(super) struct QuestionCandidate<'a> {
    pub(super) topic: &'a Topic,
    pub(super) question: &'a BankQuestion,
    pub(super) rank: Rank,
    /// Whether the candidate wants it soon and it fits; then it comes before all others.
    pub(super) is_due: bool,
    cost: f64,
}

impl QuestionCandidate<'_> {
    /// Whether it is asked although it is not wanted again.
    pub(super) fn is_unwanted(&self) -> bool {
        self.rank.is_unwanted && !self.is_due
    }

    /// Whether it is asked again without a wish for or against it.
    pub(super) fn is_repeat(&self) -> bool {
        self.rank.is_repeat && !self.rank.is_unwanted && !self.is_due
    }

    /// Compares two candidates, at costs that may have changed since they were made.
    fn order(&self, cost: f64, other: &Self, other_cost: f64) -> Ordering {
        let by_rank = other.is_due.cmp(&self.is_due).then(self.rank.cmp(&other.rank));
        by_rank.then(cost.total_cmp(&other_cost))
    }
}

impl Bank {
    /// Chooses `count` distinct questions, or all that the bank has if there are fewer.
    pub fn choose(&self, request: &QuestionRequest) -> QuestionSet {
        let fits = fits(self, request.role, request.topics, request.job_description);
        let mut chosen = chosen(candidates(self, request, &fits), request.count);
        let notice = notice(request, &fits, &chosen);
        // The sort is stable: within a level, the best fit stays first.
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

/// The best candidates, each chosen as the best fit beside those already chosen.
fn chosen(mut candidates: Vec<QuestionCandidate<'_>>, count: usize) -> Vec<QuestionCandidate<'_>> {
    let mut chosen: Vec<QuestionCandidate> = Vec::new();
    let mut taken: HashMap<&str, f64> = HashMap::new();
    while chosen.len() < count {
        let cost = |candidate: &QuestionCandidate| {
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

/// Every question of the bank, with how well it fits.
pub(super) fn candidates<'a>(
    bank: &'a Bank,
    request: &QuestionRequest,
    fits: &Fits,
) -> Vec<QuestionCandidate<'a>> {
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
            let rank = Rank::of(fit, apart, is_unwanted, age.is_some());
            QuestionCandidate { topic, question, rank, is_due, cost }
        })
        .collect()
}

/// The questions that were asked before, each with the number of those asked longer ago.
fn ages(asked: &[(String, Timestamp)]) -> HashMap<&str, usize> {
    let mut by_age: Vec<_> = asked.iter().collect();
    by_age.sort_by_key(|(_, at)| *at);
    by_age.into_iter().enumerate().map(|(rank, (id, _))| (id.as_str(), rank)).collect()
}

pub(super) fn levels_apart(one: Level, other: Level) -> u8 {
    (one as u8).abs_diff(other as u8)
}
