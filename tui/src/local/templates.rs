//! Files of ready-made interviews, in the server's format.

use viva_proto::v1;
use viva_server::{
    domain::interview::{Level, Part},
    questions::{template::Template, template_file},
};

use super::bank::of_wire;

/// The templates of a file, or all its faults.
pub(crate) fn read(name: &str, text: &str) -> Result<Vec<v1::Template>, Vec<String>> {
    let read = template_file::read(name, text);
    read.map(|templates| templates.into_iter().map(to_wire).collect())
        .map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

/// The text of a file with this template, under this id.
pub(crate) fn write(id: &str, template: &v1::Template) -> String {
    let part = |part: &v1::TemplatePart| Part {
        topic: part.topic.clone(),
        level: Some(part.level()).filter(|level| *level != v1::Level::Unspecified).map(of_wire),
        minutes: u32::try_from(part.minutes).unwrap_or(0),
    };
    template_file::write(&Template {
        id: id.to_owned(),
        title: template.title.clone(),
        role: template.role.clone(),
        level: of_wire(template.level()),
        topics: template.topics.clone(),
        available_questions: 0,
        description: template.description.clone(),
        minutes: u32::try_from(template.minutes).unwrap_or(0),
        parts: template.parts.iter().map(part).collect(),
    })
}

fn to_wire(template: Template) -> v1::Template {
    let minutes = |minutes: u32| i32::try_from(minutes).unwrap_or(i32::MAX);
    let part = |part: Part| v1::TemplatePart {
        topic: part.topic,
        level: part.level.map_or(v1::Level::Unspecified, level).into(),
        minutes: minutes(part.minutes),
    };
    v1::Template {
        id: template.id,
        title: template.title,
        role: template.role,
        level: level(template.level).into(),
        topics: template.topics,
        available_questions: 0,
        description: template.description,
        minutes: minutes(template.minutes),
        parts: template.parts.into_iter().map(part).collect(),
    }
}

fn level(level: Level) -> v1::Level {
    match level {
        Level::Junior => v1::Level::Junior,
        Level::Mid => v1::Level::Mid,
        Level::Senior => v1::Level::Senior,
        Level::Staff => v1::Level::Staff,
    }
}
