//! The flags for every command.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Flags for the app and for every command.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(next_help_heading = "Options for every command")]
pub(crate) struct Flags {
    /// Use the server at this address instead of the built-in one
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) server: Option<String>,

    /// Allow passwords and answers to go unencrypted to a server on another machine
    #[arg(long, global = true)]
    pub(crate) plaintext: bool,

    /// Add this folder of bank files to the built-in question bank
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

    /// Print plain lines, without boxes or redraws; implied by ACCESSIBLE and TERM=dumb
    #[arg(long, global = true)]
    pub(crate) plain: bool,

    /// Print data as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColourChoice {
    /// On a terminal, unless NO_COLOR says otherwise.
    #[default]
    Auto,
    /// Always, even if NO_COLOR is set.
    Always,
    /// Never; bold and reversed text stay.
    Never,
}
