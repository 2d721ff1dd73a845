//! `viva bank check`: reports each fault in a folder of bank files, or in the built-in bank, by
//! file, entry and field.

mod graded;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use serde::Serialize;

use super::{Context, Failure, bank};
use crate::{
    cli::{json, paper},
    local::{
        bank::{Bank, BankFault},
        grading,
    },
    text, words,
};
use graded::Grading;

/// The most new points listed; the JSON has all of them.
const MOST_WARNINGS: usize = 10;

/// The arguments of `viva bank check`.
#[derive(Debug, Args)]
#[command(
    after_help = "A folder is checked as --bank uses it: together with the built-in bank. Texts that are still to be\nwritten (FILL IN) count as errors. Without a folder, the built-in bank is checked, also against its house rules.\n\n\
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
    faults: Vec<FaultLine>,
    /// Points that the built-in grader was not trained on, and texts that it does not grade as it
    /// should.
    warnings: Vec<FaultLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grading: Option<Grading>,
}

#[derive(Serialize)]
struct FaultLine {
    file: String,
    entry: String,
    field: String,
    problem: String,
}

impl From<BankFault> for FaultLine {
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

/// The bank of the folder, or the built-in one, or its faults.
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
    let mut grading =
        if arguments.grade { Some(graded::grade(bank, context).await?) } else { None };
    if context.json {
        warnings.extend(grading.iter_mut().flat_map(Grading::take_shortfalls));
        return json::print(&Checked { topics, questions, faults: Vec::new(), warnings, grading });
    }
    let name = arguments.folder.as_ref().map(|folder| folder.display().to_string());
    let name = name.unwrap_or_else(|| "The built-in bank".to_owned());
    let questions = words::count(questions, "question");
    paper::out(&format!("{name} is correct: {questions} in {}.\n", words::count(topics, "topic")))?;
    warn(&warnings);
    grading.map_or(Ok(()), |grading| paper::out(&grading.said()))
}

/// Key points that the built-in grader was not trained on, which it judges less reliably. They are
/// not faults: fixing a typo makes a point new, too.
fn warnings(bank: &Bank) -> Vec<FaultLine> {
    let points = bank.questions().flat_map(|(topic, question)| {
        let points = question.rubric.key_points.iter().zip(1..);
        points.map(move |(point, at)| (topic, question, point, at))
    });
    let new = points.filter(|(_, _, point, _)| !grading::knows(&point.point));
    new.map(|(topic, question, point, at)| FaultLine {
        file: format!("{}.toml", topic.name),
        entry: question.id.clone(),
        field: format!("key_points {at}"),
        problem: point.point.clone(),
    })
    .collect()
}

fn warn(new: &[FaultLine]) {
    for FaultLine { entry, problem, .. } in new.iter().take(MOST_WARNINGS) {
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
            faults: faults.into_iter().map(FaultLine::from).collect(),
            warnings: Vec::new(),
            grading: None,
        })?;
    } else {
        let lines = faults.iter().map(|fault| format!("{fault}\n"));
        paper::out(&text::neutral(&lines.collect::<String>()))?;
    }
    Err(Failure::failed(format!("{count} found.")))
}
