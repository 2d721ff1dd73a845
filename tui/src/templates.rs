//! Your own ready-made interviews, in addition to the server's: files in a folder of the settings.
//! The server never sees the files; an interview from one is requested by its parts.

use std::{fs, io, path::Path};

use viva_proto::v1::{CreateInterviewRequest, Level, Template, TemplatePart};
use viva_text::decode;

use crate::local::templates;

/// The prefix of your own templates' ids, which no server's id has.
const OWN: &str = "own:";

/// Your own templates, and the faults in files that could not be read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Own {
    /// In the order of their file names.
    pub(crate) templates: Vec<Template>,
    /// One line each, with file, entry and field.
    pub(crate) faults: Vec<String>,
}

/// Reads every `*.toml` in a folder; a missing folder has none.
pub(crate) fn read_folder(folder: &Path) -> Own {
    let mut own = Own::default();
    let files = match files(folder) {
        Ok(files) => files,
        Err(error) => {
            own.faults.push(format!("{} cannot be read: {error}", folder.display()));
            return own;
        }
    };
    for (name, text) in files {
        let text = match text {
            Ok(text) => text,
            Err(error) => {
                own.faults.push(format!("{name} cannot be read: {error}"));
                continue;
            }
        };
        match read(&name, &text) {
            Ok(templates) => {
                for template in templates {
                    own.add(&name, template);
                }
            }
            Err(faults) => own.faults.extend(faults),
        }
    }
    own
}

impl Own {
    fn add(&mut self, file: &str, template: Template) {
        if self.templates.iter().any(|other| other.id == template.id) {
            let id = plain_id(&template);
            self.faults.push(format!("{file}: {id}: id: is also in another file"));
            return;
        }
        self.templates.push(template);
    }
}

/// The name and text of every template file, in the order of their names.
fn files(folder: &Path) -> io::Result<Vec<(String, io::Result<String>)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, decode::file(&path)));
        }
    }
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(files)
}

/// The templates of a file as your own, or all its faults.
pub(crate) fn read(name: &str, text: &str) -> Result<Vec<Template>, Vec<String>> {
    let own = |template: Template| Template { id: format!("{OWN}{}", template.id), ..template };
    Ok(templates::read(name, text)?.into_iter().map(own).collect())
}

/// Whether the template is your own, not the server's.
pub(crate) fn is_own(template: &Template) -> bool {
    template.id.starts_with(OWN)
}

/// The id as written in the file.
pub(crate) fn plain_id(template: &Template) -> &str {
    template.id.strip_prefix(OWN).unwrap_or(&template.id)
}

/// How many questions an interview from the template has; `None` if any number is possible.
pub(crate) fn questions(template: &Template) -> Option<i32> {
    i32::try_from(template.parts.len()).ok().filter(|parts| *parts > 0)
}

/// Requests an interview from the template: the server's by its id, your own by its parts. As with
/// the server's, topics in the request replace the parts, and another level moves all of them.
pub(crate) fn ask(request: &mut CreateInterviewRequest, template: &Template) {
    if is_own(template) {
        if request.topics.is_empty() {
            let by = if request.level == 0 { 0 } else { request.level - template.level };
            request.parts = template.parts.iter().map(|part| moved(part, by)).collect();
        }
        if request.role.is_empty() {
            request.role.clone_from(&template.role);
        }
        if request.level == 0 {
            request.level = template.level;
        }
    } else {
        request.template_id.clone_from(&template.id);
    }
}

/// A part moved up by this many levels, within the lowest and the highest.
fn moved(part: &TemplatePart, by: i32) -> TemplatePart {
    let level = match part.level() {
        Level::Unspecified => 0,
        level => (i32::from(level) + by).clamp(Level::Junior.into(), Level::Staff.into()),
    };
    TemplatePart { level, ..part.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRIDAY: &str = "[[template]]\nid = \"friday\"\ntitle = \"Friday\"\ndescription = \"Two.\"\n\
        role = \"Backend engineer\"\nlevel = \"senior\"\nminutes = 20\n\
        parts = [{ topic = \"sql\", level = \"mid\", minutes = 9 }, { topic = \"rust\", minutes = 9 }]\n";

    #[test]
    fn a_missing_folder_has_no_templates() {
        assert_eq!(read_folder(Path::new("/nowhere/templates")), Own::default());
    }

    #[test]
    fn a_broken_file_is_reported_and_does_not_affect_others() {
        let home = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
        write("a.toml", FRIDAY);
        write("b.toml", FRIDAY);
        write("c.toml", &FRIDAY.replace("friday", "Friday 13"));
        write("notes.md", "not one");
        let own = read_folder(home.path());
        let ids: Vec<_> = own.templates.iter().map(plain_id).collect();
        assert_eq!(ids, ["friday"]);
        assert_eq!(own.faults.len(), 2, "{:?}", own.faults);
        assert_eq!(own.faults[0], "b.toml: friday: id: is also in another file");
        assert!(own.faults[1].starts_with("c.toml: Friday 13: id: must be kebab-case"));
    }

    #[test]
    fn your_own_template_is_requested_by_its_parts_and_the_servers_by_its_id() {
        let own = read("a.toml", FRIDAY).unwrap().remove(0);
        let mut request = CreateInterviewRequest::default();
        ask(&mut request, &own);
        assert_eq!((request.role.as_str(), request.level), ("Backend engineer", own.level));
        assert_eq!((request.parts.len(), request.template_id.as_str()), (2, ""));
        assert_eq!(questions(&own), Some(2));
        let levels = |level: Level, topics: &[String]| {
            let mut request = CreateInterviewRequest {
                level: level.into(),
                topics: topics.to_vec(),
                ..CreateInterviewRequest::default()
            };
            ask(&mut request, &own);
            request.parts.iter().map(TemplatePart::level).collect::<Vec<_>>()
        };
        assert_eq!(levels(Level::Senior, &[]), [Level::Mid, Level::Senior]);
        assert_eq!(levels(Level::Staff, &[]), [Level::Senior, Level::Staff]);
        assert_eq!(levels(Level::Junior, &[]), [Level::Junior, Level::Junior]);
        assert_eq!(levels(Level::Senior, &["rust".to_owned()]), []);
        let mut request = CreateInterviewRequest::default();
        ask(&mut request, &Template { id: "first-job".into(), ..own });
        assert_eq!((request.parts.len(), request.template_id.as_str()), (0, "first-job"));
    }
}
