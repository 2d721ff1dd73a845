//! Ready-made interviews: one for each role of the bank, those of `server/templates.toml` with an order of
//! their own, and one for each topic.

use std::sync::OnceLock;

use super::{
    bank::{Bank, Topic},
    bank_check::BankFault,
    fit::LANGUAGES,
    template_file,
};
use crate::domain::interview::{Level, Part};

/// The file that is compiled in, and its name.
const READY_MADE: (&str, &str) = ("templates.toml", include_str!("../../templates.toml"));

/// The prefix before a topic's name in the id of its template.
const OF_TOPIC: &str = "topic-";

/// A ready-made interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Stable, kebab-case.
    pub id: String,
    /// Its name on a screen.
    pub title: String,
    /// The role that it is for.
    pub role: String,
    /// The level that it is for.
    pub level: Level,
    /// The topics that its questions come from.
    pub topics: Vec<String>,
    /// The number of questions that the bank has for it.
    pub available_questions: usize,
    /// What it tests; empty if the title says it.
    pub description: String,
    /// Minutes for the whole interview; 0 for no limit.
    pub minutes: u32,
    /// Its questions in order; if empty, any of its topics.
    pub parts: Vec<Part>,
}

/// The ready-made interviews that are compiled in, or what is wrong with them; a test checks that nothing
/// is.
fn compiled_in() -> &'static Result<Vec<Template>, Vec<BankFault>> {
    static READ: OnceLock<Result<Vec<Template>, Vec<BankFault>>> = OnceLock::new();
    READ.get_or_init(|| template_file::read(READY_MADE.0, READY_MADE.1))
}

/// The id of a role's template.
pub(super) fn id_of_role(role: &str) -> String {
    role.to_lowercase().replace(' ', "-")
}

/// Whether an id is one that no role's template may have.
pub(super) fn is_taken(id: &str) -> bool {
    let mut ready_made = compiled_in().iter().flatten();
    id.starts_with(OF_TOPIC) || ready_made.any(|template| template.id == id)
}

impl Bank {
    /// All templates: roles in alphabetical order, then those with an order of their own, then topics.
    pub fn templates(&self) -> Vec<Template> {
        let roles = self.roles().into_iter().map(|role| self.role_template(role));
        let ready_made = compiled_in().iter().flatten();
        let ready_made = ready_made.filter_map(|template| self.with_questions(template));
        let topics = self.topics.iter().map(|topic| Template {
            id: format!("{OF_TOPIC}{}", topic.name),
            title: format!("{} in depth", topic.title),
            role: "Software engineer".to_owned(),
            level: Level::Mid,
            topics: vec![topic.name.clone()],
            available_questions: topic.questions.len(),
            description: String::new(),
            minutes: 0,
            parts: Vec::new(),
        });
        roles.chain(ready_made).chain(topics).collect()
    }

    /// The template with that id.
    pub fn template(&self, id: &str) -> Option<Template> {
        self.templates().into_iter().find(|template| template.id == id)
    }

    fn role_template(&self, role: &str) -> Template {
        let is_language = |topic: &Topic| LANGUAGES.contains(&topic.name.as_str());
        let fits = |topic: &&Topic| topic.roles.iter().any(|r| r == role) && !is_language(topic);
        let topics = || self.topics.iter().filter(fits);
        Template {
            id: id_of_role(role),
            title: role.to_owned(),
            role: role.to_owned(),
            level: Level::Mid,
            topics: topics().map(|topic| topic.name.clone()).collect(),
            available_questions: topics().map(|topic| topic.questions.len()).sum(),
            description: String::new(),
            minutes: 0,
            parts: Vec::new(),
        }
    }

    /// A template with the number of questions that the bank has for its parts; `None` if the bank lacks
    /// one of its topics.
    fn with_questions(&self, template: &Template) -> Option<Template> {
        let topic = |name: &String| self.topics.iter().find(|topic| topic.name == *name);
        let topics: Vec<&Topic> = template.topics.iter().map(topic).collect::<Option<_>>()?;
        let is_asked = |topic: &Topic, level: Level| {
            let level_of = |part: &Part| part.level.unwrap_or(template.level);
            template.parts.iter().any(|part| part.topic == topic.name && level_of(part) == level)
        };
        let count =
            |topic: &&Topic| topic.questions.iter().filter(|q| is_asked(topic, q.level)).count();
        let available_questions = topics.iter().map(count).sum();
        Some(Template { available_questions, ..template.clone() })
    }
}

#[cfg(test)]
mod tests;
