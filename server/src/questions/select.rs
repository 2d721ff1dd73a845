//! Choosing an interview's questions from the bank.

mod parts;

use std::collections::HashMap;

use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{
    bank::{Bank, BankQuestion, Topic},
    fit::{Fit, Fits, fits},
};
use crate::domain::{
    clock::Timestamp,
    interview::{Level, is_english},
    question::NewQuestion,
};

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

// What makes one question less welcome than another. Only the order of magnitude carries meaning: leaving
// the chosen topics is worse than leaving the role, that is worse than what is not wanted again, that is
// worse than any repetition, a repetition worse than any other misfit, and the rest is weighed against each
// other. What is wanted soon and fits comes before all.
const OUTSIDE_CHOSEN: f64 = 1e6;
const OUTSIDE_ROLE: f64 = 1e5;
const NOT_AGAIN: f64 = 5e4;
const ASKED_BEFORE: f64 = 1e3;
const ROLE_NOT_NAMED: f64 = 1.0;
const ONLY_RELATED: f64 = 6.0;
const LEVEL_APART: f64 = 1.5;
const SAME_TOPIC_AGAIN: f64 = 1.3;
const CHANCE: f64 = 0.9;
const AGAIN_SOON: f64 = -1e3;

struct Candidate<'a> {
    topic: &'a Topic,
    question: &'a BankQuestion,
    cost: f64,
}

impl Bank {
    /// Chooses `count` distinct questions, or all that the bank holds if those are fewer.
    pub fn choose(&self, request: &QuestionRequest) -> QuestionSet {
        let fits = fits(self, request.role, request.topics, request.job_description);
        let mut candidates = candidates(self, request, &fits);
        let mut chosen: Vec<Candidate> = Vec::new();
        let mut taken: HashMap<&str, f64> = HashMap::new();
        while chosen.len() < request.count && !candidates.is_empty() {
            let cost = |candidate: &Candidate| {
                let again = taken.get(candidate.topic.name.as_str()).copied().unwrap_or(0.0);
                candidate.cost + SAME_TOPIC_AGAIN * again
            };
            let best = (0..candidates.len())
                .min_by(|a, b| cost(&candidates[*a]).total_cmp(&cost(&candidates[*b])));
            let Some(best) = best else { break };
            let candidate = candidates.swap_remove(best);
            *taken.entry(&candidate.topic.name).or_default() += 1.0;
            chosen.push(candidate);
        }
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
        due.retain(Candidate::is_due);
        due.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        due.truncate(request.count);
        due.iter().map(|c| c.question.to_new_question(c.topic)).collect()
    }
}

impl Candidate<'_> {
    /// Whether it is wanted soon and fits: nothing else has a cost below nothing.
    fn is_due(&self) -> bool {
        self.cost < 0.0
    }
}

fn candidates<'a>(bank: &'a Bank, request: &QuestionRequest, fits: &Fits) -> Vec<Candidate<'a>> {
    let mut dice = StdRng::seed_from_u64(request.seed);
    let asked = asked_costs(request.asked);
    let outside =
        if request.topics.len() > fits.missing.len() { OUTSIDE_CHOSEN } else { OUTSIDE_ROLE };
    let topics = bank.topics.iter().zip(fits.topics.iter().copied());
    topics
        .flat_map(|(topic, fit)| topic.questions.iter().map(move |question| (topic, fit, question)))
        .map(|(topic, fit, question)| {
            let mut cost = CHANCE * dice.random::<f64>();
            cost += match fit {
                Fit::Named => 0.0,
                Fit::Role => ROLE_NOT_NAMED,
                Fit::Related => ONLY_RELATED,
                Fit::Other => outside,
            };
            cost += LEVEL_APART * levels_apart(question.level, request.level);
            cost += if fit != Fit::Other && request.again_soon.contains(&question.id) {
                AGAIN_SOON
            } else {
                asked.get(question.id.as_str()).copied().unwrap_or(0.0)
            };
            if request.not_again.contains(&question.id) {
                cost += NOT_AGAIN;
            }
            Candidate { topic, question, cost }
        })
        .collect()
}

/// What was asked before comes after all that was not, and what was asked longest ago first.
fn asked_costs(asked: &[(String, Timestamp)]) -> HashMap<&str, f64> {
    let mut by_age: Vec<_> = asked.iter().collect();
    by_age.sort_by_key(|(_, at)| *at);
    by_age
        .into_iter()
        .enumerate()
        // Ten for each rank outweighs every misfit but leaving the chosen topics.
        .map(|(rank, (id, _))| (id.as_str(), ASKED_BEFORE + 10.0 * rank as f64))
        .collect()
}

fn levels_apart(one: Level, other: Level) -> f64 {
    f64::from((one as i8 - other as i8).abs())
}

fn notice(request: &QuestionRequest, fits: &Fits, chosen: &[Candidate]) -> String {
    let mut sentences = Vec::new();
    if !fits.missing.is_empty() {
        let missing = fits.missing.join(", ");
        sentences.push(format!("The question bank has nothing on {missing}."));
    }
    if fits.is_unknown {
        sentences.push(format!(
            "The question bank has nothing for the role {}: these are general software questions. A \
             language model would write its own.",
            request.role.trim()
        ));
    }
    let count = |at_least: f64| chosen.iter().filter(|one| one.cost >= at_least).count();
    let strays = count(OUTSIDE_CHOSEN);
    if strays > 0 && strays < chosen.len() {
        sentences.push(format!(
            "It has too few questions on the chosen topics, so {strays} of {} come from others.",
            chosen.len()
        ));
    }
    let outside = count(OUTSIDE_ROLE) - strays;
    if outside > 0 {
        let all = chosen.len();
        sentences.push(format!(
            "It has no more for this role, so {outside} of {all} come from other subjects."
        ));
    }
    let is_unwanted = |one: &&Candidate| request.not_again.contains(&one.question.id);
    let unwanted = chosen.iter().filter(is_unwanted).count();
    if unwanted > 0 {
        sentences.push(format!(
            "Nothing else fits, so {unwanted} of {} are questions that you marked “not again”.",
            chosen.len()
        ));
    }
    let repeats = chosen
        .iter()
        .filter(|candidate| !candidate.is_due() && !is_unwanted(candidate))
        .filter(|candidate| request.asked.iter().any(|(id, _)| *id == candidate.question.id))
        .count();
    if repeats > 0 {
        sentences.push(format!(
            "You have had all others that fit, so {repeats} of {} come again.",
            chosen.len()
        ));
    }
    sentences.extend(of_language(request));
    sentences.join(" ")
}

fn of_language(request: &QuestionRequest) -> Option<String> {
    let told = "The question bank is in English; other languages need a language model.";
    (!is_english(request.language)).then(|| told.to_owned())
}

#[cfg(test)]
mod wishes;

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, sync::Arc};

    use proptest::prelude::*;

    use super::*;

    fn bank() -> Arc<Bank> {
        Bank::built_in().unwrap()
    }

    fn request<'a>(role: &'a str, topics: &'a [String], count: usize) -> QuestionRequest<'a> {
        QuestionRequest {
            role,
            level: Level::Mid,
            count,
            topics,
            job_description: "",
            language: "en",
            asked: &[],
            not_again: &[],
            again_soon: &[],
            seed: 1,
        }
    }

    fn ids(set: &QuestionSet) -> Vec<String> {
        set.questions.iter().map(|q| q.bank_id.clone().unwrap()).collect()
    }

    /// Interviews of five for a role, one after the other, until the first that has a notice.
    fn until_a_notice(role: &str, level: Level) -> Vec<QuestionSet> {
        let bank = bank();
        let mut asked: Vec<(String, Timestamp)> = Vec::new();
        let mut sets = Vec::new();
        for round in 0_i64.. {
            let request = QuestionRequest {
                asked: &asked,
                level,
                seed: round.cast_unsigned(),
                ..request(role, &[], 5)
            };
            let set = bank.choose(&request);
            asked.extend(ids(&set).into_iter().map(|id| (id, Timestamp::from_micros(round))));
            if !set.notice.is_empty() {
                break;
            }
            sets.push(set);
        }
        sets
    }

    #[test]
    fn nothing_comes_twice_before_a_notice_and_six_interviews_have_none() {
        for role in
            ["Backend engineer", "Data engineer", "Frontend engineer", "SRE", "Rust developer"]
        {
            let sets = until_a_notice(role, Level::Mid);
            assert!(sets.len() >= 6, "{role}: {}", sets.len());
            let all: Vec<_> = sets.iter().flat_map(ids).collect();
            let distinct: HashSet<_> = all.iter().collect();
            assert_eq!(all.len(), distinct.len(), "{role}");
        }
    }

    #[test]
    fn once_all_were_asked_the_oldest_come_again_and_the_notice_says_so() {
        let bank = bank();
        let topics = ["rust".to_owned()];
        let all = bank.topics.iter().find(|t| t.name == "rust").unwrap();
        let asked: Vec<_> = all
            .questions
            .iter()
            .zip(0..)
            .map(|(q, at)| (q.id.clone(), Timestamp::from_micros(at)))
            .collect();
        let set = bank.choose(&QuestionRequest { asked: &asked, ..request("x", &topics, 2) });
        let again: HashSet<_> = ids(&set).into_iter().collect();
        assert_eq!(again, asked[..2].iter().map(|(id, _)| id.clone()).collect());
        assert!(set.notice.contains("come again"), "{}", set.notice);
    }

    #[test]
    fn chosen_topics_are_kept_to_and_the_notice_says_when_they_run_out() {
        let bank = bank();
        let topics = ["rust".to_owned()];
        let set = bank.choose(&request("Frontend engineer", &topics, 3));
        assert!(set.questions.iter().all(|q| q.topic == "rust"));
        let set = bank.choose(&request("Frontend engineer", &topics, 16));
        assert_eq!(set.questions.len(), 16);
        assert!(set.notice.contains("come from others"), "{}", set.notice);
    }

    #[test]
    fn a_role_that_names_a_topic_gets_it_among_others() {
        for seed in 0..20 {
            let set = bank()
                .choose(&QuestionRequest { seed, ..request("Rust backend engineer", &[], 5) });
            let topics: HashSet<_> = set.questions.iter().map(|q| q.topic.as_str()).collect();
            assert!(topics.contains("rust") && topics.len() >= 3, "{topics:?}");
        }
    }

    #[test]
    fn a_role_that_the_bank_cannot_serve_is_told_and_gets_general_questions() {
        let set = bank().choose(&request("registered nurse", &[], 5));
        assert_eq!(set.questions.len(), 5);
        assert!(set.notice.contains("nothing for the role registered nurse"), "{}", set.notice);
        assert_eq!(bank().choose(&request("Software engineer", &[], 5)).notice, "");
    }

    #[test]
    fn an_unknown_topic_leaves_the_role_in_force() {
        let topics = ["basket weaving".to_owned()];
        let set = bank().choose(&request("Rust engineer", &topics, 5));
        assert!(set.notice.contains("nothing on basket weaving"), "{}", set.notice);
        assert!(set.questions.iter().any(|q| q.topic == "rust"));
    }

    #[test]
    fn what_is_outside_the_role_comes_last_and_is_told() {
        let bank = bank();
        let mut asked: Vec<(String, Timestamp)> = Vec::new();
        for round in 0..6 {
            let request = QuestionRequest { asked: &asked, ..request("Network engineer", &[], 5) };
            let set = bank.choose(&request);
            assert_eq!(set.notice, "", "round {round}");
            let strays = ["frontend", "mobile", "machine-learning", "javascript", "python"];
            assert!(set.questions.iter().all(|q| !strays.contains(&q.topic.as_str())));
            asked.extend(ids(&set).into_iter().map(|id| (id, Timestamp::from_micros(round))));
        }
    }

    #[test]
    fn an_unknown_topic_and_another_language_are_told() {
        let topics = ["basket weaving".to_owned()];
        let set = bank().choose(&QuestionRequest { language: "de", ..request("x", &topics, 3) });
        assert_eq!(set.questions.len(), 3);
        assert!(set.notice.contains("nothing on basket weaving"), "{}", set.notice);
        assert!(set.notice.contains("in English"), "{}", set.notice);
    }

    proptest! {
        #[test]
        fn n_asked_for_are_n_distinct_given(
            role in ".{0,40}", topic in proptest::option::of("[a-z]{1,12}"),
            count in 1usize..=10, level in 0usize..4, seed: u64,
        ) {
            let topics: Vec<String> = topic.into_iter().collect();
            let level = Level::ALL[level];
            let set = bank().choose(&QuestionRequest { level, seed, ..request(&role, &topics, count) });
            let distinct: HashSet<_> = ids(&set).into_iter().collect();
            prop_assert_eq!(distinct.len(), count);
        }
    }
}
