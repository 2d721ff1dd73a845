//! `viva bank`: the question bank that is built in, and folders of bank files that somebody writes.
//! It needs no server: a remote one may have another bank.

mod check;
mod list;
mod show;

use clap::Subcommand;
use serde::Serialize;

use super::{Context, Failure};
use crate::local::bank::{self, BankQuestion, Topic};

/// What can be done with the bank.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the questions of the built-in bank
    List(list::Arguments),
    /// Check a folder of bank files; exit 1 if anything is wrong in them
    Check(check::Arguments),
    /// Show a question with all that it is graded by
    Show(show::Arguments),
}

pub(super) fn run(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::List(arguments) => list::run(&arguments, context),
        Command::Check(arguments) => check::run(&arguments, context),
        Command::Show(arguments) => show::run(&arguments, context),
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
