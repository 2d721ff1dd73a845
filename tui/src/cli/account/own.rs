//! `viva account`: changes your password, exports all data that the server has about you, or
//! deletes the account.

use std::{
    io::{IsTerminal as _, Write as _, stderr, stdin},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use viva_proto::v1::DeleteAccountResponse;

use super::{Context, Failure, json, paper, prompt, remote_session};
use crate::{
    api::Api,
    cli::{input, on_a_thread},
    drafts::DraftFolder,
    problem::{Problem, ProblemKind},
    text::neutral_line,
};

const PASSWORD_EXAMPLES: &str = "\
Examples:
  viva account password --server https://viva.example.org
  viva account password --revoke-api-keys
  printf '%s\\n' \"$OLD\" \"$NEW\" | viva account password --server https://viva.example.org";

const EXPORT_EXAMPLES: &str = "\
Examples:
  viva account export --output viva.json
  viva account export | jq '.interviews[].role'";

const DELETE_EXAMPLES: &str = "\
Examples:
  viva account delete
  viva account delete --yes --server https://viva.example.org < password.txt";

/// Commands for your account.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Change your password; you are signed out everywhere else
    Password(PasswordArguments),
    /// Save everything stored about you as one JSON document
    Export(ExportArguments),
    /// Permanently delete your account and everything in it
    Delete(DeleteArguments),
}

/// Both passwords come from prompts on a terminal, or from the first two lines of standard input.
#[derive(Debug, Args)]
#[command(after_help = PASSWORD_EXAMPLES)]
pub(crate) struct PasswordArguments {
    /// Also revoke all your API keys; programs that use them stop working
    #[arg(long)]
    revoke_api_keys: bool,
}

/// Where to save the export.
#[derive(Debug, Args)]
#[command(after_help = EXPORT_EXAMPLES)]
pub(crate) struct ExportArguments {
    /// The file to write, readable only by you [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Whether to delete without asking.
#[derive(Debug, Args)]
#[command(after_help = DELETE_EXAMPLES)]
pub(crate) struct DeleteArguments {
    /// Do not ask for confirmation; required without a terminal
    #[arg(long, short)]
    yes: bool,
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::Password(arguments) => password(&arguments, context).await,
        Command::Export(arguments) => export(arguments.output.as_deref(), context).await,
        Command::Delete(arguments) => delete(&arguments, context).await,
    }
}

async fn password(arguments: &PasswordArguments, context: &Context) -> Result<(), Failure> {
    remote_session(context, "account password").await?;
    let api = context.api().await?;
    // Check the session first, so that you do not type two passwords for nothing.
    api.me().await?;
    let current = prompt::password("Current password: ").await?;
    let new = prompt::new_password("New password, 8 to 128 characters: ").await?;
    let changed = api.change_password(&current, &new, arguments.revoke_api_keys).await;
    let changed = changed.map_err(not_the_password)?;
    if context.json {
        return json::print_reply(&changed);
    }
    let keys = match changed.api_keys {
        0 if arguments.revoke_api_keys => "No API key works any more.\n".to_owned(),
        0 => String::new(),
        1 => "1 API key still works: viva api-key list\n".to_owned(),
        keys => format!("{keys} API keys still work: viva api-key list\n"),
    };
    paper::out(&format!(
        "Your password has been changed. You are signed out everywhere else.\n{keys}"
    ))
}

async fn export(output: Option<&Path>, context: &Context) -> Result<(), Failure> {
    let mut pieces = context.api().await?.export_account().await?;
    let mut document = Vec::new();
    while let Some(piece) = pieces.message().await.map_err(Problem::from)? {
        document.extend(piece.chunk);
    }
    let Some(file) = output else { return Ok(paper::write_all(&document)?) };
    let written = write_privately(file, &document);
    written
        .map_err(|error| Failure::file(format!("{} cannot be written", file.display()), &error))?;
    paper::note(&format!("Saved in {}.", context.paper.file(file)));
    Ok(())
}

/// Writes a file that only its owner can read, whole or not at all, without changing its folder.
fn write_privately(file: &Path, content: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut draft = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    draft.write_all(content)?;
    draft.persist(file).map(drop).map_err(|error| error.error)
}

async fn delete(arguments: &DeleteArguments, context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let is_asked = stdin().is_terminal() && stderr().is_terminal();
    if !arguments.yes && !is_asked {
        return Err(Failure::usage("Without a terminal, confirm with --yes."));
    }
    let username = api.me().await?.username;
    if !arguments.yes && !is_meant(&username, context).await? {
        return Err(Failure::failed("Nothing was deleted."));
    }
    let interviews = interviews(api).await?;
    let password = match &context.settings.server {
        Some(_) => prompt::password("Password: ").await?,
        // The built-in server's account has no password.
        None => String::new().into(),
    };
    api.delete_account(&password).await.map_err(not_the_password)?;
    let drafts = DraftFolder::new(context.paths.drafts(context.settings.server.as_ref()));
    // Notes on questions of deleted interviews are stored under interview 0.
    let removed = interviews.into_iter().chain([0]).try_for_each(|id| drafts.remove_interview(id));
    if let Err(error) = removed {
        paper::note(&format!("Some drafts could not be removed: {error}"));
    }
    if let Some(session) = api.access().session() {
        session.forget().await?;
    }
    if context.json {
        return json::print_reply(&DeleteAccountResponse {});
    }
    paper::out("The account and everything in it are deleted.\n")
}

async fn is_meant(username: &str, context: &Context) -> Result<bool, Failure> {
    let what = match &context.settings.server {
        Some(server) => format!("the account {} on {}", neutral_line(username), server.label()),
        None => "every interview, answer and report of the built-in server".to_owned(),
    };
    paper::note(&format!("Delete {what} permanently? Type yes:"));
    let typed = on_a_thread(input::line).await?;
    Ok(typed.is_some_and(|line| line.trim() == "yes"))
}

/// The ids of all interviews, whose drafts are deleted with the account.
async fn interviews(api: &Api) -> Result<Vec<i64>, Failure> {
    let mut ids = Vec::new();
    let mut token = String::new();
    loop {
        let page = api.list_interviews(token).await?;
        ids.extend(page.interviews.iter().map(|interview| interview.id));
        token = page.next_page_token;
        if token.is_empty() {
            return Ok(ids);
        }
    }
}

/// Replaces the words for wrong credentials: no username was typed here.
fn not_the_password(problem: Problem) -> Failure {
    let is_wrong = problem.kind == ProblemKind::Credentials;
    let failure = Failure::from(problem);
    if is_wrong {
        Failure::new(failure.exit, "This is not your password. Nothing was changed.")
    } else {
        failure
    }
}
