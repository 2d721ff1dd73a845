//! `viva interview`: everything about interviews except their reports.

mod answer;
mod delete;
mod end;
mod list;
pub(super) mod new;
mod retry;
mod show;

use clap::Subcommand;

use super::{Context, Failure, Meanwhile, fresh_key, wait, which};

/// Commands for interviews.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create an interview
    New(new::Arguments),
    /// List your interviews, newest first
    List(list::Arguments),
    /// Show an interview with its questions
    Show(show::Arguments),
    /// End an interview in real mode before its time is up
    End(end::Arguments),
    /// Delete an interview with its answers and evaluations
    Delete(delete::Arguments),
    /// Answer a question
    Answer(answer::Arguments),
    /// Evaluate an answer again after a failure
    Retry(retry::Arguments),
}

pub(super) async fn run(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::New(arguments) => Box::pin(new::run(arguments, context)).await,
        Command::List(_) => list::run(context).await,
        Command::Show(arguments) => show::run(&arguments, context).await,
        Command::End(arguments) => end::run(&arguments, context).await,
        Command::Delete(arguments) => delete::run(&arguments, context).await,
        Command::Answer(arguments) => answer::run(arguments, context).await,
        Command::Retry(arguments) => retry::run(&arguments, context).await,
    }
}
