//! `viva bank check`: the faults of a folder of bank files, each with file, entry and field.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Context, Failure, bank};
use crate::{
    cli::{json, paper},
    local::bank::BankFault,
    text, words,
};

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
            ))
        }
        Err(faults) => tell(faults, context),
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
