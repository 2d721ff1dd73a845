//! `viva completions` and `viva man`: files for shells and packages.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Arguments, Failure, paper};

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  viva completions bash > ~/.local/share/bash-completion/completions/viva
  viva completions zsh > \"${fpath[1]}/_viva\"
  viva completions fish > ~/.config/fish/completions/viva.fish";

/// The shell to complete for.
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// The page to print.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  viva man | man -l -\n  viva man interview answer | man -l -")]
pub(crate) struct ManArguments {
    /// The command to describe [default: the program]
    #[arg(value_name = "COMMAND")]
    commands: Vec<String>,
}

pub(super) fn completions(arguments: &CompletionsArguments) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "viva", &mut script);
    Ok(paper::write_all(&script)?)
}

pub(super) fn man(arguments: &ManArguments) -> Result<(), Failure> {
    let mut command = Arguments::command();
    // Gives subcommands their full names and the global flags.
    command.build();
    for name in &arguments.commands {
        let Some(sub) = command.find_subcommand(name) else {
            return Err(Failure::usage(format!(
                "There is no command {}.",
                arguments.commands.join(" ")
            )));
        };
        command = sub.clone();
    }
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    Ok(paper::write_all(&page)?)
}
