//! Ready-made interviews as a file. Those that are compiled in and your own have the same format, which
//! docs/bank.md explains. All faults of a file are reported together.

use std::fmt::Write as _;

use serde::Deserialize;

use super::{
    bank_check::{BankFault, is_kebab},
    template::Template,
};
use crate::domain::{
    interview::{Level, MOST_PARTS, Part, parse_role, parse_topic},
    text::line,
};

/// The most minutes of a question.
const MOST_MINUTES: u32 = 120;
/// The most minutes of an interview.
const MOST_MINUTES_IN_ALL: u32 = 480;
/// The most characters of an id.
const MOST_ID_CHARS: usize = 80;

/// A file as people write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    template: Vec<toml::Value>,
}

/// A template as people write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    title: String,
    description: String,
    role: String,
    level: String,
    minutes: i64,
    parts: Vec<PartEntry>,
}

/// A part as people write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartEntry {
    topic: String,
    level: Option<String>,
    minutes: i64,
}

/// Reads the templates of a file; its name is given with each fault. How many questions there are for
/// them is known only with a bank.
pub fn read(name: &str, text: &str) -> Result<Vec<Template>, Vec<BankFault>> {
    let mut faults = TemplateFaults { file: name, found: Vec::new() };
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            faults.add("", "", error.to_string().trim_end());
            return Err(faults.found);
        }
    };
    if file.template.is_empty() {
        faults.add("", "template", "must have at least one entry ([[template]])");
    }
    let mut templates: Vec<Template> = Vec::new();
    for (value, at) in file.template.into_iter().zip(1..) {
        let Some(template) = template(value, at, &mut faults) else { continue };
        if templates.iter().any(|other| other.id == template.id) {
            faults.add(&template.id, "id", "is also another template's");
        }
        templates.push(template);
    }
    if faults.found.is_empty() { Ok(templates) } else { Err(faults.found) }
}

struct TemplateFaults<'a> {
    file: &'a str,
    found: Vec<BankFault>,
}

impl TemplateFaults<'_> {
    fn add(&mut self, entry: &str, field: &str, problem: impl Into<String>) {
        self.found.push(BankFault {
            file: self.file.to_owned(),
            entry: entry.to_owned(),
            field: field.to_owned(),
            problem: problem.into(),
        });
    }
}

fn template(value: toml::Value, at: usize, faults: &mut TemplateFaults) -> Option<Template> {
    let id = value.get("id").and_then(toml::Value::as_str).map(ToOwned::to_owned);
    let name = id.unwrap_or_else(|| format!("template {at}"));
    let entry: Entry = match value.try_into() {
        Ok(entry) => entry,
        Err(error) => {
            faults.add(&name, "", error.message());
            return None;
        }
    };
    check(&name, &entry, faults);
    let level = level(&name, "level", &entry.level, faults)?;
    let parts = parts(&name, &entry, level, faults);
    let minutes = minutes(&name, "minutes", entry.minutes, MOST_MINUTES_IN_ALL, faults);
    let needed: u32 = parts.iter().map(|part| part.minutes).sum();
    if minutes > 0 && minutes < needed {
        faults.add(&name, "minutes", format!("must be at least its parts' {needed}"));
    }
    let mut topics: Vec<String> = Vec::new();
    for part in &parts {
        if !topics.contains(&part.topic) {
            topics.push(part.topic.clone());
        }
    }
    let Entry { id, title, description, role, .. } = entry;
    Some(Template {
        id,
        title,
        role,
        level,
        topics,
        available_questions: 0,
        description,
        minutes,
        parts,
    })
}

fn check(name: &str, entry: &Entry, faults: &mut TemplateFaults) {
    if !is_kebab(&entry.id) || entry.id.len() > MOST_ID_CHARS {
        faults.add(name, "id", format!("must be kebab-case, at most {MOST_ID_CHARS} characters"));
    }
    let lines = [("title", &entry.title, 100), ("description", &entry.description, 300)];
    for (field, text, most) in lines {
        let problem = format!("must be 1 to {most} characters on one line");
        if line(text, 1, most, "").is_err() {
            faults.add(name, field, problem);
        }
    }
    if parse_role(&entry.role).is_err() {
        faults.add(name, "role", "must be 1 to 100 characters on one line");
    }
    if entry.parts.is_empty() || entry.parts.len() > MOST_PARTS {
        let problem = format!("must have 1 to {MOST_PARTS} entries, not {}", entry.parts.len());
        faults.add(name, "parts", problem);
    }
}

fn parts(name: &str, entry: &Entry, of_all: Level, faults: &mut TemplateFaults) -> Vec<Part> {
    let mut parts = Vec::new();
    for (part, at) in entry.parts.iter().zip(1..) {
        let field = |name: &str| format!("parts {at} {name}");
        if parse_topic(&part.topic).is_err() {
            faults.add(name, &field("topic"), "must be 1 to 50 characters on one line");
        }
        let own = part.level.as_deref();
        let level = own.map_or(Some(of_all), |word| level(name, &field("level"), word, faults));
        let minutes = minutes(name, &field("minutes"), part.minutes, MOST_MINUTES, faults);
        parts.push(Part { topic: part.topic.clone(), level, minutes });
    }
    parts
}

fn level(name: &str, field: &str, word: &str, faults: &mut TemplateFaults) -> Option<Level> {
    let level = Level::from_word(word);
    if level.is_none() {
        faults.add(name, field, "must be junior, mid, senior or staff");
    }
    level
}

/// The minutes; 0 if they are out of range.
fn minutes(name: &str, field: &str, minutes: i64, most: u32, faults: &mut TemplateFaults) -> u32 {
    match u32::try_from(minutes) {
        Ok(minutes) if (1..=most).contains(&minutes) => minutes,
        _ => {
            faults.add(name, field, format!("must be a whole number from 1 to {most}"));
            0
        }
    }
}

/// The text of a file with one template.
pub fn write(template: &Template) -> String {
    let text = |text: &str| toml::Value::from(text).to_string();
    let mut file = String::from("[[template]]\n");
    // Writing to a string does not fail.
    let mut line = |name: &str, value: String| {
        let _ = writeln!(file, "{name} = {value}");
    };
    line("id", text(&template.id));
    line("title", text(&template.title));
    line("description", text(&template.description));
    line("role", text(&template.role));
    line("level", text(template.level.word()));
    line("minutes", template.minutes.to_string());
    let part = |part: &Part| {
        let level = part.level.unwrap_or(template.level).word();
        let (topic, minutes) = (text(&part.topic), part.minutes);
        format!("    {{ topic = {topic}, level = \"{level}\", minutes = {minutes} }},\n")
    };
    let parts: String = template.parts.iter().map(part).collect();
    let _ = write!(file, "parts = [\n{parts}]\n");
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        [[template]]
        id = "friday"
        title = "Friday practice"
        description = "Two subjects before the weekend."
        role = "Backend engineer"
        level = "mid"
        minutes = 30
        parts = [
            { topic = "databases", minutes = 10 },
            { topic = "sql", level = "junior", minutes = 15 },
        ]
    "#;

    fn faults(text: &str) -> Vec<String> {
        read("own.toml", text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_sound_file_is_read_completely_and_written_as_it_was_read() {
        let templates = read("own.toml", FILE).unwrap();
        let friday = &templates[0];
        assert_eq!(friday.topics, ["databases", "sql"]);
        assert_eq!(friday.parts[0].level, Some(Level::Mid), "the level of the whole");
        assert_eq!(friday.parts[1].level, Some(Level::Junior));
        assert_eq!(read("own.toml", &write(friday)).unwrap(), templates);
    }

    #[test]
    fn any_text_survives_being_written() {
        let mut friday = read("own.toml", FILE).unwrap().remove(0);
        friday.title = "a \"quoted\" \\ title, it's 漢字".into();
        assert_eq!(read("own.toml", &write(&friday)).unwrap(), [friday]);
    }

    #[test]
    fn all_faults_are_reported_together_with_entry_and_field() {
        let wrong = FILE
            .replace("friday", "Friday 13")
            .replace("Friday practice", " ")
            .replace("minutes = 30", "minutes = 5")
            .replace("minutes = 15", "minutes = 0")
            .replace("junior", "boss");
        assert_eq!(
            faults(&wrong),
            [
                "own.toml: Friday 13: id: must be kebab-case, at most 80 characters",
                "own.toml: Friday 13: title: must be 1 to 100 characters on one line",
                "own.toml: Friday 13: parts 2 level: must be junior, mid, senior or staff",
                "own.toml: Friday 13: parts 2 minutes: must be a whole number from 1 to 120",
                "own.toml: Friday 13: minutes: must be at least its parts' 10",
            ]
        );
        assert_eq!(
            faults(&format!("{FILE}{FILE}")),
            ["own.toml: friday: id: is also another template's"]
        );
        assert!(faults("")[0].contains("at least one entry"));
        assert!(faults(&FILE.replace("title", "titel"))[0].contains("unknown field `titel`"));
        assert!(faults("[[template]]\nid = 3\n")[0].starts_with("own.toml: template 1: "));
        assert!(faults("not toml")[0].starts_with("own.toml: "));
    }
}
