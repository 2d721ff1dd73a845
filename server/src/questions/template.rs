//! Ready-made interviews: one for each role of the bank, and one for each topic.

use super::{
    bank::{Bank, Topic},
    fit::LANGUAGES,
};
use crate::domain::interview::Level;

/// A ready-made interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Stable, kebab-case.
    pub id: String,
    /// How it is called on a screen.
    pub title: String,
    /// The role that it is for.
    pub role: String,
    /// The level that it is for.
    pub level: Level,
    /// The topics that its questions come from.
    pub topics: Vec<String>,
    /// Questions that the bank holds for it.
    pub available_questions: usize,
}

impl Bank {
    /// All templates: roles first, then topics, each in the order of the alphabet.
    pub fn templates(&self) -> Vec<Template> {
        let roles = self.roles().into_iter().map(|role| self.role_template(role));
        let topics = self.topics.iter().map(|topic| Template {
            id: format!("topic-{}", topic.name),
            title: format!("{} in depth", topic.title),
            role: "Software engineer".to_owned(),
            level: Level::Mid,
            topics: vec![topic.name.clone()],
            available_questions: topic.questions.len(),
        });
        roles.chain(topics).collect()
    }

    /// The template of that id.
    pub fn template(&self, id: &str) -> Option<Template> {
        self.templates().into_iter().find(|template| template.id == id)
    }

    fn role_template(&self, role: &str) -> Template {
        let is_language = |topic: &Topic| LANGUAGES.contains(&topic.name.as_str());
        let fits = |topic: &&Topic| topic.roles.iter().any(|r| r == role) && !is_language(topic);
        let topics = || self.topics.iter().filter(fits);
        Template {
            id: role.to_lowercase().replace(' ', "-"),
            title: role.to_owned(),
            role: role.to_owned(),
            level: Level::Mid,
            topics: topics().map(|topic| topic.name.clone()).collect(),
            available_questions: topics().map(|topic| topic.questions.len()).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_template_has_an_id_of_its_own_and_enough_questions() {
        let templates = Bank::built_in().unwrap().templates();
        let ids: HashSet<_> = templates.iter().map(|template| template.id.as_str()).collect();
        assert_eq!(ids.len(), templates.len());
        for template in &templates {
            assert!(template.available_questions >= 5, "{}", template.id);
            assert!(!template.topics.is_empty(), "{}", template.id);
        }
        assert!(ids.contains("backend-engineer") && ids.contains("topic-rust"));
    }
}
