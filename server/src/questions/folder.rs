//! A bank of your own: a folder of bank files beside the built-in bank.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    bank::{Bank, Topic},
    bank_check::{self, BankContents, BankFault},
    template::{id_of_role, is_taken},
};

/// Why the bank cannot be used. The text names everything that is wrong.
#[derive(Debug, thiserror::Error)]
pub enum BankError {
    /// The bank that is compiled in is broken.
    #[error("the built-in question bank is broken:\n{}", lines(.0))]
    BuiltIn(Vec<BankFault>),
    /// The folder cannot be read.
    #[error("the question bank in {} cannot be read: {cause}", folder.display())]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// The system's words.
        cause: io::Error,
    },
    /// There are faults in its files.
    #[error("the question bank in {} has errors (`viva bank check` lists them, too):\n{}", folder.display(), lines(faults))]
    Invalid {
        /// The folder.
        folder: PathBuf,
        /// All the faults.
        faults: Vec<BankFault>,
    },
}

/// A fault quotes the file, which may be another person's.
fn lines(faults: &[BankFault]) -> String {
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    viva_text::neutral(&lines.join("\n")).into_owned()
}

/// The bank to ask from: the built-in one, together with the questions of `folder`, if there is one.
/// Unfinished entries are left out.
pub fn bank(folder: Option<&Path>) -> Result<Arc<Bank>, BankError> {
    let built_in = Bank::built_in().map_err(BankError::BuiltIn)?;
    let Some(folder) = folder else { return Ok(built_in) };
    let unreadable = |cause| BankError::Unreadable { folder: folder.to_owned(), cause };
    let files = files(folder).map_err(unreadable)?;
    let contents = bank_check::read(&by_reference(&files));
    let merged = merge(&built_in, contents);
    merged.map(Arc::new).map_err(|faults| BankError::Invalid { folder: folder.to_owned(), faults })
}

/// Checks the files of a folder: returns everything that is wrong, or what they contain. A folder
/// with every topic of the built-in bank is checked as a bank by itself, any other as one beside the
/// built-in bank.
pub fn check_folder(folder: &Path) -> io::Result<Result<Bank, Vec<BankFault>>> {
    let files = files(folder)?;
    let files = by_reference(&files);
    let built_in = match Bank::built_in() {
        Ok(built_in) => built_in,
        Err(faults) => return Ok(Err(faults)),
    };
    let has = |topic: &Topic| {
        files.iter().any(|(name, _)| name.strip_suffix(".toml") == Some(&topic.name))
    };
    if built_in.topics.iter().all(has) {
        return Ok(bank_check::parse(&files));
    }
    let mut contents = bank_check::read(&files);
    let unfinished = std::mem::take(&mut contents.unfinished);
    let own = contents.topics.iter().chain(&contents.extensions).cloned().collect();
    let mut faults = merge(&built_in, contents).err().unwrap_or_default();
    faults.extend(unfinished);
    Ok(if faults.is_empty() { Ok(Bank { topics: own }) } else { Err(faults) })
}

/// Name and text of every bank file in a folder, in the order of their names.
fn files(folder: &Path) -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let named = |error: io::Error| io::Error::new(error.kind(), format!("{name}: {error}"));
            let text = viva_text::decode::file(&path).map_err(named)?;
            files.push((name, text));
        }
    }
    files.sort();
    Ok(files)
}

fn by_reference(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

/// The built-in bank together with what was read, or everything that conflicts.
fn merge(built_in: &Bank, contents: BankContents) -> Result<Bank, Vec<BankFault>> {
    let mut faults = contents.faults;
    let mut topics = built_in.topics.clone();
    let all = contents.topics.iter().chain(&contents.extensions).flat_map(|own| own.roles.clone());
    let roles: Vec<String> =
        built_in.roles().into_iter().map(ToOwned::to_owned).chain(all).collect();
    for own in contents.extensions {
        check_questions(built_in, &own, &mut faults);
        check_roles(&roles, &own, &mut faults);
        match topics.iter_mut().find(|topic| topic.name == own.name) {
            Some(topic) => extend(topic, own),
            None => faults.push(BankFault::of_file(
                &own,
                "extends",
                format!("the built-in bank has no topic {}; leave extends out", own.name),
            )),
        }
    }
    for own in contents.topics {
        check_questions(built_in, &own, &mut faults);
        check_roles(&roles, &own, &mut faults);
        check_names(built_in, &own, &mut faults);
        // All its questions may be unfinished.
        if !own.questions.is_empty() {
            topics.push(own);
        }
    }
    topics.sort_by(|a, b| a.name.cmp(&b.name));
    if faults.is_empty() { Ok(Bank { topics }) } else { Err(faults) }
}

fn extend(topic: &mut Topic, own: Topic) {
    topic.questions.extend(own.questions);
    for role in own.roles {
        if !topic.roles.contains(&role) {
            topic.roles.push(role);
        }
    }
}

/// Checks a topic's name and title, each of which identifies it.
fn check_names(built_in: &Bank, own: &Topic, faults: &mut Vec<BankFault>) {
    let mut fault = |field, problem| faults.push(BankFault::of_file(own, field, problem));
    if built_in.topics.iter().any(|topic| topic.name == own.name) {
        let problem = format!(
            "{} is a topic of the built-in bank. To add questions to it, write extends = true and \
             leave title out; for a new topic, choose another name",
            own.name
        );
        return fault("topic", problem);
    }
    let title = own.title.to_lowercase();
    if let Some(topic) = built_in.topics.iter().find(|topic| topic.title.to_lowercase() == title) {
        fault(
            "title",
            format!("is the title of the built-in topic {}; choose another", topic.name),
        );
    }
}

fn check_questions(built_in: &Bank, own: &Topic, faults: &mut Vec<BankFault>) {
    for question in &own.questions {
        if let Some((topic, _)) = built_in.questions().find(|(_, other)| other.id == question.id) {
            let problem = format!("is also in {} of the built-in bank; choose another", topic.name);
            faults.push(BankFault {
                entry: question.id.clone(),
                ..BankFault::of_file(own, "id", problem)
            });
        }
    }
}

/// Checks that a role is spelt the same everywhere, because a ready-made interview is named after
/// it.
fn check_roles(all: &[String], own: &Topic, faults: &mut Vec<BankFault>) {
    for role in &own.roles {
        let id = id_of_role(role);
        let is_other = |other: &&String| id_of_role(other) == id && *other != role;
        let mut fault = |problem| faults.push(BankFault::of_file(own, "roles", problem));
        if let Some(other) = all.iter().find(is_other) {
            fault(format!("{role} is spelt {other} elsewhere; spell it the same everywhere"));
        } else if is_taken(&id) {
            fault(format!(
                "{role} is the name of a ready-made interview; choose another name for \
                 the role"
            ));
        }
    }
}

#[cfg(test)]
mod tests;
