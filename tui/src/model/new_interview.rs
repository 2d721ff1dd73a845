//! The form for a new interview.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use viva_proto::v1::{CreateInterviewRequest, Level, Template};

use super::{editor::Editor, preview::Preview};
use crate::{keys::Context, templates, words};

/// The fields, in the order that Tab goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    /// What the interview is for.
    Role,
    /// How hard it is.
    Level,
    /// How many questions it has.
    Questions,
    /// What they are about.
    Topics,
    /// The advert they are tailored to.
    Advert,
}

impl Field {
    /// All of them.
    pub(crate) const ALL: [Self; 5] =
        [Self::Role, Self::Level, Self::Questions, Self::Topics, Self::Advert];

    /// The field of the request that a violation names.
    pub(crate) fn of_violation(name: &str) -> Option<Self> {
        // A violation of one of many is named `topics[2]`.
        match name.split('[').next().unwrap_or(name) {
            "role" | "template_id" => Some(Self::Role),
            "level" => Some(Self::Level),
            "num_questions" => Some(Self::Questions),
            "topics" => Some(Self::Topics),
            "job_description" => Some(Self::Advert),
            _ => None,
        }
    }

    /// The field after this one, or before it.
    pub(crate) fn step(self, forward: bool) -> Self {
        let count = Self::ALL.len();
        let at = Self::ALL.iter().position(|field| *field == self).unwrap_or(0);
        Self::ALL[(at + if forward { 1 } else { count - 1 }) % count]
    }
}

/// The state of the form.
#[derive(Debug)]
pub(crate) struct NewInterview {
    /// Where the keys go.
    pub(crate) field: Field,
    /// What the interview is for.
    pub(crate) role: Editor,
    /// How hard it is.
    pub(crate) level: Level,
    /// Whether the user has chosen the level here; else it follows the role.
    pub(crate) is_level_chosen: bool,
    /// The level of the last interview, for a role that names none.
    pub(crate) last_level: Option<Level>,
    /// How many questions it has.
    pub(crate) questions: i32,
    /// What they are about; empty: anything.
    pub(crate) topics: BTreeSet<String>,
    /// The topic that the cursor is on.
    pub(crate) topic: usize,
    /// The advert they are tailored to.
    pub(crate) advert: Editor,
    /// The suggestion that is chosen, among those that match.
    pub(crate) suggestion: Option<usize>,
    /// The ready-made interview that was taken, until the form departs from it.
    pub(crate) template: Option<String>,
    /// What is wrong, by field.
    pub(crate) faults: BTreeMap<Field, String>,
    /// Whether anything was typed or chosen in it.
    pub(crate) is_touched: bool,
    /// What it would get.
    pub(crate) preview: Preview,
    /// Since when the request is on its way; none while it is not.
    pub(crate) sending_since: Option<Timestamp>,
    /// The request that was sent last, with its key: the same again must not create a second one.
    pub(crate) sent: Option<CreateInterviewRequest>,
}

impl NewInterview {
    /// The form with the role and level of the last interview to begin from.
    pub(crate) fn new(last: Option<(&str, Level)>) -> Self {
        let last = last
            .map(|(role, level)| (role, Some(level).filter(|level| *level != Level::Unspecified)));
        let (role, last_level) = last.unwrap_or(("", None));
        let mut role = Editor::line(role);
        role.select_all();
        Self {
            field: Field::Role,
            role,
            level: last_level.unwrap_or(Level::Mid),
            is_level_chosen: false,
            last_level,
            questions: 5,
            topics: BTreeSet::new(),
            topic: 0,
            advert: Editor::lines(""),
            suggestion: None,
            template: None,
            faults: BTreeMap::new(),
            is_touched: false,
            preview: Preview::default(),
            sending_since: None,
            sent: None,
        }
    }

    /// Where a key is pressed now.
    pub(crate) fn context(&self) -> Context {
        match self.field {
            Field::Role => Context::FormRole,
            Field::Level | Field::Questions | Field::Topics => Context::FormChoice,
            Field::Advert => Context::FormAdvert,
        }
    }

    /// The request that the form amounts to, without its key. A level that nobody has chosen is the role's.
    pub(crate) fn request(&self, templates: &[Template]) -> CreateInterviewRequest {
        let has_level = self.is_level_chosen || self.last_level.is_some();
        let level = if has_level { self.level } else { Level::Unspecified };
        let mut request = CreateInterviewRequest {
            role: self.role.text().trim().to_owned(),
            num_questions: self.questions,
            level: level.into(),
            topics: self.topics.iter().cloned().collect(),
            job_description: self.advert.text().trim().to_owned(),
            ..CreateInterviewRequest::default()
        };
        if let Some(template) = self.taken(templates) {
            templates::ask(&mut request, template);
        }
        request
    }

    /// The ready-made interview that the form stands for.
    pub(crate) fn taken<'t>(&self, templates: &'t [Template]) -> Option<&'t Template> {
        let id = self.template.as_ref()?;
        templates.iter().find(|template| template.id == *id)
    }

    /// Ready-made interviews that what is typed may mean, the likeliest first.
    pub(crate) fn suggestions<'t>(&self, templates: &'t [Template]) -> Vec<&'t Template> {
        let typed = self.role.text().to_lowercase();
        let wanted: Vec<&str> = typed.split_whitespace().collect();
        let mut found: Vec<(usize, &Template)> = templates
            .iter()
            .map(|template| (hits(template, &wanted), template))
            .filter(|(hits, _)| wanted.is_empty() || *hits > 0)
            .collect();
        found.sort_by_key(|(hits, template)| (wanted.len() - hits, distance(self.level, template)));
        found.into_iter().map(|(_, template)| template).collect()
    }

    /// The topics that can be chosen, in order.
    pub(crate) fn topics_of(templates: &[Template]) -> Vec<String> {
        let all: BTreeSet<&String> = templates.iter().flat_map(|t| &t.topics).collect();
        all.into_iter().cloned().collect()
    }
}

fn hits(template: &Template, wanted: &[&str]) -> usize {
    let text = format!("{} {}", template.role, template.title).to_lowercase();
    wanted.iter().filter(|word| text.contains(*word)).count()
}

fn distance(level: Level, template: &Template) -> usize {
    let at = |level| words::LEVELS.iter().position(|other| *other == level).unwrap_or(0);
    at(level).abs_diff(at(template.level()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(role: &str, level: Level) -> Template {
        let title = format!("{role}, {}", words::level(level));
        Template {
            id: title.clone(),
            title,
            role: role.into(),
            level: level.into(),
            ..Template::default()
        }
    }

    #[test]
    fn suggestions_come_by_likeness_and_then_by_level() {
        let templates = [
            template("Data engineer", Level::Mid),
            template("Backend engineer", Level::Junior),
            template("Backend engineer", Level::Senior),
            template("Designer", Level::Mid),
        ];
        let mut form = NewInterview::new(Some(("Rust backend engineer", Level::Senior)));
        let ids = |form: &NewInterview| {
            form.suggestions(&templates).iter().map(|t| t.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            ids(&form),
            ["Backend engineer, senior", "Backend engineer, junior", "Data engineer, mid"]
        );
        form.role.replace("");
        assert_eq!(ids(&form).len(), 4);
    }

    #[test]
    fn tab_goes_round() {
        assert_eq!(Field::Advert.step(true), Field::Role);
        assert_eq!(Field::Role.step(false), Field::Advert);
    }
}
