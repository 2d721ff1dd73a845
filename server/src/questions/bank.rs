//! The question bank: topics with their questions and rubrics, read from TOML.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use super::{
    bank_check::{self, BankFault},
    bank_files,
};
use crate::domain::{
    interview::Level,
    question::{KeyPoint, Mistake, NewQuestion, QuestionOrigin, Rubric},
};

/// All topics of a bank. Ids are unique in the whole bank.
#[derive(Debug, Clone)]
pub struct Bank {
    /// In the order of their names.
    pub topics: Vec<Topic>,
}

/// A topic, which is one file.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its name in kebab-case, also the name of its file.
    pub name: String,
    /// Its name on a screen.
    pub title: String,
    /// The roles that it fits.
    pub roles: Vec<String>,
    /// Its questions.
    pub questions: Vec<BankQuestion>,
}

/// A question with its rubric.
#[derive(Debug, Clone)]
pub struct BankQuestion {
    /// Unique, stable, kebab-case.
    pub id: String,
    /// The level that it is for.
    pub level: Level,
    /// What is asked.
    pub text: String,
    /// What answers are graded against.
    pub rubric: Rubric,
    /// How to ask for each key point alone, in the order of the points.
    pub prompts: Vec<PointPrompts>,
    /// Hints that do not give the answer away.
    pub hints: Vec<String>,
    /// What to ask after a weak and after a strong answer.
    pub follow_ups: Option<FollowUps>,
}

/// A key point's id, and how to ask for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PointPrompts {
    /// Unique in its question, and never changed; `None` in older entries.
    pub id: Option<String>,
    /// Questions that ask for this point alone and do not give it away.
    pub prompts: Vec<String>,
}

/// What to ask next.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUps {
    /// After a weak answer.
    pub weak: String,
    /// After a strong one.
    pub strong: String,
}

impl Bank {
    /// The bank that is compiled in, or what is wrong with it; a test checks that nothing is.
    pub fn built_in() -> Result<Arc<Self>, Vec<BankFault>> {
        static BANK: OnceLock<Result<Arc<Bank>, Vec<BankFault>>> = OnceLock::new();
        BANK.get_or_init(|| bank_check::parse(&bank_files::ALL).map(Arc::new)).clone()
    }

    /// Every question with its topic.
    pub fn questions(&self) -> impl Iterator<Item = (&Topic, &BankQuestion)> {
        self.topics.iter().flat_map(|topic| topic.questions.iter().map(move |q| (topic, q)))
    }

    /// The roles of all topics, each once, in alphabetical order.
    pub fn roles(&self) -> Vec<&str> {
        let mut roles: Vec<&str> =
            self.topics.iter().flat_map(|topic| topic.roles.iter().map(String::as_str)).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}

impl BankQuestion {
    /// The question as it is asked in an interview.
    pub fn to_new_question(&self, topic: &Topic) -> NewQuestion {
        NewQuestion {
            text: self.text.clone(),
            topic: topic.name.clone(),
            origin: QuestionOrigin::Bank,
            bank_id: Some(self.id.clone()),
            rubric: self.rubric.clone(),
        }
    }
}

/// A bank file as people write it; docs/bank.md has the format.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicFile {
    pub(super) topic: String,
    /// Whether its questions are added to the built-in topic of that name.
    #[serde(default)]
    pub(super) extends: bool,
    #[serde(default)]
    pub(super) title: String,
    #[serde(default)]
    pub(super) roles: Vec<String>,
    #[serde(default)]
    pub(super) question: Vec<toml::Value>,
}

/// A question of a bank file as people write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionEntry {
    pub(super) id: String,
    pub(super) level: String,
    pub(super) question: String,
    pub(super) reference: String,
    #[serde(default)]
    pub(super) mistakes: Vec<MistakeEntry>,
    #[serde(default)]
    pub(super) hints: Vec<String>,
    pub(super) follow_ups: Option<FollowUps>,
    pub(super) key_points: Vec<KeyPointEntry>,
}

/// A mistake of a bank file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MistakeEntry {
    pub(super) claim: String,
    pub(super) why_wrong: String,
}

/// A key point of a bank file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyPointEntry {
    pub(super) point: String,
    pub(super) weight: f64,
    #[serde(default)]
    pub(super) phrasings: Vec<String>,
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) prompts: Vec<String>,
}

impl QuestionEntry {
    /// The question, with its level already parsed.
    pub(super) fn into_question(self, level: Level) -> BankQuestion {
        let (key_points, prompts): (Vec<_>, Vec<_>) = self
            .key_points
            .into_iter()
            .map(|entry| {
                let KeyPointEntry { point, weight, phrasings, id, prompts } = entry;
                (KeyPoint { point, weight, phrasings }, PointPrompts { id, prompts })
            })
            .unzip();
        let mistakes = self
            .mistakes
            .into_iter()
            .map(|entry| Mistake { claim: entry.claim, why_wrong: entry.why_wrong });
        BankQuestion {
            id: self.id,
            level,
            text: self.question,
            rubric: Rubric { reference: self.reference, key_points, mistakes: mistakes.collect() },
            prompts,
            hints: self.hints,
            follow_ups: self.follow_ups,
        }
    }
}
