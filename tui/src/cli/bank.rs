//! `viva bank`: the built-in question bank, and folders of your own bank files. Only `keep` needs a
//! server: a remote one may have another bank.

mod check;
mod keep;
mod list;
mod new;
mod roles;
mod show;

use std::path::Path;

use clap::Subcommand;
use serde::Serialize;

use super::{Context, Failure, paper};
use crate::local::bank::{self, BankQuestion, Topic};

/// Commands for the bank.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the questions of the bank
    List(list::Arguments),
    /// Show how many questions there are for each role and level
    Roles(roles::Arguments),
    /// Check a folder of bank files, or the built-in bank; exit with 1 if anything is wrong
    Check(check::Arguments),
    /// Show a question with its rubric
    Show(show::Arguments),
    /// Write a bank file to fill in
    New(new::Arguments),
    /// Save a question from an interview to a bank file, to edit it there
    Keep(keep::Arguments),
}

impl Command {
    /// Whether the command may start or dial a server.
    pub(super) fn uses_server(&self) -> bool {
        matches!(self, Self::Keep(_))
    }
}

pub(super) async fn run(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::List(arguments) => list::run(&arguments, context),
        Command::Roles(arguments) => roles::run(&arguments, context),
        Command::Check(arguments) => check::run(&arguments, context).await,
        Command::Show(arguments) => show::run(&arguments, context),
        Command::New(arguments) => new::run(&arguments, context),
        Command::Keep(arguments) => keep::run(&arguments, context).await,
    }
}

/// Tells you how to use a folder's bank, unless the settings name a folder already.
fn note_how_to_use(folder: &Path, context: &Context) {
    if context.settings.bank_dir.is_none() {
        paper::note(&format!(
            "Use it with --bank {0}, or always with viva_bank_dir = \"{0}\" in the settings file.",
            folder.display()
        ));
    }
}

/// What every listing shows of a question.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    topic: &'a str,
    level: &'static str,
    question: &'a str,
}

impl<'a> Entry<'a> {
    fn new(topic: &'a Topic, question: &'a BankQuestion) -> Self {
        Self {
            id: &question.id,
            topic: &topic.name,
            // As the wire contract writes levels.
            level: bank::level(question).as_str_name(),
            question: &question.text,
        }
    }
}
