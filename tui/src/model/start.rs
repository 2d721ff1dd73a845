//! What an empty list of interviews offers: three ready-made interviews, a sample report, and the
//! form for a new interview.

use viva_proto::v1::{Level, Template};

/// How many ready-made interviews are offered.
const MOST: usize = 3;

/// Those that suit most people, in order.
const WANTED: [&str; MOST] = ["topic-rust", "phone-screen-backend", "behavioural-round"];

/// The number of questions and the minutes of a start whose template has neither.
const SHORT: (i32, i32) = (2, 10);

/// The state of the screen of first steps.
#[derive(Debug, Default)]
pub(crate) struct Starts {
    /// The choice in front.
    pub(crate) selected: usize,
    /// Whether the ready-made interviews were requested.
    pub(crate) is_asked: bool,
    /// Whether they could not be loaded.
    pub(crate) has_failed: bool,
}

/// A ready-made interview that starts with one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Start {
    /// The template's id.
    pub(crate) template: String,
    /// Its title here.
    pub(crate) title: String,
    /// Its role.
    pub(crate) role: String,
    /// Its level.
    pub(crate) level: Level,
    /// Its number of questions.
    pub(crate) questions: i32,
    /// Its minutes.
    pub(crate) minutes: i32,
}

/// A choice on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Start this interview.
    Begin(Start),
    /// Look at a sample report.
    Sample,
    /// Fill in the form.
    Own,
}

/// All choices, in order.
pub(crate) fn choices(templates: &[Template]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = starts(templates).map(Choice::Begin).collect();
    choices.extend([Choice::Sample, Choice::Own]);
    choices
}

/// The starts from these templates: the wanted ones and, for those that a server lacks, the
/// shortest others.
fn starts(templates: &[Template]) -> impl Iterator<Item = Start> {
    let wanted = WANTED.iter().filter_map(|id| templates.iter().find(|it| it.id == *id));
    let mut others: Vec<&Template> =
        templates.iter().filter(|it| !WANTED.contains(&it.id.as_str())).collect();
    others.sort_by_key(|it| if it.minutes > 0 { it.minutes } else { i32::MAX });
    wanted.chain(others).take(MOST).map(Start::of)
}

impl Start {
    fn of(template: &Template) -> Self {
        let parts = i32::try_from(template.parts.len()).unwrap_or(0);
        let (questions, minutes) = match (parts, template.minutes) {
            (0, _) => SHORT,
            (parts, 0) => (parts, parts * SHORT.1 / SHORT.0),
            both => both,
        };
        // The title of a topic's template promises depth, which two questions cannot offer.
        let is_rust = template.id == WANTED[0];
        let own = |name: &str, otherwise: &String| {
            if is_rust { name.to_owned() } else { otherwise.clone() }
        };
        Self {
            template: template.id.clone(),
            title: own("Rust", &template.title),
            role: own("Rust engineer", &template.role),
            level: template.level(),
            questions,
            minutes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::data;

    fn template(id: &str, minutes: i32) -> Template {
        Template { id: id.into(), title: id.into(), minutes, ..data::screen() }
    }

    #[test]
    fn the_wanted_starts_come_first_and_the_shortest_replace_missing_ones() {
        let templates = [
            template("hour", 60),
            template("behavioural-round", 45),
            template("long", 120),
            Template { id: "topic-rust".into(), parts: Vec::new(), ..template("", 0) },
        ];
        let starts: Vec<Start> = starts(&templates).collect();
        let ids: Vec<&str> = starts.iter().map(|start| start.template.as_str()).collect();
        assert_eq!(ids, ["topic-rust", "behavioural-round", "hour"]);
        assert_eq!((starts[0].title.as_str(), starts[0].role.as_str()), ("Rust", "Rust engineer"));
        assert_eq!((starts[0].questions, starts[0].minutes), (2, 10));
        assert_eq!((starts[2].questions, starts[2].minutes), (2, 60));
    }

    #[test]
    fn without_templates_only_the_sample_and_the_form_are_offered() {
        assert_eq!(choices(&[]), [Choice::Sample, Choice::Own]);
    }
}
