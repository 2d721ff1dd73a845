//! The form for a new interview.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use viva_proto::v1::{CreateInterviewRequest, InterviewMode, Level, Template};

use super::{editor::Editor, preview::Preview};
use crate::{keys::Context, templates, words};

/// The fields, in the order of Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    /// The role to practise for.
    Role,
    /// The level.
    Level,
    /// The number of questions.
    Questions,
    /// Whether feedback comes after each answer, or at the end with a time limit.
    Mode,
    /// The time limit in minutes.
    Minutes,
    /// The topics of the questions.
    Topics,
    /// The language of questions and feedback.
    Language,
    /// The job advert for the questions.
    Advert,
}

impl Field {
    /// All fields.
    pub(crate) const ALL: [Self; 8] = [
        Self::Role,
        Self::Level,
        Self::Questions,
        Self::Mode,
        Self::Minutes,
        Self::Topics,
        Self::Language,
        Self::Advert,
    ];

    /// The field that a violation of the request names.
    pub(crate) fn of_violation(name: &str) -> Option<Self> {
        // A violation of one element is named `topics[2]`.
        match name.split('[').next().unwrap_or(name) {
            "role" | "template_id" => Some(Self::Role),
            "level" => Some(Self::Level),
            "num_questions" => Some(Self::Questions),
            "mode" => Some(Self::Mode),
            "minutes" => Some(Self::Minutes),
            "topics" => Some(Self::Topics),
            "language" => Some(Self::Language),
            "job_description" => Some(Self::Advert),
            _ => None,
        }
    }

    fn step(self, forward: bool) -> Self {
        let count = Self::ALL.len();
        let at = Self::ALL.iter().position(|field| *field == self).unwrap_or(0);
        Self::ALL[(at + if forward { 1 } else { count - 1 }) % count]
    }
}

/// The minutes to choose from; 0 means the server's default.
pub(crate) const MINUTES: [i32; 6] = [0, 15, 30, 45, 60, 90];

/// The state of the form.
#[derive(Debug)]
pub(crate) struct NewInterview {
    /// The field that keys go to.
    pub(crate) field: Field,
    /// The role to practise for.
    pub(crate) role: Editor,
    /// The level.
    pub(crate) level: Level,
    /// Whether the user chose the level; otherwise it follows the role.
    pub(crate) is_level_chosen: bool,
    /// The level of the last interview, for a role without one.
    pub(crate) last_level: Option<Level>,
    /// The number of questions.
    pub(crate) questions: i32,
    /// Whether it is in real mode: with a time limit, and feedback at the end.
    pub(crate) is_real: bool,
    /// The time limit in real mode: one of `MINUTES`.
    pub(crate) minutes: i32,
    /// The topics of the questions; empty for any.
    pub(crate) topics: BTreeSet<String>,
    /// The text that finds a topic.
    pub(crate) wanted_topic: Editor,
    /// The topic at the cursor, among the matches.
    pub(crate) topic: usize,
    /// The language tag for questions and feedback; blank for English.
    pub(crate) language: Editor,
    /// The job advert for the questions.
    pub(crate) advert: Editor,
    /// The selected suggestion, among the matches.
    pub(crate) suggestion: Option<usize>,
    /// The ready-made interview that was taken, until the form differs from it.
    pub(crate) template: Option<String>,
    /// What is wrong with each field.
    pub(crate) faults: BTreeMap<Field, String>,
    /// Whether the user has typed or chosen anything in the form.
    pub(crate) is_touched: bool,
    /// The preview of the interview.
    pub(crate) preview: Preview,
    /// When the request was sent, while it is in progress.
    pub(crate) sending_since: Option<Timestamp>,
    /// The last request sent, with its key: sending it again must not create a second interview.
    pub(crate) sent: Option<CreateInterviewRequest>,
}

impl NewInterview {
    /// A form that starts from the role and level of the last interview.
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
            is_real: false,
            minutes: 0,
            topics: BTreeSet::new(),
            wanted_topic: Editor::line(""),
            topic: 0,
            language: Editor::line(""),
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

    /// The context of keys.
    pub(crate) fn context(&self) -> Context {
        match self.field {
            Field::Role => Context::FormRole,
            Field::Level | Field::Questions | Field::Mode | Field::Minutes => Context::FormChoice,
            Field::Topics => Context::FormTopics,
            Field::Language => Context::FormLanguage,
            Field::Advert => Context::FormAdvert,
        }
    }

    /// Whether the form has this field now.
    pub(crate) fn has(&self, field: Field) -> bool {
        field != Field::Minutes || self.is_real
    }

    /// Goes to the field after this one, or before it.
    pub(crate) fn step(&mut self, forward: bool) {
        self.field = self.field.step(forward);
        while !self.has(self.field) {
            self.field = self.field.step(forward);
        }
    }

    /// The form's request, without its key. A level that was not chosen is the role's.
    pub(crate) fn request(&self, templates: &[Template]) -> CreateInterviewRequest {
        let has_level = self.is_level_chosen || self.last_level.is_some();
        let level = if has_level { self.level } else { Level::Unspecified };
        let mut request = CreateInterviewRequest {
            role: self.role.text().trim().to_owned(),
            num_questions: self.questions,
            level: level.into(),
            topics: self.topics.iter().cloned().collect(),
            job_description: self.advert.text().trim().to_owned(),
            language: self.language.text().trim().to_owned(),
            ..CreateInterviewRequest::default()
        };
        if self.is_real {
            request.set_mode(InterviewMode::Real);
            request.minutes = self.minutes;
        }
        if let Some(template) = self.taken(templates) {
            templates::ask(&mut request, template);
        }
        request
    }

    /// The ready-made interview that the form still matches.
    pub(crate) fn taken<'t>(&self, templates: &'t [Template]) -> Option<&'t Template> {
        let id = self.template.as_ref()?;
        templates.iter().find(|template| template.id == *id)
    }

    /// Ready-made interviews that match the typed text, best match first.
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

    /// The topics whose names contain the typed text, in order.
    pub(crate) fn topics_found(&self, templates: &[Template]) -> Vec<String> {
        let all: BTreeSet<&String> = templates.iter().flat_map(|t| &t.topics).collect();
        let typed = self.wanted_topic.text().trim().to_lowercase().replace(' ', "-");
        let mut found: Vec<String> =
            all.into_iter().filter(|topic| topic.contains(&typed)).cloned().collect();
        // Names that begin with the text come first; otherwise the order is kept.
        found.sort_by_key(|topic| !topic.starts_with(&typed));
        found
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
    fn suggestions_are_sorted_by_match_and_then_by_level() {
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
    fn tab_wraps_around() {
        let mut form = NewInterview::new(None);
        form.step(false);
        assert_eq!(form.field, Field::Advert);
        form.step(true);
        assert_eq!(form.field, Field::Role);
    }
}
