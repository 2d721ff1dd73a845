//! `viva bank check`: the faults of a folder of bank files, each with file, entry and field.

use std::path::PathBuf;

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

/// New points that are listed; the JSON has all of them.
const MOST_WARNINGS: usize = 10;

/// Which folder.
#[derive(Debug, Args)]
#[command(
    after_help = "A folder is checked as --bank takes it: beside the built-in bank. What is still to be written\n(TODO) counts as a fault.\n\nExample:\n  viva bank check my-questions"
)]
pub(crate) struct Arguments {
    /// A folder with bank files (TOPIC.toml)
    #[arg(value_name = "DIR")]
    folder: PathBuf,
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

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let folder = arguments.folder.display();
    let read = bank::check(&arguments.folder)
        .map_err(|error| Failure::file(format!("{folder} cannot be read"), &error))?;
    match read {
        Ok(bank) => {
            let (topics, questions) = (bank.topics.len(), bank.questions().count());
            let warnings = warnings(&bank);
            if context.json {
                return json::print(&Checked { topics, questions, faults: Vec::new(), warnings });
            }
            paper::out(&format!(
                "{folder} is right: {} in {}.\n",
                words::count(questions, "question"),
                words::count(topics, "topic")
            ))?;
            warn(&warnings);
            Ok(())
        }
        Err(faults) => tell(faults, context),
    }
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
