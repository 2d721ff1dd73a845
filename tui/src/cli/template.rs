//! `viva template`: ready-made interviews, the server's and your own.

pub(super) mod find;
mod list;
mod save;
mod show;

use clap::Subcommand;

use super::{Context, Failure, fresh_key, interview, which};

/// Commands for ready-made interviews.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the server's templates and your own
    List(list::Arguments),
    /// Show what a template asks, or print it as a file to share
    Show(show::Arguments),
    /// Save a copy of a template, or the order of an interview, as your own
    Save(save::Arguments),
    /// Create an interview from a template: by its id, or from a file
    Use(UseArguments),
}

/// The template to create an interview from.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  viva template use first-job\n  viva template use shared.toml\n\n`viva interview new --template` does the same and takes more options."
)]
pub(crate) struct UseArguments {
    /// A template's id, or a file
    #[arg(value_name = "ID|FILE")]
    template: String,

    /// Makes repeating safe: with the same key the command returns the first interview
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

pub(super) async fn run(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::List(_) => list::run(context).await,
        Command::Show(arguments) => show::run(&arguments, context).await,
        Command::Save(arguments) => save::run(&arguments, context).await,
        Command::Use(arguments) => {
            let key = arguments.idempotency_key.unwrap_or_else(fresh_key);
            interview::new::from_template(&arguments.template, key, context).await
        }
    }
}
