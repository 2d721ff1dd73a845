//! The command line: the flags that hold for everything, and the subcommands.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

use crate::cli::{self, Command};

/// Practise technical interviews; your answers are evaluated as you go.
///
/// Without a subcommand the app opens in this terminal: no account, no key and no network needed.
#[derive(Debug, Parser)]
#[command(name = "viva", version, max_term_width = 100, after_help = cli::GUIDE)]
pub(crate) struct Arguments {
    /// The flags that hold for everything.
    #[command(flatten)]
    pub(crate) flags: Flags,

    /// What to do without the app.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Flags that hold for the app and for every subcommand.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(next_help_heading = "Options for every command")]
pub(crate) struct Flags {
    /// Use the server at this address instead of the built-in one
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) server: Option<String>,

    /// Let passwords and answers go to a server that is not on this machine as plain text
    #[arg(long, global = true)]
    pub(crate) plaintext: bool,

    /// Ask from this folder of bank files, too, beside the built-in question bank
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) bank: Option<PathBuf>,

    /// Read settings from this file
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// When to use colours
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    pub(crate) color: Option<ColourChoice>,

    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub(crate) ascii: bool,

    /// Print plain lines without boxes or redraws; also with ACCESSIBLE set, or TERM=dumb
    #[arg(long, global = true)]
    pub(crate) plain: bool,

    /// Print JSON where a command prints data
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColourChoice {
    /// On a terminal, unless NO_COLOR says otherwise.
    #[default]
    Auto,
    /// Whatever the environment says.
    Always,
    /// Never; bold and reversed text stay.
    Never,
}
