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

/// New points that are listed.
const MOST_WARNINGS: usize = 10;

/// Which folder.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva bank check my-questions")]
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
            if context.json {
                return json::print(&Checked { topics, questions, faults: Vec::new() });
            }
            paper::out(&format!(
                "{folder} is right: {} in {}.\n",
                words::count(questions, "question"),
                words::count(topics, "topic")
            ))?;
            warn_of_new_points(&bank);
            Ok(())
        }
        Err(faults) => tell(faults, context),
    }
}

/// The built-in grader knows the points that it was trained on, and judges others less surely. That is
/// no fault: a mended typo makes a point new, too.
fn warn_of_new_points(bank: &Bank) {
    let points = bank.questions().flat_map(|(_, question)| {
        question.rubric.key_points.iter().map(move |point| (&question.id, &point.point))
    });
    let new: Vec<_> = points.filter(|(_, point)| !grading::knows(point)).collect();
    for (id, point) in new.iter().take(MOST_WARNINGS) {
        paper::note(&text::neutral_line(&format!("new to the built-in grader: {id}: {point}")));
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
        })?;
    } else {
        let lines = faults.iter().map(|fault| format!("{fault}\n"));
        paper::out(&text::neutral(&lines.collect::<String>()))?;
    }
    Err(Failure::failed(format!("{count} found.")))
}
