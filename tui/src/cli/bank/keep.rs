//! `viva bank keep`: saves an interview's question, with its rubric, as an entry of a bank file for
//! you to edit.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Serialize;
use viva_proto::v1::GetRubricResponse;
use viva_text::decode;

use super::{Context, Failure, bank, note_how_to_use};
use crate::{
    cli::{Exit, json, paper},
    local::bank::{Bank, Head, writing},
    own_file,
    problem::{Problem, ProblemKind},
    text, words,
};

/// The most words in a topic's name.
const MOST_WORDS: usize = 6;

/// The topic of a question without one.
const NO_TOPIC: &str = "kept";

/// The question to keep.
#[derive(Debug, Args)]
#[command(
    after_help = "A question that you skipped can be kept after viva question reveal.\n\nExamples:\n  viva bank keep 42\n  viva interview show latest --json | jq \'.interview.questions[].id\'"
)]
pub(crate) struct Arguments {
    /// The question's number; `viva interview show ID --json` shows it
    #[arg(value_name = "QUESTION_ID")]
    question: i64,
}

#[derive(Serialize)]
struct Kept {
    id: String,
    file: String,
    /// What is missing before the entry can be asked.
    unfinished: Vec<String>,
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let question = api.rubric(arguments.question).await;
    let question = question.map_err(|problem| failure(problem, arguments.question))?;
    let folder = context.paths.own_bank(context.settings.bank_dir.as_deref());
    let kept = keep(&question, &folder)?;
    if context.json {
        return json::print(&kept);
    }
    paper::out(&format!("Kept as {} in {}.\n", kept.id, kept.file))?;
    if kept.unfinished.is_empty() {
        paper::note("It can be asked as it is; edit it there to improve it.");
    } else {
        let count = words::count(kept.unfinished.len(), "thing");
        paper::note(&format!("{count} to do before it is asked:"));
        paper::note(&text::neutral(&kept.unfinished.join("\n")));
    }
    note_how_to_use(&folder, context);
    Ok(())
}

fn failure(problem: Problem, id: i64) -> Failure {
    match problem.kind {
        ProblemKind::NotFound => {
            let message = format!(
                "There is no question {id}. `viva interview show ID --json` shows the numbers of \
                 an interview's questions."
            );
            Failure::new(Exit::NotFound, message)
        }
        ProblemKind::Precondition => Failure::failed(format!(
            "Question {id} has no evaluated answer yet. Its key points would give the answer away, so it can be kept \
             once you have answered it and the answer is evaluated, or without a score after `viva question reveal {id}`."
        )),
        _ => problem.into(),
    }
}

/// Adds the question to the file of its topic.
fn keep(question: &GetRubricResponse, folder: &Path) -> Result<Kept, Failure> {
    let built_in = bank::in_force(None)?;
    let asked = question.question.clone().unwrap_or_default();
    let topic = topic(&built_in, &asked.topic);
    let file = folder.join(format!("{topic}.toml"));
    let known = known(&built_in, folder)?;
    if let Some((id, _)) = known.iter().find(|(_, text)| text.trim() == asked.text.trim()) {
        return Err(Failure::failed(format!("The question is in the bank already, as {id}.")));
    }
    let id = writing::free_id(&topic, &asked.text, |id| known.iter().any(|(known, _)| known == id));
    let above = match own_file::read(&file).map_err(|error| unreadable(&file, &error))? {
        Some(text) => ended(text),
        None => writing::head(&topic, &head(&built_in, &topic, &question.role)),
    };
    let new = above + &bank::entry(&id, question);
    own_file::replace(&file, &new)
        .map_err(|error| Failure::file(format!("{} cannot be written", file.display()), &error))?;
    let checked = bank::check(folder).map_err(|error| unreadable(folder, &error))?;
    let name = format!("{topic}.toml");
    let unfinished =
        checked.err().unwrap_or_default().into_iter().filter(|fault| fault.file == name);
    let unfinished = unfinished.map(|fault| fault.to_string()).collect();
    Ok(Kept { id, file: file.display().to_string(), unfinished })
}

/// The topic whose file gets the question: a built-in topic with this name or title, or else the
/// language model's name for it.
fn topic(built_in: &Bank, said: &str) -> String {
    let name = writing::kebab(said, MOST_WORDS);
    let title = said.trim().to_lowercase();
    let known = built_in.topics.iter().find(|t| t.name == name || t.title.to_lowercase() == title);
    match known {
        Some(topic) => topic.name.clone(),
        None if name.is_empty() => NO_TOPIC.to_owned(),
        None => name,
    }
}

fn head<'a>(built_in: &'a Bank, topic: &str, role: &'a str) -> Head<'a> {
    if built_in.topics.iter().any(|known| known.name == topic) {
        return Head::Extends;
    }
    // A known role is written as the bank writes it.
    let known = built_in.roles().into_iter().find(|known| known.eq_ignore_ascii_case(role));
    Head::Own(Some(known.unwrap_or(role)).filter(|role| !role.trim().is_empty()))
}

/// Id and text of every question in the built-in bank and in a folder's files, unfinished ones
/// included.
fn known(built_in: &Bank, folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut known: Vec<_> =
        built_in.questions().map(|(_, q)| (q.id.clone(), q.text.clone())).collect();
    for file in files(folder).map_err(|error| unreadable(folder, &error))? {
        let text = decode::file(&file).map_err(|error| unreadable(&file, &error))?;
        let table = text.parse::<toml::Table>().map_err(|error| {
            let message = error.message().trim_end().to_owned();
            Failure::failed(format!(
                "{} is not TOML: {message}. Nothing was added to it; `viva bank check` says where the error is.",
                file.display()
            ))
        })?;
        let entries = table.get("question").and_then(toml::Value::as_array);
        for entry in entries.into_iter().flatten() {
            let field =
                |name: &str| entry.get(name).and_then(toml::Value::as_str).unwrap_or_default();
            known.push((field("id").to_owned(), field("question").to_owned()));
        }
    }
    Ok(known)
}

/// The bank files of a folder; empty if the folder does not exist.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    Ok(paths.into_iter().filter(|path| path.extension().is_some_and(|e| e == "toml")).collect())
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::file(format!("{} cannot be read", path.display()), error)
}

/// The text, with a line end added if its last line lacks one.
fn ended(text: String) -> String {
    if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" }
}
