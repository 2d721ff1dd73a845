//! `viva account`: another password, everything that a server keeps of an account, and leaving for
//! good.

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

/// What can be done with one's account.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Change your password; you are signed out everywhere else
    Password(PasswordArguments),
    /// Save everything that is kept of you, as one JSON document
    Export(ExportArguments),
    /// Delete your account and everything in it, for good
    Delete(DeleteArguments),
}

/// How far. Both passwords are asked for on a terminal, or are the first two lines of standard input.
#[derive(Debug, Args)]
#[command(after_help = PASSWORD_EXAMPLES)]
pub(crate) struct PasswordArguments {
    /// Revoke all your API keys as well; programs that use them are refused from then on
    #[arg(long)]
    revoke_api_keys: bool,
}

/// Where to.
#[derive(Debug, Args)]
#[command(after_help = EXPORT_EXAMPLES)]
pub(crate) struct ExportArguments {
    /// Where to write it, for your eyes alone; printed if not given
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Whether it is meant.
#[derive(Debug, Args)]
#[command(after_help = DELETE_EXAMPLES)]
pub(crate) struct DeleteArguments {
    /// Do not ask first; needed without a terminal
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
    // Before two passwords are typed for nothing.
    api.me().await?;
    let current = prompt::password("Present password: ").await?;
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
        "Your password is changed. You are signed out everywhere but here.\n{keys}"
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
    paper::note(&format!("Saved in {}.", file.display()));
    Ok(())
}

/// Writes a file that its owner alone can read, whole or not at all; its folder is left as it is.
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
        return Err(Failure::usage("Without a terminal, say that it is meant with --yes."));
    }
    let username = api.me().await?.username;
    if !arguments.yes && !is_meant(&username, context).await? {
        return Err(Failure::failed("Nothing was deleted."));
    }
    let interviews = interviews(api).await?;
    let password = match &context.settings.server {
        Some(_) => prompt::password("Password: ").await?,
        // The built-in server's owner has none.
        None => String::new().into(),
    };
    api.delete_account(&password).await.map_err(not_the_password)?;
    let drafts = DraftFolder::new(context.paths.drafts(context.settings.server.as_ref()));
    // Notes on questions of deleted interviews are filed under 0.
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
    paper::note(&format!("Delete {what} for good? Type yes:"));
    let typed = on_a_thread(input::line).await?;
    Ok(typed.is_some_and(|line| line.trim() == "yes"))
}

/// The numbers of all interviews, whose drafts go with the account.
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

/// Nobody has given a username here.
fn not_the_password(problem: Problem) -> Failure {
    let is_wrong = problem.kind == ProblemKind::Credentials;
    let failure = Failure::from(problem);
    if is_wrong {
        Failure::new(failure.exit, "This is not your password. Nothing was changed.")
    } else {
        failure
    }
}
