//! `viva bank check`: the faults of a folder of bank files, or of the built-in bank, each with file,
//! entry and field.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use serde::Serialize;

use super::{Context, Failure, bank};
use crate::{
    cli::{Meanwhile, json, paper},
    local::{
        bank::{Bank, BankFault},
        grading::{self, Shortfall},
    },
    text, words,
};

/// New points that are listed; the JSON has all of them.
const MOST_WARNINGS: usize = 10;

/// Which folder.
#[derive(Debug, Args)]
#[command(
    after_help = "A folder is checked as --bank takes it: beside the built-in bank. What is still to be written\n(TODO) counts as a fault. Without a folder the built-in bank is checked, by the rules of the house too.\n\n\
                  Examples:\n  viva bank check my-questions\n  viva bank check my-questions --grade"
)]
pub(crate) struct Arguments {
    /// A folder with bank files (TOPIC.toml)
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,

    /// Also grade each question's own texts: the reference, the mistakes, an answer to another question
    #[arg(long)]
    grade: bool,
}

#[derive(Serialize)]
struct Checked {
    topics: usize,
    questions: usize,
    faults: Vec<Fault>,
    /// Points that the built-in grader was not trained on.
    warnings: Vec<Fault>,
}

#[derive(Serialize)]
struct Fault {
    file: String,
    entry: String,
    field: String,
    problem: String,
}

impl From<BankFault> for Fault {
    fn from(fault: BankFault) -> Self {
        Self { file: fault.file, entry: fault.entry, field: fault.field, problem: fault.problem }
    }
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    match read(arguments.folder.as_deref())? {
        Ok(bank) => tell_right(&bank, arguments, context).await,
        Err(faults) => tell(faults, context),
    }
}

/// The bank of the folder, or the built-in one, or what is wrong with it.
fn read(folder: Option<&Path>) -> Result<Result<Arc<Bank>, Vec<BankFault>>, Failure> {
    let Some(folder) = folder else {
        let bank = bank::in_force(None)?;
        let faults = bank::house_faults(&bank);
        return Ok(if faults.is_empty() { Ok(bank) } else { Err(faults) });
    };
    let read = bank::check(folder)
        .map_err(|error| Failure::file(format!("{} cannot be read", folder.display()), &error))?;
    Ok(read.map(Arc::new))
}

async fn tell_right(
    bank: &Arc<Bank>,
    arguments: &Arguments,
    context: &Context,
) -> Result<(), Failure> {
    let (topics, questions) = (bank.topics.len(), bank.questions().count());
    let mut warnings = warnings(bank);
    let new = warnings.len();
    if arguments.grade {
        warnings.extend(graded(bank, context).await?);
    }
    if context.json {
        return json::print(&Checked { topics, questions, faults: Vec::new(), warnings });
    }
    let name = arguments.folder.as_ref().map(|folder| folder.display().to_string());
    let name = name.unwrap_or_else(|| "The built-in bank".to_owned());
    let questions = words::count(questions, "question");
    paper::out(&format!("{name} is right: {questions} in {}.\n", words::count(topics, "topic")))?;
    warn(&warnings[..new]);
    for short in &warnings[new..] {
        paper::note(&text::neutral_line(&format!(
            "{}: {}: {}",
            short.entry, short.field, short.problem
        )));
    }
    if arguments.grade {
        let count = words::count(warnings.len() - new, "text");
        paper::note(&format!("{count} graded otherwise than they should be."));
    }
    Ok(())
}

/// What the built-in grader does not grade as it should.
async fn graded(bank: &Arc<Bank>, context: &Context) -> Result<Vec<Fault>, Failure> {
    let work = Arc::clone(bank);
    let graded = tokio::task::spawn_blocking(move || grading::shortfalls(&work));
    let mut meanwhile = Meanwhile::new(context);
    let shortfalls = meanwhile.during("Grading the bank's own texts", graded).await;
    let shortfalls = shortfalls
        .map_err(|_| Failure::failed("The built-in grader stopped unexpectedly.".to_owned()))?;
    let fault = |short: Shortfall| Fault {
        file: format!("{}.toml", short.topic),
        entry: short.question,
        field: short.field,
        problem: short.problem,
    };
    Ok(shortfalls.into_iter().map(fault).collect())
}

/// The built-in grader knows the points that it was trained on, and judges others less surely. That is
/// no fault: a mended typo makes a point new, too.
fn warnings(bank: &Bank) -> Vec<Fault> {
    let points = bank.questions().flat_map(|(topic, question)| {
        let points = question.rubric.key_points.iter().zip(1..);
        points.map(move |(point, at)| (topic, question, point, at))
    });
    let new = points.filter(|(_, _, point, _)| !grading::knows(&point.point));
    new.map(|(topic, question, point, at)| Fault {
        file: format!("{}.toml", topic.name),
        entry: question.id.clone(),
        field: format!("key_points {at}"),
        problem: point.point.clone(),
    })
    .collect()
}

fn warn(new: &[Fault]) {
    for Fault { entry, problem, .. } in new.iter().take(MOST_WARNINGS) {
        paper::note(&text::neutral_line(&format!(
            "new to the built-in grader: {entry}: {problem}"
        )));
    }
    if new.len() > MOST_WARNINGS {
        paper::note(&format!("and {} more", words::count(new.len() - MOST_WARNINGS, "point")));
    }
}

fn tell(faults: Vec<BankFault>, context: &Context) -> Result<(), Failure> {
    let count = words::count(faults.len(), "fault");
    if context.json {
        json::print(&Checked {
            topics: 0,
            questions: 0,
            faults: faults.into_iter().map(Fault::from).collect(),
            warnings: Vec::new(),
        })?;
    } else {
        let lines = faults.iter().map(|fault| format!("{fault}\n"));
        paper::out(&text::neutral(&lines.collect::<String>()))?;
    }
    Err(Failure::failed(format!("{count} found.")))
}
