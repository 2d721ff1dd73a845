//! The whole command line.

use clap::Parser;

use super::{Command, GUIDE};
use crate::flags::Flags;

/// Practise technical interviews; your answers are evaluated as you go.
///
/// Without a subcommand the app opens in this terminal: no account, no key and no network needed.
#[derive(Debug, Parser)]
#[command(name = "viva", version, max_term_width = 100, after_help = GUIDE)]
pub(crate) struct Arguments {
    /// The flags for every command.
    #[command(flatten)]
    pub(crate) flags: Flags,

    /// The command to run instead of the app.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}
