//! `viva bank`: the question bank that is built in, and folders of bank files that somebody writes.
//! All but `keep` need no server: a remote one may have another bank.

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

/// What can be done with the bank.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the questions of the bank
    List(list::Arguments),
    /// Show how many questions there are for which role at which level
    Roles(roles::Arguments),
    /// Check a folder of bank files, or the built-in bank; exit 1 if anything is wrong
    Check(check::Arguments),
    /// Show a question with all that it is graded by
    Show(show::Arguments),
    /// Write a bank file to fill in
    New(new::Arguments),
    /// Keep a question of an interview in a bank file, to edit it there
    Keep(keep::Arguments),
}

impl Command {
    /// Whether it may start or dial a server.
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

/// Says how the bank of a folder is asked from, where nothing does so yet.
fn note_how_to_use(folder: &Path, context: &Context) {
    if context.settings.bank_dir.is_none() {
        paper::note(&format!(
            "Ask from it with --bank {0}, or for good with viva_bank_dir = \"{0}\" in the settings file.",
            folder.display()
        ));
    }
}

/// What every listing says of a question.
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
            // As it stands wherever the wire contract has a level.
            level: bank::level(question).as_str_name(),
            question: &question.text,
        }
    }
}
